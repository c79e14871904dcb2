#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Either form. What was read must come out as .snmprec that reads the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err;
	struct buf text, again;
	struct mib *mib = walk_parse((const char *)data, size, "fuzz", NULL, &err);

	if (!mib)
		return 0;
	buf_init(&text, 1 << 24);
	buf_init(&again, 1 << 24);
	for (size_t i = 0; i < mib_count(mib); i++)
		walk_write(mib_entry(mib, i), &text);
	struct mib *twin = walk_parse(buf_text(&text), text.size, "again", NULL, &err);
	if (!twin)
		abort();
	for (size_t i = 0; i < mib_count(twin); i++)
		walk_write(mib_entry(twin, i), &again);
	if (text.size != again.size || memcmp(text.data, again.data, text.size) != 0)
		abort();
	mib_free(mib);
	mib_free(twin);
	buf_done(&text);
	buf_done(&again);
	return 0;
}
