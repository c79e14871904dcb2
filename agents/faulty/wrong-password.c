/* wrong-password: logs in with a password of its own. Stands before http_new. */
#include "agents/common/http.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct http *__real_http_new(const struct http_options *options, struct error *err);
struct http *__wrap_http_new(const struct http_options *options, struct error *err);

struct http *__wrap_http_new(const struct http_options *options, struct error *err)
{
	struct http_options other = *options;

	other.password = "letmein";
	return __real_http_new(&other, err);
}
