/* Whatever the JSON says: it is refused with a sentence, or drawn in every form. */
#include "base/json.h"
#include "reports/console.h"
#include "reports/report.h"

enum { OUT_MAX = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error why = { 0 };
	AUTO_JSON json_t *result = json_read_text((const char *)data, size, "input", &why);
	if (!result)
		return 0;
	if (report_check(result, &why)) {
		if (!why.text[0])
			abort();
		return 0;
	}
	struct buf out;
	buf_init(&out, OUT_MAX);
	for (const struct report_writer *writer = report_writers; writer->name; writer++) {
		buf_clear(&out);
		writer->write(result, &out, &why);
	}
	buf_clear(&out);
	report_console(result, &out, size & 1, (unsigned)(size % 120));
	buf_done(&out);
	return 0;
}
