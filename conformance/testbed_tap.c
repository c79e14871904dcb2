#include "conformance/testbed_parts.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/wall.h"

/* ---- observations on their way ---- */

bool testbed_is_designated(const struct testbed *testbed, const char *device)
{
	const struct printer_spec *printer = scenario_find_printer(testbed->scenario, device);
	return printer && !printer->decoy;
}

/* Names the devices of an upload, so that steps can wait for them without knowing serials. */
static void name_devices(const struct testbed *testbed, json_t *fields)
{
	json_t *names = json_array();
	size_t i;
	json_t *record;

	json_array_foreach (json_at(fields, "/body/records"), i, record) {
		const char *serial = json_text_of(record, "serial", "");
		for (size_t p = 0; p < testbed->scenario->printers.count; p++) {
			struct device *device = fleet_device(
				testbed->fleet, scenario_printer(testbed->scenario, p)->name);
			if (device && !strcmp(device_serial(device), serial))
				json_array_append_new(names, json_string(device_name(device)));
		}
	}
	json_object_set_new(fields, "devices", names);
	json_t *collection = json_at(fields, "/body/agent/collection");
	if (collection)
		json_object_set(fields, "collection", collection);
}

/* Says which certificate the connection was shown, so that released data can be blamed. */
static void name_certificate(const struct testbed *testbed, json_t *fields)
{
	for (size_t i = journal_count(testbed->journal); i-- > 0;) {
		const json_t *line = journal_at(testbed->journal, i);
		if (strcmp(json_text_of(line, "kind", ""), "tls.ready") != 0 ||
		    json_int_of(line, "connection", -1) != json_int_of(fields, "connection", -2))
			continue;
		json_object_set(fields, "certificate", json_object_get(line, "certificate"));
		json_object_set(fields, "version", json_object_get(line, "version"));
		return;
	}
}

/* Faults after which the agent is started again, as a service manager does. */
static bool is_end(const char *fault)
{
	return !strcmp(fault, "storage.kill") || !strcmp(fault, "storage.cut");
}

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct testbed *testbed = (struct testbed *)tap;

	if (!strcmp(kind, "tls.application"))
		name_certificate(testbed, fields);
	if (!strcmp(kind, "upload.stored"))
		name_devices(testbed, fields);
	if (!strcmp(kind, "snmp.request") || !strcmp(kind, "enpc.request"))
		json_object_set_new(fields, "designated",
				    json_boolean(testbed_is_designated(
					    testbed, json_text_of(fields, "device", ""))));
	if (!strcmp(kind, "fault.reached") && is_end(json_text_of(fields, "fault", "")))
		testbed->killed = true;
	journal_add(testbed->journal, kind, fields);
}

static void truth_seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct ledger *ledger = (struct ledger *)tap;
	(void)kind;
	AUTO_JSON json_t *line =
		json_pack("{s:I}", "ns", (json_int_t)journal_now(ledger->testbed->journal));
	json_object_update(line, fields);
	json_decref(fields);
	AUTO_FREE char *text = json_text(line);
	if (fprintf(ledger->file, "%s\n", text) < 0)
		ledger->failed = EIO;
}

/* ---- between the simulators ---- */

void testbed_from_printer(void *arg, const struct datagram *out)
{
	struct testbed *testbed = arg;
	world_udp_send(testbed->world, out->from, out->from_port, out->to, out->to_port, out->data,
		       out->size);
}

static void to_printers(void *arg, uint32_t from, uint16_t from_port, uint32_t to, uint16_t to_port,
			const uint8_t *data, size_t size)
{
	struct testbed *testbed = arg;
	struct datagram in = { from, to, from_port, to_port, data, size };
	if (testbed->fleet)
		fleet_datagram(testbed->fleet, &in, testbed_from_printer, testbed);
}

static bool is_printer(void *arg, uint32_t address)
{
	struct testbed *testbed = arg;
	return testbed->fleet && fleet_at(testbed->fleet, address);
}

static bool is_open(void *arg, uint32_t address, uint16_t port)
{
	(void)arg;
	(void)address;
	return port == 161 || port == 3289;
}

static void on_plaintext(void *arg, const struct plaintext *piece)
{
	struct testbed *testbed = arg;
	struct recorder_plaintext record = {
		.protocol = piece->protocol,
		.from_agent = piece->from_agent,
		.agent_address = piece->agent_address,
		.cloud_address = piece->cloud_address,
		.agent_port = piece->agent_port,
		.cloud_port = piece->cloud_port,
	};
	testbed->pieces++;
	recorder_plaintext(world_recorder(testbed->world), wall_now(), &record, piece->data,
			   piece->size);
}

static void on_secret(void *arg, const char *line)
{
	struct testbed *testbed = arg;
	recorder_secret(world_recorder(testbed->world), line);
}

/* ---- who calls whom ---- */

void testbed_taps_init(struct testbed *testbed)
{
	testbed->tap.seen = seen;
	testbed->ledger.tap.seen = truth_seen;
	testbed->ledger.testbed = testbed;
}

void testbed_taps_of_world(struct testbed *testbed, struct world_options *options)
{
	options->tap = &testbed->tap;
	options->printers = to_printers;
	options->is_printer = is_printer;
	options->is_open = is_open;
	options->arg = testbed;
}

void testbed_taps_of_cloud(struct testbed *testbed, struct cloud_options *options)
{
	options->tap = &testbed->tap;
	options->plaintext = on_plaintext;
	options->secret = on_secret;
	options->arg = testbed;
}
