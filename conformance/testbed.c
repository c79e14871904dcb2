#include "conformance/testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/data.h"
#include "conformance/evidence.h"
#include "conformance/journal.h"
#include "conformance/launch.h"
#include "conformance/step.h"
#include "sim/cloud/cloud.h"
#include "sim/printer/fleet.h"
#include "sim/world/world.h"

#define SUPPORT_USER "support"

enum {
	STOP_WITHIN_MS = 6000, /* the contract gives an agent 5 s to end */
};

/* A tap that writes the ledger of truth. */
struct ledger {
	struct tap tap; /* first */
	struct testbed *testbed;
	FILE *file;
	int failed;
};

struct testbed {
	struct tap tap; /* first: everything simulators see passes here on its way to the journal */
	const struct scenario *scenario;
	const struct part *part;
	const struct program *program;
	struct testbed_options options;
	struct loop *loop;
	struct journal *journal;
	struct ledger ledger;
	struct profile **profiles; /* one a printer, owned */
	struct fleet *fleet;
	struct cloud *cloud;
	struct world *world;
	char *id, *secret;
	uint64_t deadline; /* on the loop's clock */
	int output;
	size_t pieces; /* of plaintext, that went into the recorder */
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- observations on their way ---- */

static bool is_designated(const struct testbed *testbed, const char *device)
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

static void seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct testbed *testbed = (struct testbed *)tap;

	if (!strcmp(kind, "tls.application"))
		name_certificate(testbed, fields);
	if (!strcmp(kind, "upload.stored"))
		name_devices(testbed, fields);
	if (!strcmp(kind, "snmp.request") || !strcmp(kind, "enpc.request"))
		json_object_set_new(
			fields, "designated",
			json_boolean(is_designated(testbed, json_text_of(fields, "device", ""))));
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

static void printer_answer(void *arg, const struct datagram *out)
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
		fleet_datagram(testbed->fleet, &in, printer_answer, testbed);
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

/* ---- making it ---- */

/* Profiles are read before the world is made: afterwards the process may not see them any more. */
static int load_profiles(struct testbed *testbed, struct error *err)
{
	size_t count = testbed->scenario->printers.count;
	testbed->profiles = alloc_zero(count, sizeof(struct profile *));
	for (size_t i = 0; i < count; i++) {
		const struct printer_spec *printer = scenario_printer(testbed->scenario, i);
		AUTO_FREE char *name =
			alloc_printf("sim/printer/profiles/%s.yaml", printer->profile);
		AUTO_FREE char *path = data_path(name);
		testbed->profiles[i] = profile_load(path, err);
		if (!testbed->profiles[i])
			return -EINVAL;
	}
	return 0;
}

static int make_world(struct testbed *testbed, struct error *err)
{
	const char *const hidden[] = { testbed->options.out_folder, NULL };
	struct world_options options = {
		.loop = testbed->loop,
		.tap = &testbed->tap,
		.seed = testbed->options.seed,
		.printers = to_printers,
		.is_printer = is_printer,
		.is_open = is_open,
		.arg = testbed,
		.visible = (const char *const *)testbed->program->folders,
		.hidden = testbed->options.out_folder ? hidden : NULL,
	};
	testbed->world = world_new(&options, err);
	return testbed->world ? 0 : -EIO;
}

/* Something that must not be found in what leaves the agent. */
static char *plant(struct testbed *testbed, const char *what, const char *device)
{
	uint64_t number =
		mix64(testbed->options.seed ^ journal_count(testbed->journal) * 2654435761u);
	char *text = alloc_printf("mark-%016llx", (unsigned long long)number);
	AUTO_FREE char *told = alloc_printf("%s of %s", what, device);
	journal_add(testbed->journal, "mark", json_pack("{s:s,s:s}", "text", text, "what", told));
	return text;
}

static int add_printer(struct testbed *testbed, size_t index, struct error *err)
{
	const struct printer_spec *printer = scenario_printer(testbed->scenario, index);
	struct device_options options = {
		.name = printer->name,
		.profile = testbed->profiles[index],
		.address = printer->address,
		.serial = printer->serial,
		.community = printer->community,
	};
	struct device *device = fleet_add(testbed->fleet, &options, err);
	if (!device)
		return -EINVAL;
	recorder_name(world_recorder(testbed->world), printer->address, printer->name);
	/* Every printer has printed something that is nobody's business. */
	AUTO_FREE char *document = plant(testbed, "the document name", printer->name);
	AUTO_FREE char *owner = plant(testbed, "the job owner", printer->name);
	AUTO_JSON json_t *job =
		json_pack("{s:i,s:s,s:s}", "seconds", 0, "document", document, "owner", owner);
	int status = device_do(device, "job", job, err);
	if (printer->decoy)
		journal_add(testbed->journal, "mark",
			    json_pack("{s:s,s:s}", "text", device_serial(device), "what",
				      "the serial number of a printer that is not designated"));
	return status;
}

static int make_fleet(struct testbed *testbed, struct error *err)
{
	testbed->fleet = fleet_new(&(struct fleet_options){
		.loop = testbed->loop,
		.tap = &testbed->tap,
		.truth = &testbed->ledger.tap,
		.seed = testbed->options.seed,
	});
	for (size_t i = 0; i < testbed->scenario->printers.count; i++) {
		int status = add_printer(testbed, i, err);
		if (status < 0)
			return status;
	}
	return 0;
}

/* One support user in charge of every printer; what the agent makes of it is the agent's test. */
static int add_support(struct testbed *testbed, struct error *err)
{
	size_t count = testbed->scenario->printers.count;
	AUTO_FREE const char **serials = alloc_zero(count + 1, sizeof(*serials));
	size_t charged = 0;
	for (size_t i = 0; i < count; i++) {
		const struct printer_spec *printer = scenario_printer(testbed->scenario, i);
		if (!printer->decoy)
			serials[charged++] =
				device_serial(fleet_device(testbed->fleet, printer->name));
	}
	return cloud_add_support_user(testbed->cloud, SUPPORT_USER, serials, err);
}

static int make_cloud(struct testbed *testbed, struct error *err)
{
	struct cloud_options options = {
		.loop = testbed->loop,
		.tap = &testbed->tap,
		.store_path = ":memory:",
		.plaintext = on_plaintext,
		.secret = on_secret,
		.arg = testbed,
	};
	testbed->cloud = cloud_new(&options, err);
	if (!testbed->cloud)
		return -EIO;
	int socket = world_cloud_socket(testbed->world, err);
	if (socket < 0)
		return socket;
	int status = cloud_listen(testbed->cloud, socket, err);
	if (status == 0)
		status = cloud_add_agent(testbed->cloud, testbed->id, testbed->secret,
					 agent_names[testbed->scenario->agent], err);
	return status < 0 ? status : add_support(testbed, err);
}

/* The ES Agent's device is the first printer of the scenario. */
static int make_panel(struct testbed *testbed, struct error *err)
{
	if (testbed->scenario->agent != AGENT_ES)
		return 0;
	int socket = world_panel_socket(testbed->world, LAUNCH_PANEL, err);
	if (socket < 0)
		return socket;
	struct device *device =
		fleet_device(testbed->fleet, scenario_printer(testbed->scenario, 0)->name);
	return device_panel(device, socket, err);
}

static void journal_start(struct testbed *testbed)
{
	struct utsname host;
	uname(&host);
	/* Both clocks at one moment: stamps of the agent are placed on ours by this pair. */
	loop_update(testbed->loop);
	int64_t wall = wall_now() - (int64_t)journal_now(testbed->journal);
	journal_add(testbed->journal, "start",
		    json_pack("{s:I,s:s,s:I,s:s,s:b,s:s,s:s,s:s,s:O,s:{s:s,s:s,s:s},s:{s:s}}",
			      "wallNs", (json_int_t)wall, "scenario", testbed->scenario->id, "seed",
			      (json_int_t)testbed->options.seed, "agent",
			      agent_names[testbed->scenario->agent], "twin", testbed->options.twin,
			      "agentId", testbed->id, "agentSecret", testbed->secret, "program",
			      testbed->program->command, "lacks", testbed->program->lacks, "host",
			      "name", LAUNCH_HOST, "system", host.sysname, "release", host.release,
			      "versions", "ecsp", ECSP_VERSION));
}

static int open_files(struct testbed *testbed, struct error *err)
{
	testbed->journal = journal_new(testbed->loop, EVIDENCE_JOURNAL, err);
	if (!testbed->journal)
		return -EIO;
	testbed->ledger = (struct ledger){ .tap.seen = truth_seen, .testbed = testbed };
	testbed->ledger.file = fopen(EVIDENCE_TRUTH, "we");
	testbed->output = open(EVIDENCE_LOG, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (!testbed->ledger.file || testbed->output < 0)
		return error_set(err, errno, "cannot write the evidence: %s", strerror(errno));
	return 0;
}

struct testbed *testbed_new(const struct testbed_options *options, struct error *err)
{
	struct testbed *testbed = alloc_zero(1, sizeof(*testbed));
	testbed->tap.seen = seen;
	testbed->options = *options;
	testbed->scenario = options->scenario;
	testbed->part = options->twin ? &options->scenario->twin : &options->scenario->main;
	testbed->program = options->program;
	testbed->output = -1;
	testbed->loop = loop_new();
	uint64_t number = mix64(options->seed);
	testbed->id = alloc_printf("%s-%04u", agent_names[options->scenario->agent],
				   (unsigned)(number % 10000));
	testbed->secret = alloc_printf("%016llx", (unsigned long long)mix64(number));
	int status = open_files(testbed, err);
	if (status == 0) {
		journal_start(testbed);
		status = load_profiles(testbed, err);
	}
	if (status == 0)
		status = make_world(testbed, err);
	if (status == 0)
		status = make_fleet(testbed, err);
	if (status == 0)
		status = make_cloud(testbed, err);
	if (status == 0)
		status = make_panel(testbed, err);
	if (status == 0)
		return testbed;
	testbed_free(testbed);
	return NULL;
}

void testbed_free(struct testbed *testbed)
{
	if (!testbed)
		return;
	cloud_free(testbed->cloud);
	fleet_free(testbed->fleet);
	world_free(testbed->world);
	for (size_t i = 0; testbed->profiles && i < testbed->scenario->printers.count; i++)
		profile_free(testbed->profiles[i]);
	free(testbed->profiles);
	if (testbed->ledger.file)
		fclose(testbed->ledger.file);
	if (testbed->output >= 0)
		close(testbed->output);
	journal_free(testbed->journal);
	loop_free(testbed->loop);
	free(testbed->id);
	free(testbed->secret);
	free(testbed);
}

/* ---- the agent ---- */

static int start_agent(struct testbed *testbed, struct error *err)
{
	struct launch launch = {
		.scenario = testbed->scenario,
		.program = testbed->program,
		.id = testbed->id,
		.secret = testbed->secret,
		.authority = cloud_ca(testbed->cloud),
		.output = testbed->output,
	};
	return launch_agent(&launch, testbed->world, err);
}

static bool has_ended(void *arg)
{
	struct testbed *testbed = arg;
	return !world_running(testbed->world);
}

static void stop_agent(struct testbed *testbed)
{
	if (!world_running(testbed->world))
		return;
	world_signal(testbed->world, SIGTERM);
	if (!loop_run_until(testbed->loop, has_ended, testbed, STOP_WITHIN_MS))
		world_kill_for(testbed->world, "it did not end within 6 s of SIGTERM");
}

/* ---- steps ---- */

struct waiting {
	struct testbed *testbed;
	const struct match *match;
	size_t next; /* journal index not looked at yet */
	int64_t left;
};

static bool is_over(void *arg)
{
	struct waiting *waiting = arg;
	struct testbed *testbed = waiting->testbed;

	for (; waiting->next < journal_count(testbed->journal); waiting->next++)
		if (waiting->match &&
		    match_is(waiting->match, journal_at(testbed->journal, waiting->next)))
			waiting->left--;
	return waiting->left <= 0 || interrupted || !world_running(testbed->world) ||
	       loop_now(testbed->loop) >= testbed->deadline;
}

static size_t line_of_label(const struct testbed *testbed, const char *label)
{
	for (size_t i = journal_count(testbed->journal); i-- > 0;) {
		const json_t *line = journal_at(testbed->journal, i);
		if (!strcmp(json_text_of(line, "kind", ""), "step") &&
		    !strcmp(json_text_of(line, "label", ""), label))
			return i;
	}
	return 0;
}

/* Never past the scenario's deadline. */
static uint64_t limit_ms(const struct testbed *testbed, int64_t within_ms)
{
	uint64_t now = loop_now(testbed->loop);
	uint64_t left = testbed->deadline > now ? (testbed->deadline - now) / 1000000 + 1 : 0;
	return (uint64_t)within_ms < left ? (uint64_t)within_ms : left;
}

int testbed_wait(struct testbed *testbed, const struct match *match, int64_t count,
		 const char *since, int64_t within_ms)
{
	struct waiting waiting = {
		.testbed = testbed,
		.match = match,
		.next = since ? line_of_label(testbed, since) : 0,
		.left = count,
	};
	loop_run_until(testbed->loop, is_over, &waiting, limit_ms(testbed, within_ms));
	return waiting.left <= 0 ? 0 : -ETIMEDOUT;
}

int testbed_observe(struct testbed *testbed, int64_t for_ms)
{
	struct waiting waiting = { .testbed = testbed, .left = 1 };
	bool early = loop_run_until(testbed->loop, is_over, &waiting, limit_ms(testbed, for_ms));
	return early || loop_now(testbed->loop) >= testbed->deadline ? -ETIMEDOUT : 0;
}

int testbed_printer(struct testbed *testbed, const char *device, const char *action,
		    const struct yaml *with, struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : json_object();

	if (!strcmp(action, "job")) {
		AUTO_FREE char *document = plant(testbed, "the document name", device);
		AUTO_FREE char *owner = plant(testbed, "the job owner", device);
		json_object_set_new(parameters, "document", json_string(document));
		json_object_set_new(parameters, "owner", json_string(owner));
	}
	return device_do(fleet_device(testbed->fleet, device), action, parameters, err);
}

int testbed_fault(struct testbed *testbed, const char *device, const char *fault,
		  const struct yaml *with, struct error *err)
{
	AUTO_JSON json_t *parameters = with ? match_json(with) : json_object();

	journal_add(testbed->journal, "fault.armed",
		    json_pack("{s:s,s:s*,s:O}", "fault", fault, "device", device, "parameters",
			      parameters));
	if (verb_find(&device_faults, fault))
		return device_fault(fleet_device(testbed->fleet, device), fault, parameters, err);
	if (verb_find(&world_faults, fault))
		return world_fault(testbed->world, fault, parameters, err);
	return cloud_fault(testbed->cloud, fault, parameters, err);
}

int testbed_clear(struct testbed *testbed, const char *device, const char *fault, struct error *err)
{
	(void)err;
	journal_add(testbed->journal, "fault.cleared",
		    json_pack("{s:s,s:s*}", "fault", fault, "device", device));
	if (verb_find(&device_faults, fault))
		device_fault_clear(fleet_device(testbed->fleet, device));
	else if (verb_find(&world_faults, fault))
		world_fault_clear(testbed->world, fault);
	else
		cloud_fault_clear(testbed->cloud, fault);
	return 0;
}

int testbed_command(struct testbed *testbed, const struct testbed_command *asked, struct error *err)
{
	char id[40];
	struct command command = {
		.user = asked->user,
		.agent = testbed->id,
		.serial = device_serial(fleet_device(testbed->fleet, asked->device)),
		.operation = asked->operation,
		.expires_in_ms = asked->expires_ms,
		.unchecked = asked->unchecked,
	};
	if (!is_designated(testbed, asked->device))
		journal_add(testbed->journal, "mark.told",
			    json_pack("{s:s}", "text", command.serial));
	int status = cloud_command(testbed->cloud, &command, id, err);
	/* That the service refuses a user is an observation, not a failure of the harness. */
	return status == -EACCES || status == -EPERM ? 0 : status;
}

int testbed_agent(struct testbed *testbed, const char *action, struct error *err)
{
	if (!strcmp(action, "start"))
		return start_agent(testbed, err);
	if (!strcmp(action, "kill")) {
		world_signal(testbed->world, SIGKILL);
		loop_run_until(testbed->loop, has_ended, testbed, STOP_WITHIN_MS);
	} else {
		stop_agent(testbed);
	}
	return 0;
}

/* ---- the run ---- */

static void journal_step(struct testbed *testbed, size_t index)
{
	const struct step *step = &testbed->part->steps[index];
	AUTO_JSON json_t *told = match_json(yaml_get(step->node, step->kind->name));
	journal_add(testbed->journal, "step",
		    json_pack("{s:I,s:s,s:s*,s:O}", "index", (json_int_t)index, "action",
			      step->kind->name, "label", step->label, "with", told));
}

/* How many steps at the beginning set the scene: faults and printers, before the agent starts. */
static size_t opening(const struct testbed *testbed)
{
	size_t count = 0;
	while (count < testbed->part->step_count &&
	       (!strcmp(testbed->part->steps[count].kind->name, "fault") ||
		!strcmp(testbed->part->steps[count].kind->name, "printer")))
		count++;
	return count;
}

/* Plays the steps; returns why the run ended, in the words of the journal. */
static const char *play(struct testbed *testbed, struct error *err)
{
	size_t start = opening(testbed);

	for (size_t i = 0; i < testbed->part->step_count || i == start; i++) {
		int status = i == start ? start_agent(testbed, err) : 0;
		if (status < 0)
			return "harness error";
		if (i == testbed->part->step_count)
			break;
		const struct step *step = &testbed->part->steps[i];
		journal_step(testbed, i);
		status = step->kind->run(testbed, step, err);
		if (interrupted)
			return "interrupted";
		if (status == -ETIMEDOUT && loop_now(testbed->loop) >= testbed->deadline)
			return "deadline";
		if (status == -ETIMEDOUT)
			return world_running(testbed->world) ? "a step was not reached"
							     : "the agent ended";
		if (status < 0)
			return "harness error";
	}
	return "steps done";
}

static bool is_interrupted(void *arg)
{
	(void)arg;
	return interrupted;
}

/* The world goes on, printers, cloud and agent, until somebody has seen enough. */
static void keep(struct testbed *testbed)
{
	fprintf(stderr,
		"%s: the world is kept. Look at the agent's side with\n"
		"  nsenter --preserve-credentials --user=/proc/%d/ns/user --net=/proc/%d/fd/%d\n"
		"and at the cloud's with --net=/proc/%d/ns/net. Ctrl-C ends it.\n",
		testbed->scenario->id, getpid(), getpid(), world_agent_network(testbed->world),
		getpid());
	loop_run_until(testbed->loop, is_interrupted, NULL, UINT64_MAX);
}

static int write_files(struct testbed *testbed, struct error *err)
{
	AUTO_FREE char *comment = alloc_printf("scenario %s, seed %llu", testbed->scenario->id,
					       (unsigned long long)testbed->options.seed);
	int status = recorder_write(world_recorder(testbed->world), EVIDENCE_CAPTURE, comment, err);
	if (status == 0)
		status = journal_flush(testbed->journal, err);
	if (status == 0 && (fflush(testbed->ledger.file) != 0 || testbed->ledger.failed))
		status = error_set(err, EIO, "the ledger of truth is not whole");
	return status;
}

int testbed_run(struct testbed *testbed, struct error *err)
{
	struct sigaction action = { .sa_handler = on_interrupt };
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	loop_update(testbed->loop);
	testbed->deadline =
		loop_now(testbed->loop) + (uint64_t)testbed->scenario->deadline_ms * 1000000u;
	struct error why = { 0 };
	const char *reason = play(testbed, &why);
	if (testbed->options.keep_world && !interrupted)
		keep(testbed);
	if (!strcmp(reason, "deadline"))
		world_kill_for(testbed->world, "the scenario's deadline passed");
	stop_agent(testbed);
	world_finish(testbed->world);
	/* Their last words come before the end. */
	cloud_free(testbed->cloud);
	testbed->cloud = NULL;
	fleet_free(testbed->fleet);
	testbed->fleet = NULL;
	journal_add(testbed->journal, "capture.written",
		    json_pack("{s:I}", "pieces", (json_int_t)testbed->pieces));
	bool broken = !strcmp(reason, "harness error");
	journal_add(testbed->journal, "end",
		    json_pack("{s:s,s:s*}", "reason", reason, "error",
			      broken ? error_text(&why) : NULL));
	return write_files(testbed, err);
}
