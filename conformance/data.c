#include "conformance/data.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

/* Folder of the running program plus a tail; NULL if it cannot be told. */
static char *beside_program(const char *tail)
{
	char path[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (size <= 0)
		return NULL;
	path[size] = 0;
	char *slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	*slash = 0;
	return file_join(path, tail);
}

char *data_path(const char *name)
{
	AUTO_FREE char *share = beside_program("../share/ecsp");
	const char *const folders[] = { getenv("ECSP_DATA"), share, ECSP_SOURCE_DATA,
					ECSP_INSTALL_DATA };

	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		if (!folders[i])
			continue;
		char *path = file_join(folders[i], name);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return file_join(ECSP_SOURCE_DATA, name); /* not there: opening it says so */
}
