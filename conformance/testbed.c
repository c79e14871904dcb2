#include "conformance/testbed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/wall.h"
#include "conformance/data.h"
#include "conformance/evidence.h"
#include "conformance/launch.h"
#include "conformance/testbed_parts.h"

#define SUPPORT_USER "support"

/* Profiles are read before the world is made: afterwards the process may not see them any more. */
static int load_profiles(struct testbed *testbed, struct error *err)
{
	size_t count = testbed->scenario->printers.count;
	testbed->profiles = alloc_zero(count, sizeof(struct profile *));
	testbed->users = alloc_zero(count, sizeof(struct usm_users *));
	testbed->traps = alloc_zero(count, sizeof(struct trap_plan *));
	for (size_t i = 0; i < count; i++) {
		const struct printer_spec *printer = scenario_printer(testbed->scenario, i);
		AUTO_FREE char *name =
			alloc_printf("sim/printer/profiles/%s.yaml", printer->profile);
		AUTO_FREE char *path = data_path(name);
		testbed->profiles[i] = profile_load(path, err);
		testbed->users[i] = snmp_access_users(&printer->access);
		testbed->traps[i] = snmp_access_traps(&printer->access);
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
		.seed = testbed->options.seed,
		.visible = (const char *const *)testbed->program->folders,
		.hidden = testbed->options.out_folder ? hidden : NULL,
	};
	testbed_taps_of_world(testbed, &options);
	testbed->world = world_new(&options, err);
	return testbed->world ? 0 : -EIO;
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
		.users = testbed->users[index],
		.traps = testbed->traps[index],
		.v3_only = printer->access.v3_only,
	};
	struct device *device = fleet_add(testbed->fleet, &options, err);
	if (!device)
		return -EINVAL;
	recorder_name(world_recorder(testbed->world), printer->address, printer->name);
	/* Every printer has printed something that is nobody's business. */
	AUTO_FREE char *document = testbed_plant(testbed, "the document name", printer->name);
	AUTO_FREE char *owner = testbed_plant(testbed, "the job owner", printer->name);
	AUTO_JSON json_t *job =
		json_pack("{s:i,s:s,s:s}", "seconds", 0, "document", document, "owner", owner);
	int status = device_do(device, "job", job, err);
	if (printer->decoy)
		journal_add(testbed->journal, "mark",
			    json_pack("{s:s,s:s}", "text", device_serial(device), "what",
				      "the serial number of a printer that is not designated"));
	if (status < 0 || lifeplan_is_empty(&printer->life))
		return status;
	const struct life_plan life = lifeplan_of(&printer->life);
	return device_live(device, &life, err);
}

static int make_fleet(struct testbed *testbed, struct error *err)
{
	testbed->fleet = fleet_new(&(struct fleet_options){
		.loop = testbed->loop,
		.tap = &testbed->tap,
		.truth = &testbed->ledger.tap,
		.seed = testbed->options.seed,
		.out = testbed_from_printer,
		.out_arg = testbed,
	});
	for (size_t i = 0; i < testbed->scenario->printers.count; i++) {
		int status = add_printer(testbed, i, err);
		if (status < 0)
			return status;
	}
	return 0;
}

/* Ports that every printer has open: an agent that tries them finds what it would find. */
static int make_drains(struct testbed *testbed, struct error *err)
{
	for (size_t i = 0; drain_ports[i].number && i < TESTBED_DRAINS_MAX; i++) {
		int socket = world_printer_socket(testbed->world, drain_ports[i].number, err);
		if (socket < 0)
			return socket;
		testbed->drains[i] =
			drain_new(testbed->loop, testbed->fleet, socket, drain_ports[i].hangs_up);
	}
	return 0;
}

static const char *region_of(const struct testbed *testbed)
{
	return testbed->scenario->region ? testbed->scenario->region : "";
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
	return cloud_add_region_user(testbed->cloud, region_of(testbed), SUPPORT_USER, serials,
				     err);
}

/* The agent's own login, and those of the crowd that it may stand for. */
static int add_agents(struct testbed *testbed, struct error *err)
{
	const char *type = agent_names[testbed->scenario->agent];
	const char *region = region_of(testbed);
	int status = cloud_add_region_agent(testbed->cloud, region, testbed->id, testbed->secret,
					    type, err);

	for (int64_t i = 1; i <= testbed->scenario->crowd && status == 0; i++) {
		AUTO_FREE char *id = launch_crowd_id(testbed->id, i);
		AUTO_FREE char *secret = launch_crowd_secret(testbed->secret, i);
		status = cloud_add_region_agent(testbed->cloud, region, id, secret, type, err);
	}
	return status;
}

static int make_cloud(struct testbed *testbed, struct error *err)
{
	struct cloud_options options = {
		.loop = testbed->loop,
		.store_path = ":memory:",
		.regions = testbed->scenario->region ? region_names : NULL,
	};
	testbed_taps_of_cloud(testbed, &options);
	testbed->cloud = cloud_new(&options, err);
	if (!testbed->cloud)
		return -EIO;
	int socket = world_cloud_socket(testbed->world, err);
	if (socket < 0)
		return socket;
	int status = cloud_listen(testbed->cloud, socket, err);
	if (status == 0)
		status = add_agents(testbed, err);
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
	testbed->ledger.file = fopen(EVIDENCE_TRUTH, "we");
	testbed->output = open(EVIDENCE_LOG, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (!testbed->ledger.file || testbed->output < 0)
		return error_set(err, errno, "cannot write the evidence: %s", strerror(errno));
	return 0;
}

struct testbed *testbed_new(const struct testbed_options *options, struct error *err)
{
	struct testbed *testbed = alloc_zero(1, sizeof(*testbed));
	testbed_taps_init(testbed);
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
		status = make_drains(testbed, err);
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
	for (size_t i = 0; i < TESTBED_DRAINS_MAX; i++)
		drain_free(testbed->drains[i]);
	fleet_free(testbed->fleet);
	world_free(testbed->world);
	for (size_t i = 0; testbed->profiles && i < testbed->scenario->printers.count; i++) {
		profile_free(testbed->profiles[i]);
		usm_users_free(testbed->users[i]);
		free(testbed->traps[i]);
	}
	free(testbed->profiles);
	free(testbed->users);
	free(testbed->traps);
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
