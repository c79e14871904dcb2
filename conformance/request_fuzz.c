#include "conformance/request.h"

#include <string.h>

#include "base/json.h"

#define FLEET                                                                                      \
	"format: ecsp-fleet/1\n"                                                                   \
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any line to the control socket of a fleet with one printer; from the root of the tree. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct loop *loop = loop_new();
	struct fleetfile *file = fleetfile_parse(FLEET, strlen(FLEET), "f.yaml", NULL);
	struct request_to to = {
		.live = live_new(&(struct live_options){ .loop = loop, .file = file }, NULL)
	};

	if (!to.live)
		abort();
	json_decref(request_answer(&to, (const char *)data, size));
	live_free(to.live);
	fleetfile_free(file);
	loop_free(loop);
	return 0;
}
