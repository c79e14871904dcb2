#include <stdlib.h>
#include <string.h>

#include "sim/cloud/http2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct target {
	struct http2 *http2;
};

static void write_out(void *arg, const void *data, size_t size)
{
	(void)arg;
	(void)data;
	if (!size)
		abort();
}

/* Every request is answered at once, large or not. */
static void on_request(void *arg, int32_t stream, const struct http_request *request, int status)
{
	struct target *target = arg;
	struct http_response response = {
		.status = status ? status : 200,
		.headers = json_pack("{s:s}", "X-A", "1"),
		.body = alloc_text(buf_text(&request->path)),
		.body_size = request->path.size,
	};

	http2_respond(target->http2, stream, &response, !strcmp(request->method, "HEAD"));
	http_response_done(&response);
}

/* The first byte says how large the pieces are. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	size_t piece = data[0] + 1u;
	struct target target = { 0 };
	target.http2 = http2_new(&(struct http2_events){ on_request, write_out, &target });
	data++;
	size--;
	while (size) {
		size_t here = size < piece ? size : piece;
		if (!http2_feed(target.http2, data, here, NULL))
			break;
		data += here;
		size -= here;
	}
	http2_free(target.http2);
	return 0;
}
