#include "sim/world/ownpath.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "sim/world/world.h"

static void drop_last(char *path)
{
	char *slash = strrchr(path, '/');
	if (slash)
		*slash = 0;
}

bool ownpath_join(const char *base, const char *name, char out[PATH_MAX])
{
	char joined[2 * PATH_MAX];
	size_t used = 0;
	int size = snprintf(joined, sizeof(joined), "%s/%s", name[0] == '/' ? "" : base, name);

	if (size < 0 || (size_t)size >= sizeof(joined))
		return false;
	out[0] = 0;
	char *rest = joined;
	for (char *part = strsep(&rest, "/"); part; part = strsep(&rest, "/")) {
		if (!*part || !strcmp(part, "."))
			continue;
		if (!strcmp(part, "..")) {
			drop_last(out);
			continue;
		}
		used = strlen(out);
		size_t length = strlen(part);
		if (used + length + 2 > PATH_MAX)
			return false;
		snprintf(out + used, PATH_MAX - used, "/%s", part);
	}
	if (!out[0])
		snprintf(out, PATH_MAX, "/");
	return true;
}

static const char *const folders[] = { WORLD_STATE_FOLDER, "/tmp", "/var/tmp", "/dev" };

/* Is path the folder, or below it? */
static bool is_within(const char *path, const char *folder)
{
	size_t size = strlen(folder);
	return !strncmp(path, folder, size) && (path[size] == '/' || !path[size]);
}

bool ownpath_is(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (is_within(path, folders[i]))
			return true;
	return false;
}

bool ownpath_is_above(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		if (!strcmp(path, "/") || (is_within(folders[i], path) && strcmp(folders[i], path)))
			return true;
	return false;
}
