#include "conformance/fleetfile.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "conformance/data.h"
#include "conformance/match.h"
#include "conformance/names.h"
#include "sim/printer/fleet.h"

/* A unix socket's path has 107 bytes. */
enum { PANEL_NAME_MAX = 32 };

const char *const fleet_login_types[] = { "dc", "es", "mobile", "pc", NULL };

static const struct field group_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct fleet_group, name), .required = true,
	  .help = "what it is called; with a count: name-1, name-2 and so on" },
	{ "profile", FIELD_TEXT, offsetof(struct fleet_group, profile), .required = true,
	  .help = "printer model, see ecsp list profiles, or the path of a profile file" },
	{ "address", FIELD_IPV4, offsetof(struct fleet_group, address), .required = true,
	  .help = "of the first printer; the others follow" },
	{ "count", FIELD_INT, offsetof(struct fleet_group, count), .min = 1,
	  .max = FLEETFILE_PRINTERS_MAX, .help = "how many printers; 1 if absent" },
	{ "serial", FIELD_TEXT, offsetof(struct fleet_group, serial),
	  .help = "serial number; with a count: its beginning" },
	{ "community", FIELD_TEXT, offsetof(struct fleet_group, community),
	  .help = "SNMP community; public if absent" },
	SNMP_ACCESS_FIELDS(struct fleet_group, access),
	{ "panel", FIELD_BOOL, offsetof(struct fleet_group, panel),
	  .help = "true: each serves its panel, and an ES Agent es-NAME may log in" },
	{ "inks", FIELD_NODE, offsetof(struct fleet_group, inks),
	  .help = "levels at start in percent, by colour" },
	{ "settings", FIELD_NODE, offsetof(struct fleet_group, settings),
	  .help = "settings at start: group: {name: value}" },
	LIFEPLAN_FIELDS(struct fleet_group, life),
	{ "actions", FIELD_NODE, offsetof(struct fleet_group, actions),
	  .help = "what is done to each at start: a list of {do: ACTION, parameter: value}" },
	{ .name = NULL },
};
static const struct form group_form = { "printers", sizeof(struct fleet_group), group_fields };

static const struct field login_fields[] = {
	{ "id", FIELD_TEXT, offsetof(struct fleet_login, id), .required = true },
	{ "secret", FIELD_TEXT, offsetof(struct fleet_login, secret), .required = true },
	{ "type", FIELD_ENUM, offsetof(struct fleet_login, type), .required = true,
	  .names = fleet_login_types },
	{ "region", FIELD_TEXT, offsetof(struct fleet_login, region),
	  .help = "of the cloud, where the account is: eu or cn" },
	{ .name = NULL },
};
static const struct form login_form = { "a login", sizeof(struct fleet_login), login_fields };

static const struct field file_fields[] = {
	{ "format", FIELD_TEXT, offsetof(struct fleetfile, format), .required = true,
	  .help = "ecsp-fleet/1" },
	{ "seed", FIELD_INT, offsetof(struct fleetfile, seed), .min = 0, .max = INT64_MAX,
	  .help = "of what happens by chance" },
	{ "cloud", FIELD_BOOL, offsetof(struct fleetfile, cloud),
	  .help = "false: printers alone; true if absent" },
	{ "printers", FIELD_LIST, offsetof(struct fleetfile, groups), .form = &group_form,
	  .help = "groups of printers; none: a cloud alone" },
	{ "agents", FIELD_LIST, offsetof(struct fleetfile, logins), .form = &login_form,
	  .help = "who may log in to the cloud" },
	{ .name = NULL },
};
static const struct form file_form = { "a fleet", sizeof(struct fleetfile), file_fields };

/* ---- what the forms cannot say ---- */

static const struct yaml *group_node(const struct fleetfile *file, size_t index, const char *field)
{
	const struct yaml *node = yaml_get(file->root, "printers")->items[index];
	const struct yaml *part = yaml_get(node, field);
	return part ? part : node;
}

static int check_format(const struct fleetfile *file, struct error *err)
{
	if (!strcmp(file->format, "ecsp-fleet/1"))
		return 0;
	return yaml_error(yaml_get(file->root, "format"), err,
			  "found format '%s', expected ecsp-fleet/1", file->format);
}

static bool is_free_range(uint32_t first, uint32_t last)
{
	return (first >> 20 == 0x0a1 && last >> 20 == 0x0a1) ||
	       (first >> 24 == 127 && last >> 24 == 127);
}

static int check_addresses(const struct fleetfile *file, size_t index, struct error *err)
{
	const struct fleet_group *group = fleetfile_group(file, index);
	uint32_t last = group->address + (uint32_t)fleet_group_size(group) - 1;

	if (!is_free_range(group->address, last))
		return yaml_error(group_node(file, index, "address"), err,
				  "found addresses outside, expected all from 10.16.0.0 to "
				  "10.31.255.255, or from 127.0.0.0 to 127.255.255.255");
	for (size_t i = 0; i < index; i++) {
		const struct fleet_group *other = fleetfile_group(file, i);
		uint32_t end = other->address + (uint32_t)fleet_group_size(other) - 1;
		if (group->address <= end && other->address <= last)
			return yaml_error(group_node(file, index, "address"), err,
					  "found addresses that printers '%s' have, expected each "
					  "once",
					  other->name);
		if (!strcmp(group->name, other->name))
			return yaml_error(group_node(file, index, "name"), err,
					  "found two printers named '%s'", group->name);
	}
	return 0;
}

static int check_maps(const struct fleetfile *file, size_t index, struct error *err)
{
	const struct fleet_group *group = fleetfile_group(file, index);

	if (group->inks && group->inks->kind != YAML_MAP)
		return yaml_error(group->inks, err, "found no map, expected colour: percent");
	if (group->settings && group->settings->kind != YAML_MAP)
		return yaml_error(group->settings, err, "found no map, expected a settings group");
	for (size_t i = 0; group->settings && i < group->settings->count; i++)
		if (group->settings->items[i]->kind != YAML_MAP)
			return yaml_error(group->settings->items[i], err,
					  "found no map, expected name: value");
	return 0;
}

/* The name becomes part of a login and of a path. */
static int check_panel(const struct fleetfile *file, size_t index, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	const struct fleet_group *group = fleetfile_group(file, index);

	if (!group->panel ||
	    (strlen(group->name) <= PANEL_NAME_MAX && !group->name[strspn(group->name, allowed)]))
		return 0;
	return yaml_error(group_node(file, index, "name"), err,
			  "found '%s', expected of printers with a panel a name of at most %d "
			  "letters, digits, . _ -",
			  group->name, PANEL_NAME_MAX);
}

/* {do: ACTION, parameter: value} */
static int check_parameters(const struct verb *action, const struct yaml *node, struct error *err)
{
	AUTO_JSON json_t *with = match_json(node);
	struct error wrong;
	const char *guilty;

	json_object_del(with, "do");
	if (verb_check(action, with, &guilty, &wrong) == 0)
		return 0;
	return yaml_error(guilty ? yaml_get(node, guilty) : node, err, "%s", wrong.text);
}

static int check_actions(const struct fleetfile *file, size_t index, struct error *err)
{
	const struct yaml *actions = fleetfile_group(file, index)->actions;

	if (actions && actions->kind != YAML_LIST)
		return yaml_error(actions, err, "found no list, expected '- do: ACTION'");
	for (size_t i = 0; actions && i < actions->count; i++) {
		const struct yaml *name = yaml_get(actions->items[i], "do");
		if (!name || name->kind != YAML_SCALAR)
			return yaml_error(actions->items[i], err,
					  "found no action, expected 'do: ACTION'");
		const struct verb *action = verb_find(&device_actions, name->text);
		const char *near = verb_nearest(&device_actions, name->text);
		if (!action)
			return yaml_error(name, err, "found action '%s', expected %s", name->text,
					  near ? near : "one of a printer's actions");
		if (check_parameters(action, actions->items[i], err) < 0)
			return -EINVAL;
	}
	return 0;
}

static int check_life(const struct fleetfile *file, size_t index, struct error *err)
{
	struct fleet_group *group = (struct fleet_group *)fleetfile_group(file, index);
	return lifeplan_finish(&group->life, yaml_get(file->root, "printers")->items[index], err);
}

static int check_profile(const struct fleetfile *file, size_t index, struct error *err)
{
	const struct fleet_group *group = fleetfile_group(file, index);
	AUTO_FREE char *path = fleetfile_profile_path(file, group);

	if (access(path, R_OK) == 0)
		return lifeplan_fits(&group->life, yaml_get(file->root, "printers")->items[index],
				     path, err);
	return yaml_error(group_node(file, index, "profile"), err,
			  "found '%s', expected a profile that 'ecsp list profiles' shows, or a "
			  "file that ends in .yaml",
			  group->profile);
}

static int check_logins(const struct fleetfile *file, struct error *err)
{
	const struct yaml *list = yaml_get(file->root, "agents");
	int status = 0;

	for (size_t i = 0; i < file->logins.count && status == 0; i++) {
		const struct yaml *region = yaml_get(list->items[i], "region");
		status = region ? names_region(region, err) : 0;
	}
	return status;
}

static int check(const struct fleetfile *file, struct error *err)
{
	int64_t total = 0;
	int status = check_format(file, err);

	if (status == 0)
		status = check_logins(file, err);
	if (status == 0 && !file->groups.count && !file->cloud)
		return yaml_error(file->root, err, "found neither printers nor a cloud");
	for (size_t i = 0; status == 0 && i < file->groups.count; i++) {
		total += (int64_t)fleet_group_size(fleetfile_group(file, i));
		status = check_addresses(file, i, err);
		if (status == 0)
			status = check_maps(file, i, err);
		if (status == 0)
			status = check_panel(file, i, err);
		if (status == 0)
			status = check_actions(file, i, err);
		if (status == 0)
			status = check_life(file, i, err);
		if (status == 0)
			status = check_profile(file, i, err);
		if (status == 0)
			status = snmp_access_check(&fleetfile_group(file, i)->access,
						   yaml_get(file->root, "printers")->items[i], err);
	}
	if (status == 0 && total > FLEETFILE_PRINTERS_MAX)
		return yaml_error(yaml_get(file->root, "printers"), err,
				  "found %lld printers, expected at most %d", (long long)total,
				  FLEETFILE_PRINTERS_MAX);
	return status;
}

/* ---- reading ---- */

/* Takes over root, which may be NULL. */
static struct fleetfile *load(struct yaml *root, const char *path, struct error *err)
{
	struct fleetfile *file = alloc_zero(1, sizeof(*file));

	file->cloud = true;
	file->path = alloc_text(path);
	file->root = root;
	if (root && form_load(&file_form, root, file, err) == 0 && check(file, err) == 0)
		return file;
	fleetfile_free(file);
	return NULL;
}

struct fleetfile *fleetfile_load(const char *path, struct error *err)
{
	return load(yaml_read(path, err), path, err);
}

struct fleetfile *fleetfile_parse(const char *text, size_t size, const char *path,
				  struct error *err)
{
	return load(yaml_parse(text, size, path, err), path, err);
}

void fleetfile_free(struct fleetfile *file)
{
	if (!file)
		return;
	for (size_t i = 0; i < file->groups.count; i++)
		lifeplan_done(&((struct fleet_group *)file->groups.items + i)->life);
	form_done(&file_form, file);
	yaml_free(file->root);
	free(file->path);
	free(file);
}

json_t *fleetfile_schema(void)
{
	return form_schema(&file_form);
}

bool fleetfile_is(const char *path)
{
	struct error err;
	struct yaml *root = yaml_read(path, &err);
	const struct yaml *format =
		root && root->kind == YAML_MAP ? yaml_get(root, "format") : NULL;
	bool is = format && format->text && !strncmp(format->text, "ecsp-fleet/", 11);
	yaml_free(root);
	return is;
}

/* ---- one printer ---- */

static bool is_path(const char *profile)
{
	size_t size = strlen(profile);
	return size > 5 && !strcmp(profile + size - 5, ".yaml");
}

char *fleetfile_profile_path(const struct fleetfile *file, const struct fleet_group *group)
{
	if (!is_path(group->profile)) {
		AUTO_FREE char *name = alloc_printf("sim/printer/profiles/%s.yaml", group->profile);
		return data_path(name);
	}
	const char *slash = strrchr(file->path, '/');
	if (group->profile[0] == '/' || !slash)
		return alloc_text(group->profile);
	AUTO_FREE char *folder = alloc_bytes(file->path, (size_t)(slash - file->path) + 1);
	return file_join(folder, group->profile);
}

char *fleet_group_name(const struct fleet_group *group, size_t index)
{
	return group->count ? alloc_printf("%s-%zu", group->name, index + 1)
			    : alloc_text(group->name);
}

char *fleet_group_serial(const struct fleet_group *group, size_t index)
{
	if (!group->serial || !group->count)
		return alloc_text(group->serial);
	return alloc_printf("%s%05zu", group->serial, index + 1);
}

char *fleet_group_agent(const struct fleet_group *group, size_t index)
{
	AUTO_FREE char *name = fleet_group_name(group, index);
	return alloc_printf("es-%s", name);
}

char *fleet_group_secret(const struct fleetfile *file, const struct fleet_group *group,
			 size_t index)
{
	char text[DIGEST_TEXT_MAX];
	AUTO_FREE char *name = fleet_group_name(group, index);
	AUTO_FREE char *from = alloc_printf("%lld %s", (long long)file->seed, name);
	return alloc_printf("%.24s", digest_sha256(from, strlen(from), text));
}
