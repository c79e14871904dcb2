#include "sim/cloud/message.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the kind of message. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };

	if (!size)
		return 0;
	enum message_kind kind = (enum message_kind)(data[0] % MESSAGE_KIND_COUNT);
	json_t *message = message_read(kind, data + 1, size - 1, &err);
	if (!message && !err.text[0])
		abort();
	json_decref(message);
	return 0;
}
