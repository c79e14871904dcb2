#include "sim/cloud/warp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the kind, the second where the bytes are cut in two. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct warp warp;
	struct buf out;
	size_t count = 0;

	if (size < 2)
		return 0;
	while (warp_names[count])
		count++;
	size_t cut = data[1] < size - 2 ? data[1] : size - 2;
	warp_init(&warp, data[0] % (count + 1) ? &warp_kinds[data[0] % (count + 1) - 1] : NULL, 0);
	buf_init(&out, WARP_QUEUE_MAX);
	warp_feed(&warp, data + 2, cut, &out);
	warp.application = true;
	warp_feed(&warp, data + 2 + cut, size - 2 - cut, &out);
	if (!warp.kind && out.size > size)
		abort();
	buf_done(&out);
	warp_done(&warp);
	return 0;
}
