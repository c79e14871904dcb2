#include "sim/cloud/hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hello hello;
	struct buf out;

	if (hello_read(&hello, data, size) != 1)
		return 0;
	buf_init(&out, 256);
	hello_forge_answer(&hello, TLS_1_1, &out);
	if (out.failed)
		abort();
	buf_done(&out);
	return 0;
}
