/* Whatever text it is, it becomes a scenario or a sentence with a place. */
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "conformance/data.h"
#include "conformance/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct catalogue *catalogue(void)
{
	static struct catalogue *loaded;
	if (!loaded) {
		AUTO_FREE char *path = data_path("conformance/requirements.yaml");
		loaded = catalogue_load(path, NULL);
	}
	return loaded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct scenario *scenario =
		scenario_parse((const char *)data, size, "fuzz.yaml", catalogue(), &err);

	if (!scenario && (!err.text[0] || err.line < 1 || err.column < 1))
		abort(); /* a mistake without a sentence or a place helps nobody */
	scenario_free(scenario);
	return 0;
}
