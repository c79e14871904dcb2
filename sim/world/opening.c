#include "sim/world/opening.h"

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

bool opening_path(const char *base, const char *name, char out[PATH_MAX])
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

bool opening_is_own(const char *path)
{
	static const char *const folders[] = { WORLD_STATE_FOLDER, "/tmp", "/var/tmp", "/dev" };

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		size_t size = strlen(folders[i]);
		if (!strncmp(path, folders[i], size) && (path[size] == '/' || !path[size]))
			return true;
	}
	return false;
}
