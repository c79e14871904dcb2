/* first-authority: trusts the first authority of ECSP_CA only. Stands before http_new. */
#include "agents/common/http.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

enum { TRUST_MAX = 1 << 20 };

/* The linker (--wrap) puts the second in the place of the first. */
struct http *__real_http_new(const struct http_options *options, struct error *err);
struct http *__wrap_http_new(const struct http_options *options, struct error *err);

struct http *__wrap_http_new(const struct http_options *options, struct error *err)
{
	static const char end[] = "-----END CERTIFICATE-----\n";
	struct http_options other = *options;
	AUTO_FREE char *all = file_read(options->ca, TRUST_MAX, NULL, err);
	char *first = all ? strstr(all, end) : NULL;

	other.ca = "/tmp/first.pem";
	if (!first || file_write(other.ca, all, (size_t)(first - all) + strlen(end), err) < 0)
		return NULL;
	return __real_http_new(&other, err);
}
