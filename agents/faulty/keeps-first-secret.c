/* keeps-first-secret: remembers the secret it was given first, and asks HTTPS with that ever after.
 * Stands before http_new. */
#include <stdlib.h>

#include "agents/common/http.h"
#include "base/cleanup.h"
#include "base/file.h"

enum { SECRET_FILE_MAX = 256 };

/* The linker (--wrap) puts the second in the place of the first. */
struct http *__real_http_new(const struct http_options *options, struct error *err);
struct http *__wrap_http_new(const struct http_options *options, struct error *err);

struct http *__wrap_http_new(const struct http_options *options, struct error *err)
{
	struct http_options other = *options;
	AUTO_FREE char *path = file_join(getenv("ECSP_STATE"), "first-secret");
	AUTO_FREE char *first = file_read(path, SECRET_FILE_MAX, NULL, NULL);

	if (first)
		other.password = first;
	else
		file_write(path, other.password, strlen(other.password), NULL);
	return __real_http_new(&other, err);
}
