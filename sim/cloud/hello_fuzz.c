#include "sim/cloud/forge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool sign(void *arg, bool sha1, const uint8_t *data, size_t size, struct buf *out)
{
	(void)arg;
	(void)sha1;
	(void)data;
	return buf_add_zero(out, size % 72 + 1);
}

/* Whatever a hello says, each forged answer to it can be written. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t bytes[100];
	struct forge_identity identity = { bytes, sizeof(bytes), bytes, sign, NULL };
	char text[HELLO_PRINT_MAX];
	struct hello hello;
	struct buf out;

	if (hello_read(&hello, data, size) != 1)
		return 0;
	hello_print(&hello, text);
	buf_init(&out, 65536);
	forge_old_hello(&hello, TLS_1_1, &out);
	forge_retry(&hello, forge_group_to_ask(&hello), &out);
	if (out.failed)
		abort();
	for (size_t i = 0; forge_names[i]; i++) {
		buf_clear(&out);
		if (!forge_flight(&forge_kinds[i], 0, &hello, &identity, &out))
			abort();
	}
	buf_done(&out);
	return 0;
}
