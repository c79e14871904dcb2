#include "conformance/live.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/match.h"
#include "sim/printer/life.h"

struct live {
	struct live_options options;
	struct profile **profiles; /* one a group; groups of one model share it */
	struct usm_users **users;  /* one a group, or NULL */
	struct trap_plan **traps;  /* likewise */
	struct fleet *fleet;
	struct device **devices; /* borrowed from the fleet */
	size_t count;
};

uint32_t live_address(uint32_t address, bool loopback)
{
	return loopback ? (address & 0xffffff) | 127u << 24 : address;
}

/* ---- as the file says ---- */

/* An error of the simulator, told at the place in the file that asked for it. */
static int blame(const struct yaml *node, int status, struct error *err)
{
	AUTO_FREE char *why = status < 0 ? alloc_text(err->text) : NULL;
	return why ? yaml_error(node, err, "%s", why) : 0;
}

static int set_inks(struct device *device, const struct yaml *inks, struct error *err)
{
	int status = 0;

	for (size_t i = 0; inks && i < inks->count && status == 0; i++) {
		const struct yaml *level = inks->items[i];
		AUTO_JSON json_t *with =
			json_pack("{s:s,s:o}", "color", level->key, "level", match_json(level));
		status = blame(level, device_do(device, "ink", with, err), err);
	}
	return status;
}

static int set_settings(struct device *device, const struct yaml *group, struct error *err)
{
	int status = 0;

	for (size_t i = 0; i < group->count && status == 0; i++) {
		const struct yaml *value = group->items[i];
		AUTO_JSON json_t *with = json_pack("{s:s,s:s,s:o}", "group", group->key, "name",
						   value->key, "value", match_json(value));
		status = blame(value, device_do(device, "setting", with, err), err);
	}
	return status;
}

static int act(struct device *device, const struct yaml *action, struct error *err)
{
	AUTO_JSON json_t *with = match_json(action);
	const char *name = yaml_get(action, "do")->text;

	json_object_del(with, "do");
	return blame(action, device_do(device, name, with, err), err);
}

static int set_up(struct device *device, const struct fleet_group *group, struct error *err)
{
	int status = set_inks(device, group->inks, err);

	for (size_t i = 0; group->settings && i < group->settings->count && status == 0; i++)
		status = set_settings(device, group->settings->items[i], err);
	for (size_t i = 0; group->actions && i < group->actions->count && status == 0; i++)
		status = act(device, group->actions->items[i], err);
	if (status < 0 || lifeplan_is_empty(&group->life))
		return status;
	const struct life_plan life = lifeplan_of(&group->life);
	return device_live(device, &life, err);
}

/* ---- making ---- */

static struct trap_plan *load_traps(const struct live *live, const struct fleet_group *group)
{
	struct trap_plan *plan = snmp_access_traps(&group->access);

	for (size_t i = 0; plan && i < plan->count; i++)
		plan->destinations[i].address =
			live_address(plan->destinations[i].address, live->options.loopback);
	return plan;
}

static int load_profiles(struct live *live, struct error *err)
{
	const struct fleetfile *file = live->options.file;

	live->profiles = alloc_zero(file->groups.count, sizeof(*live->profiles));
	live->users = alloc_zero(file->groups.count, sizeof(*live->users));
	live->traps = alloc_zero(file->groups.count, sizeof(*live->traps));
	for (size_t i = 0; i < file->groups.count; i++) {
		const struct fleet_group *group = fleetfile_group(file, i);
		live->users[i] = snmp_access_users(&group->access);
		live->traps[i] = load_traps(live, group);
		for (size_t k = 0; k < i && !live->profiles[i]; k++)
			if (!strcmp(fleetfile_group(file, k)->profile, group->profile))
				live->profiles[i] = live->profiles[k];
		AUTO_FREE char *path = fleetfile_profile_path(file, group);
		if (!live->profiles[i])
			live->profiles[i] = profile_load(path, err);
		if (!live->profiles[i])
			return -EINVAL;
	}
	return 0;
}

static int add_group(struct live *live, size_t index, struct error *err)
{
	const struct fleet_group *group = fleetfile_group(live->options.file, index);
	int status = 0;

	for (size_t i = 0; i < fleet_group_size(group) && status == 0; i++) {
		AUTO_FREE char *name = fleet_group_name(group, i);
		AUTO_FREE char *serial = fleet_group_serial(group, i);
		struct device_options options = {
			.name = name,
			.profile = live->profiles[index],
			.address =
				live_address(group->address, live->options.loopback) + (uint32_t)i,
			.serial = serial,
			.community = group->community,
			.users = live->users[index],
			.traps = live->traps[index],
			.v3_only = group->access.v3_only,
			.frozen = live->options.frozen && profile_recorded(live->profiles[index]),
		};
		struct device *device = fleet_add(live->fleet, &options, err);
		if (!device)
			return -EINVAL;
		live->devices[live->count++] = device;
		status = set_up(device, group, err);
	}
	return status;
}

static int add_groups(struct live *live, struct error *err)
{
	const struct fleetfile *file = live->options.file;
	size_t total = 0;
	int status = 0;

	for (size_t i = 0; i < file->groups.count; i++)
		total += fleet_group_size(fleetfile_group(file, i));
	live->devices = alloc_zero(total, sizeof(struct device *));
	for (size_t i = 0; i < file->groups.count && status == 0; i++)
		status = add_group(live, i, err);
	return status;
}

struct live *live_new(const struct live_options *options, struct error *err)
{
	struct live *live = alloc_zero(1, sizeof(*live));

	live->options = *options;
	live->fleet = fleet_new(&(struct fleet_options){ .loop = options->loop,
							 .time = options->time,
							 .tap = options->tap,
							 .truth = options->truth,
							 .truth_changes = true,
							 .seed = (uint64_t)options->file->seed });
	int status = load_profiles(live, err);
	if (status == 0)
		status = add_groups(live, err);
	if (status == 0)
		return live;
	live_free(live);
	return NULL;
}

void live_free(struct live *live)
{
	if (!live)
		return;
	fleet_free(live->fleet);
	for (size_t i = 0; live->profiles && i < live->options.file->groups.count; i++) {
		bool shared = false;
		for (size_t k = 0; k < i; k++)
			shared = shared || live->profiles[k] == live->profiles[i];
		if (!shared)
			profile_free(live->profiles[i]);
	}
	for (size_t i = 0; live->users && i < live->options.file->groups.count; i++) {
		usm_users_free(live->users[i]);
		free(live->traps[i]);
	}
	free(live->users);
	free(live->traps);
	free(live->profiles);
	free(live->devices);
	free(live);
}

struct fleet *live_fleet(const struct live *live)
{
	return live->fleet;
}

size_t live_count(const struct live *live)
{
	return live->count;
}

struct device *live_device(const struct live *live, size_t index)
{
	return live->devices[index];
}
