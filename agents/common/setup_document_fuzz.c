#include "agents/common/setup_document.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct setup_document document;
	struct error err = { 0 };
	int status = setup_read(&document, (const char *)data, size, &err);

	if (status < 0 ? !err.text[0] : document.version < 1)
		abort();
	setup_document_done(&document);
	return 0;
}
