/* Whatever a file holds, reading it, putting its flows together, judging it and writing comments
 * into it end in facts or in an error. */
#include <stdint.h>

#include "base/buf.h"
#include "conformance/capture.h"
#include "conformance/comment.h"
#include "conformance/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drop(void *arg, const struct wire_breach *breach)
{
	size_t *bytes = arg;
	*bytes += strlen(breach->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t printers[] = { 0x0a10000a, 0x0a10000b };
	struct capture capture;
	struct wire_facts facts;
	struct buf out;
	size_t bytes = 0;
	if (capture_init(&capture, data, size, NULL))
		return 0;
	struct flow_table *flows = flow_table_new(&capture);
	wire_check(&capture, flows,
		   &(struct wire_policy){ .agent = WIRE_DC,
					  .resolver = 0x0a000035,
					  .cloud_net = 0xc6336400,
					  .cloud_mask = 0xffffff00,
					  .designated = printers,
					  .designated_count = 1,
					  .printers = printers,
					  .printer_count = 2 },
		   &facts, drop, &bytes);
	flow_table_free(flows);
	buf_init(&out, 1 << 24);
	if (capture.packets)
		comment_apply(data, size, &(struct comment){ 1, "finding" }, 1, &out, NULL);
	buf_done(&out);
	capture_done(&capture);
	return 0;
}
