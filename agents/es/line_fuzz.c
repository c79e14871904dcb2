#include "agents/es/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *line = line_parse((const char *)data, size);
	struct line_status status;
	double id;

	if (line) {
		line_id(line, &id);
		line_status(line, &status);
		cJSON_Delete(line_record(line));
	}
	cJSON_Delete(line);
	return 0;
}
