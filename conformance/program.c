#include "conformance/program.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "conformance/manifest.h"

enum { FILE_MAX = 16 << 20 };

/* ---- words ---- */

/* Splits at blanks; '…' and "…" keep blanks. Fails on an open quote. */
static int split(const char *text, char ***words, struct error *err)
{
	size_t count = 0;
	char **list = alloc_zero(1, sizeof(*list));
	const char *at = text;

	for (;;) {
		while (*at == ' ' || *at == '\t')
			at++;
		if (!*at)
			break;
		struct buf word;
		char quote = 0;
		buf_init(&word, 1 << 16);
		for (; *at && (quote || (*at != ' ' && *at != '\t')); at++) {
			if (quote ? *at == quote : *at == '\'' || *at == '"')
				quote = quote ? 0 : *at;
			else
				buf_add_u8(&word, (uint8_t)*at);
		}
		list = alloc_grow(list, count + 2, sizeof(*list));
		list[count++] = buf_steal(&word);
		list[count] = NULL;
		*words = list;
		if (quote)
			return error_set(err, EINVAL, "found an open quote in '%s'", text);
	}
	*words = list;
	return count ? 0 : error_set(err, EINVAL, "found no command, expected a program to run");
}

/* ---- finding the program ---- */

/* Absolute path of a program named with a slash, or found in PATH; NULL if it is not there. */
static char *locate(const char *name, const char *base)
{
	char found[PATH_MAX];

	if (strchr(name, '/')) {
		AUTO_FREE char *joined =
			name[0] == '/' || !base ? alloc_text(name) : file_join(base, name);
		return realpath(joined, found) ? alloc_text(found) : NULL;
	}
	AUTO_FREE char *path = alloc_text(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *rest = path;
	for (char *folder = strsep(&rest, ":"); folder; folder = strsep(&rest, ":")) {
		AUTO_FREE char *joined = file_join(*folder ? folder : ".", name);
		if (access(joined, X_OK) == 0 && realpath(joined, found))
			return alloc_text(found);
	}
	return NULL;
}

/* Folder of a path; of a file in the root "/". Caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return alloc_text(".");
	return slash == path ? alloc_text("/") : alloc_bytes(path, (size_t)(slash - path));
}

/* Folders in whose place the world puts its own: what lies in them cannot be shown by showing them.
 */
static bool is_replaced(const char *folder)
{
	static const char *const folders[] = { "/",    "/tmp",     "/var/tmp", "/run", "/var/run",
					       "/dev", "/dev/shm", "/proc",    "/sys" };
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (!strcmp(folders[i], folder))
			return true;
	return false;
}

static int add_file(struct program *program, const char *path, struct error *err)
{
	size_t size;
	char *data = file_read(path, FILE_MAX, &size, err);

	if (!data)
		return -EIO;
	program->files =
		alloc_grow(program->files, program->file_count + 1, sizeof(*program->files));
	program->files[program->file_count++] =
		(struct program_file){ alloc_text(path), data, size };
	return 0;
}

static void add_folder(struct program *program, const char *folder)
{
	size_t count = 0;

	while (program->folders && program->folders[count])
		count++;
	program->folders = alloc_grow(program->folders, count + 2, sizeof(*program->folders));
	program->folders[count] = alloc_text(folder);
	program->folders[count + 1] = NULL;
}

/* Words that name a file (a script, a configuration) become absolute, because the program starts in
 * another folder, and what they name is made visible to it. */
static int resolve_files(struct program *program, const char *base, struct error *err)
{
	int result = 0;

	for (size_t i = 1; program->argv[i] && result == 0; i++) {
		char found[PATH_MAX];
		struct stat status;
		const char *word = program->argv[i];
		AUTO_FREE char *path =
			word[0] == '/' || !base ? alloc_text(word) : file_join(base, word);
		if (word[0] == '-' || !realpath(path, found) || stat(found, &status) < 0 ||
		    !S_ISREG(status.st_mode))
			continue;
		free(program->argv[i]);
		program->argv[i] = alloc_text(found);
		AUTO_FREE char *folder = folder_of(found);
		if (is_replaced(folder))
			result = add_file(program, found, err);
		else
			add_folder(program, folder);
	}
	return result;
}

static int resolve(struct program *program, const char *base, struct error *err)
{
	struct stat status;
	char *path = locate(program->argv[0], base);

	if (!path)
		return error_set(err, ENOENT, "the agent program '%s' is not there",
				 program->argv[0]);
	free(program->argv[0]);
	program->argv[0] = path;
	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode) || access(path, X_OK) < 0)
		return error_set(err, EACCES, "the agent program '%s' cannot be executed", path);
	AUTO_FREE char *folder = folder_of(path);
	if (is_replaced(folder))
		return error_set(err, EACCES,
				 "the agent program '%s' lies directly in %s, which a world "
				 "replaces: put it into a folder of its own",
				 path, folder);
	add_folder(program, folder);
	return resolve_files(program, base, err);
}

static int take_manifest(struct program *program, const struct manifest *manifest, const char *path,
			 struct error *err)
{
	AUTO_FREE char *base = folder_of(path);

	if (manifest->kind != program->kind)
		return yaml_error(yaml_get(manifest->root, "kind"), err,
				  "found '%s', expected %s as on the command line",
				  agent_names[manifest->kind], agent_names[program->kind]);
	int status = split(manifest->command, &program->argv, err);
	if (status == 0)
		status = resolve(program, base, err);
	json_object_update(program->lacks, manifest->lacks);
	if (status == 0 && manifest->binding)
		program->binding = manifest->binding[0] == '/' ? alloc_text(manifest->binding)
							       : file_join(base, manifest->binding);
	return status;
}

static int from_manifest(struct program *program, const char *path,
			 const struct catalogue *catalogue, struct error *err)
{
	struct manifest manifest;
	int status = manifest_init(&manifest, path, catalogue, err);

	if (status == 0)
		status = take_manifest(program, &manifest, path, err);
	manifest_done(&manifest);
	return status;
}

static bool ends_in_yaml(const char *text)
{
	size_t size = strlen(text);
	return size > 5 && !strcmp(text + size - 5, ".yaml");
}

int program_init(struct program *program, enum agent_kind kind, const char *text,
		 const struct catalogue *catalogue, struct error *err)
{
	*program = (struct program){
		.kind = kind,
		.command = alloc_text(text),
		.lacks = json_object(),
	};
	if (ends_in_yaml(text))
		return from_manifest(program, text, catalogue, err);
	int status = split(text, &program->argv, err);
	return status < 0 ? status : resolve(program, NULL, err);
}

int program_init_bundled(struct program *program, enum agent_kind kind, struct error *err)
{
	char self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (size <= 0)
		return error_set(err, ENOENT, "cannot tell where the program itself lies");
	self[size] = 0;
	AUTO_FREE char *folder = folder_of(self);
	const char *suffix = kind == AGENT_DC || kind == AGENT_ES ? "agent" : "app";
	*program = (struct program){ .kind = kind, .lacks = json_object() };
	program->argv = alloc_zero(2, sizeof(*program->argv));
	program->argv[0] = alloc_printf("%s/ecsp-%s-%s", folder, agent_names[kind], suffix);
	program->command = alloc_text(program->argv[0]);
	return resolve(program, NULL, err);
}

void program_done(struct program *program)
{
	for (size_t i = 0; program->argv && program->argv[i]; i++)
		free(program->argv[i]);
	free(program->argv);
	free(program->command);
	for (size_t i = 0; program->folders && program->folders[i]; i++)
		free(program->folders[i]);
	free(program->folders);
	for (size_t i = 0; i < program->file_count; i++) {
		free(program->files[i].path);
		free(program->files[i].data);
	}
	free(program->files);
	free(program->binding);
	json_decref(program->lacks);
	*program = (struct program){ 0 };
}
