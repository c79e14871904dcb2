#include "reports/evidence.h"

#include "base/json.h"

void evidence_path(const json_t *evidence, const char *folder, struct buf *out)
{
	if (folder) {
		buf_add_text(out, folder);
		buf_add_u8(out, '/');
	}
	buf_add_text(out, json_text_of(evidence, "file", ""));
}

void evidence_spot(const json_t *evidence, struct buf *out)
{
	static const char *const spots[] = { "line", "frame" };
	for (size_t i = 0; i < 2; i++) {
		const json_t *number = json_object_get(evidence, spots[i]);
		if (json_is_integer(number))
			buf_printf(out, " %s %" JSON_INTEGER_FORMAT, spots[i],
				   json_integer_value(number));
	}
}

void evidence_text(const json_t *evidence, const char *folder, struct buf *out)
{
	evidence_path(evidence, folder, out);
	evidence_spot(evidence, out);
}
