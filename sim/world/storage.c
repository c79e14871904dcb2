#include "sim/world/storage.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "sim/world/world.h"

/* A file that is larger than what is shown is one that no record of ours needs. */
enum { SHOWN_MAX = 1 << 20 };

struct seen {
	char *path;
	uint64_t inode;
	off_t size;
	struct timespec changed;
};

/* A file whose content is not synced from this byte on. */
struct dirty {
	uint64_t inode, from;
};

struct storage {
	struct tap *tap;
	struct seen *seen;
	size_t seen_count;
	struct dirty *dirty;
	size_t dirty_count;
	char **names; /* given, but their folder is not synced */
	size_t name_count;
};

struct storage *storage_new(struct tap *tap)
{
	struct storage *storage = alloc_zero(1, sizeof(*storage));

	storage->tap = tap;
	return storage;
}

void storage_free(struct storage *storage)
{
	if (!storage)
		return;
	for (size_t i = 0; i < storage->seen_count; i++)
		free(storage->seen[i].path);
	for (size_t i = 0; i < storage->name_count; i++)
		free(storage->names[i]);
	free(storage->seen);
	free(storage->dirty);
	free(storage->names);
	free(storage);
}

/* The folder by way of a process that sees it. */
static char *from_outside(pid_t pid, const char *path)
{
	return alloc_printf("/proc/%d/root%s", pid, path);
}

static void each_file(pid_t pid,
		      void (*file)(struct storage *storage, const char *outside, const char *path,
				   const struct stat *about),
		      struct storage *storage)
{
	AUTO_FREE char *root = from_outside(pid, WORLD_STATE_FOLDER);
	char *const roots[] = { root, NULL };
	const size_t skip = strlen(root) - strlen(WORLD_STATE_FOLDER);
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while (walk && (entry = fts_read(walk)))
		if (entry->fts_info == FTS_F)
			file(storage, entry->fts_path, entry->fts_path + skip, entry->fts_statp);
	if (walk)
		fts_close(walk);
}

/* ---- what lies there ---- */

static struct seen *find_seen(struct storage *storage, const char *path)
{
	for (size_t i = 0; i < storage->seen_count; i++)
		if (!strcmp(storage->seen[i].path, path))
			return &storage->seen[i];
	storage->seen = alloc_grow(storage->seen, storage->seen_count + 1, sizeof(*storage->seen));
	struct seen *seen = &storage->seen[storage->seen_count++];
	*seen = (struct seen){ .path = alloc_text(path) };
	return seen;
}

static bool is_same(const struct seen *seen, const struct stat *about)
{
	return seen->inode == about->st_ino && seen->size == about->st_size &&
	       seen->changed.tv_sec == about->st_mtim.tv_sec &&
	       seen->changed.tv_nsec == about->st_mtim.tv_nsec;
}

static void show(struct storage *storage, const char *outside, const char *path,
		 const struct stat *about)
{
	const char *name = strrchr(path, '/') + 1;
	size_t size;

	if (name[0] == '.')
		return;
	struct seen *seen = find_seen(storage, path);
	if (is_same(seen, about))
		return;
	seen->inode = about->st_ino;
	seen->size = about->st_size;
	seen->changed = about->st_mtim;
	AUTO_FREE char *text = file_read(outside, SHOWN_MAX, &size, NULL);
	if (text)
		tap_seen(
			storage->tap, "storage.file",
			json_pack("{s:s, s:o}", "path", path, "text", json_lossy_text(text, size)));
}

void storage_look(struct storage *storage, pid_t pid)
{
	each_file(pid, show, storage);
}

/* ---- what would last ---- */

static size_t find_dirty(const struct storage *storage, uint64_t inode)
{
	size_t at = 0;

	while (at < storage->dirty_count && storage->dirty[at].inode != inode)
		at++;
	return at;
}

static void add_dirty(struct storage *storage, uint64_t inode, uint64_t from)
{
	size_t at = find_dirty(storage, inode);

	if (!inode)
		return;
	if (at < storage->dirty_count) {
		if (from < storage->dirty[at].from)
			storage->dirty[at].from = from;
		return;
	}
	storage->dirty =
		alloc_grow(storage->dirty, storage->dirty_count + 1, sizeof(*storage->dirty));
	storage->dirty[storage->dirty_count++] = (struct dirty){ inode, from };
}

static void add_name(struct storage *storage, const char *path)
{
	storage->names =
		alloc_grow(storage->names, storage->name_count + 1, sizeof(*storage->names));
	storage->names[storage->name_count++] = alloc_text(path);
}

static void drop_name(struct storage *storage, size_t index)
{
	free(storage->names[index]);
	storage->names[index] = storage->names[--storage->name_count];
}

static void drop_names(struct storage *storage, const char *path, bool below)
{
	const size_t size = strlen(path);

	for (size_t i = storage->name_count; i-- > 0;) {
		const char *name = storage->names[i];
		if (below ? !strncmp(name, path, size) && name[size] == '/' &&
				    !strchr(name + size + 1, '/')
			  : !strcmp(name, path))
			drop_name(storage, i);
	}
}

static bool look_at(const struct storage_call *call, struct stat *about)
{
	AUTO_FREE char *outside = from_outside(call->pid, call->path);

	return lstat(outside, about) == 0;
}

void storage_note(struct storage *storage, const struct storage_call *call)
{
	struct stat about;
	bool there = call->kind->effect != FILECALL_WRITES && look_at(call, &about);
	size_t at;

	switch (call->kind->effect) {
	case FILECALL_WRITES:
		add_dirty(storage, call->inode, call->from);
		break;
	case FILECALL_SYNCS:
		at = find_dirty(storage, call->inode);
		if (at < storage->dirty_count)
			storage->dirty[at] = storage->dirty[--storage->dirty_count];
		drop_names(storage, call->path, true);
		break;
	case FILECALL_OPENS:
		if (there && call->flags & O_TRUNC)
			add_dirty(storage, about.st_ino, 0);
		if (!there && call->flags & O_CREAT)
			add_name(storage, call->path);
		break;
	case FILECALL_NAMES:
		/* One that takes a name over leaves something whole under it either way. */
		if (!there)
			add_name(storage, call->path);
		break;
	case FILECALL_REMOVES:
		drop_names(storage, call->path, false);
		break;
	case FILECALL_MAKES_FOLDER:
	case FILECALL_CHANGES:
	case FILECALL_MARKS:
		break;
	}
}

static void lose(struct storage *storage, const char *outside, const char *path,
		 const struct stat *about)
{
	size_t name = 0;

	while (name < storage->name_count && strcmp(storage->names[name], path) != 0)
		name++;
	size_t dirty = find_dirty(storage, about->st_ino);
	bool lost = name < storage->name_count;
	bool cut = dirty < storage->dirty_count &&
		   storage->dirty[dirty].from < (uint64_t)about->st_size;
	if (!lost && !cut)
		return;
	if (lost ? unlink(outside) < 0 : truncate(outside, (off_t)storage->dirty[dirty].from) < 0)
		tap_seen(storage->tap, "world.error",
			 json_pack("{s:s, s:s}", "what", "power cut", "why", strerror(errno)));
}

void storage_cut(struct storage *storage, pid_t pid)
{
	each_file(pid, lose, storage);
	storage->dirty_count = 0;
	while (storage->name_count)
		drop_name(storage, storage->name_count - 1);
}
