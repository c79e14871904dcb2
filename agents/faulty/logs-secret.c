/* logs-secret: logs what it logs in with. Stands before http_new. */
#include "agents/common/http.h"
#include "base/log.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct http *__real_http_new(const struct http_options *options, struct error *err);
struct http *__wrap_http_new(const struct http_options *options, struct error *err);

struct http *__wrap_http_new(const struct http_options *options, struct error *err)
{
	log_line(LOG_LEVEL_INFO, "https", "login %s:%s", options->user, options->password);
	return __real_http_new(options, err);
}
