#include "sim/cloud/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says how large the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	size_t piece = data[0] + 1u;
	struct http *http = http_new();
	data++;
	size--;
	while (size) {
		size_t used, here = size < piece ? size : piece;
		enum http_event event = http_feed(http, data, here, &used);
		if (used > here ||
		    (event == HTTP_IS_BAD && (!http_status(http) || !http_why(http))))
			abort();
		if (event == HTTP_IS_BAD)
			break;
		if (event == HTTP_HAS_REQUEST) {
			http_next(http);
			http_raw_clear(http);
		}
		data += used;
		size -= used;
	}
	http_free(http);
	return 0;
}
