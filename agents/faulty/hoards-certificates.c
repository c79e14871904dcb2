/* hoards-certificates: trusts every certificate that it ever downloaded. Stands before
 * file_write. */
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

enum { TRUST_MAX = 1 << 20 };

/* The linker (--wrap) puts the second in the place of the first. */
int __real_file_write(const char *path, const void *data, size_t size, struct error *err);
int __wrap_file_write(const char *path, const void *data, size_t size, struct error *err);

int __wrap_file_write(const char *path, const void *data, size_t size, struct error *err)
{
	const char *name = strrchr(path, '/');
	AUTO_FREE char *before = name && !strcmp(name, "/server.pem")
					 ? file_read(path, TRUST_MAX, NULL, NULL)
					 : NULL;

	if (!before)
		return __real_file_write(path, data, size, err);
	AUTO_FREE char *all = alloc_printf("%s%.*s", before, (int)size, (const char *)data);
	return __real_file_write(path, all, strlen(all), err);
}
