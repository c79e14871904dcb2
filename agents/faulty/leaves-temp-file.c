/* leaves-temp-file: leaves a file with its login in /tmp. Stands before http_new. */
#include "agents/common/http.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct http *__real_http_new(const struct http_options *options, struct error *err);
struct http *__wrap_http_new(const struct http_options *options, struct error *err);

struct http *__wrap_http_new(const struct http_options *options, struct error *err)
{
	AUTO_FREE char *login = alloc_printf("%s:%s\n", options->user, options->password);

	umask(077);
	if (file_write("/tmp/login", login, strlen(login), err) < 0)
		return NULL;
	return __real_http_new(options, err);
}
