/* Whatever stands in a journal and a truth ledger, reading them ends in an error and judging them
 * in findings. The two are parted by a line of dashes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/capture_fixture.h"
#include "conformance/data.h"
#include "conformance/journal.h"
#include "conformance/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every kind of expectation. */
static const char scenario_text[] =
	"format: ecsp-scenario/1\n"
	"id: t.fuzz\n"
	"title: t\n"
	"purpose: p\n"
	"agent: dc\n"
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"
	"steps:\n"
	"  - {fault: {name: cloud.down}, label: a}\n"
	"  - {observe: {for: 1s}, label: b}\n"
	"expect:\n"
	"  - {seen: {for: upload.stored, where: {/body/agent/id: dc-1}, since: a, until: b, max: "
	"2}, "
	"requirement: COL-3}\n"
	"  - {never: {for: tls.application, witness: {for: fault.reached}}, requirement: TLS-2}\n"
	"  - {items: {}, requirement: COL-3}\n"
	"  - {upload: {device: lobby, where: {D09: error}, since: a, within: 1s}, "
	"requirement: COL-3}\n"
	"  - {complete: {device: lobby, since: a, until: b, gap: 1s, min: 1, witness: cloud.down}, "
	"requirement: OWN-3}\n"
	"  - {backoff: {for: http.request, since: a, until: b, min-wait: 1s, max: 2, witness: "
	"cloud.down}, "
	"requirement: OWN-3}\n"
	"  - {final: {witness: cloud.down}, requirement: OWN-3}\n";

static struct fixed {
	struct catalogue *catalogue;
	struct binding *binding;
	struct scenario *scenario;
	struct buf capture;
} fixed;

static void prepare(void)
{
	if (fixed.catalogue)
		return;
	AUTO_FREE char *catalogue = data_path("conformance/requirements.yaml");
	AUTO_FREE char *binding = data_path("ecsp/bindings/reference.yaml");
	fixed.catalogue = catalogue_load(catalogue, NULL);
	fixed.binding = binding_load(binding, NULL);
	fixed.scenario = scenario_parse(scenario_text, sizeof(scenario_text) - 1, "fuzz.yaml",
					fixed.catalogue, NULL);
	fixture_init(&fixed.capture);
	if (!fixed.catalogue || !fixed.binding || !fixed.scenario)
		abort();
}

static json_t *read_lines(const uint8_t *data, size_t size, bool numbered)
{
	char path[40];
	AUTO_CLOSE int file = memfd_create("lines", MFD_CLOEXEC);
	if (file < 0 || write(file, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	return journal_read(path, numbered, NULL);
}

static void judge_lines(json_t *journal, json_t *truth)
{
	struct evidence evidence = {
		.scenario = fixed.scenario,
		.part = &fixed.scenario->main,
		.journal = journal,
		.truth = truth,
		.start = json_array_get(journal, 0),
		.wall_ns = json_int_of(json_array_get(journal, 0), "wallNs", 0),
	};
	if (capture_init(&evidence.capture, fixed.capture.data, fixed.capture.size, NULL) < 0)
		abort();
	json_t *result = judge_evidence(&evidence, fixed.catalogue, fixed.binding);
	if (!json_array_size(json_object_get(result, "findings")))
		abort(); /* a judgement without findings would be taken for nothing to tell */
	json_decref(result);
	capture_done(&evidence.capture);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "\n---\n";
	prepare();
	const uint8_t *part = memmem(data, size, mark, sizeof(mark) - 1);
	const uint8_t *rest = part ? part + sizeof(mark) - 1 : data + size;
	AUTO_JSON json_t *journal = read_lines(data, part ? (size_t)(part - data) : size, true);
	AUTO_JSON json_t *truth = read_lines(rest, (size_t)(data + size - rest), false);

	if (journal && truth && json_array_size(journal))
		judge_lines(journal, truth);
	return 0;
}
