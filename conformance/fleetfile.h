/* fleetfile.h: FLEET.yaml: which printers stand in a living world, and who may log in to its cloud.
 *
 * A group of printers is one entry with a count; its members are told apart by a number behind the
 * name and by the addresses that follow the first. docs/fleet-format.md explains every field. */
#ifndef CONFORMANCE_FLEETFILE_H
#define CONFORMANCE_FLEETFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/form.h"
#include "conformance/lifeplan.h"
#include "conformance/snmp_access.h"

enum { FLEETFILE_PRINTERS_MAX = 100000 };

struct fleet_group {
	char *name;
	char *profile;    /* a known name, or a path beside the file that ends in .yaml */
	uint32_t address; /* of the first, host order; 10.16.0.0 to 10.31.255.255 or 127.x */
	int64_t count;    /* 0: one, under its plain name */
	char *serial;     /* NULL: the simulator's choice; a prefix when there is a count */
	char *community;  /* NULL: public */
	struct snmp_access access;
	bool panel;              /* each serves its panel, and an ES Agent of its own may log in */
	const struct yaml *inks; /* colour: percent; NULL */
	const struct yaml *settings; /* group: {name: value}; NULL */
	struct lifeplan life;        /* what happens to each by itself */
	const struct yaml *actions;  /* at start: list of maps with do: ACTION; NULL */
};

struct fleet_login {
	char *id, *secret;
	int type;     /* index of fleet_login_types */
	char *region; /* of the cloud; NULL: none */
};
extern const char *const fleet_login_types[]; /* dc, es, mobile, pc */

struct fleetfile {
	struct yaml *root; /* owned */
	char *path;
	char *format;
	int64_t seed;
	bool cloud;
	struct form_list groups; /* struct fleet_group */
	struct form_list logins; /* struct fleet_login */
};

/* NULL on error: file:line:column, what was found, what was expected. */
struct fleetfile *fleetfile_load(const char *path, struct error *err);
/* The same from text; path is its name in errors, and where profiles beside it are looked for. */
struct fleetfile *fleetfile_parse(const char *text, size_t size, const char *path,
				  struct error *err);
void fleetfile_free(struct fleetfile *file);
json_t *fleetfile_schema(void); /* JSON Schema 2020-12; caller owns */

/* Does the file say that it is a fleet? What cannot be read does not. */
bool fleetfile_is(const char *path);

static inline const struct fleet_group *fleetfile_group(const struct fleetfile *file, size_t index)
{
	return (const struct fleet_group *)file->groups.items + index;
}

static inline size_t fleet_group_size(const struct fleet_group *group)
{
	return group->count ? (size_t)group->count : 1;
}

/* Path of the profile of a group; caller frees. */
char *fleetfile_profile_path(const struct fleetfile *file, const struct fleet_group *group);

/* "lobby", or "lobby-3" for the third of a group. Caller frees. */
char *fleet_group_name(const struct fleet_group *group, size_t index);
/* The serial in the same manner, "XT24003" or NULL. Caller frees. */
char *fleet_group_serial(const struct fleet_group *group, size_t index);
/* Of a printer with a panel: the id of its ES Agent, "es-lobby-3", and what it logs in with, which
 * follows from the file's seed. Caller frees. */
char *fleet_group_agent(const struct fleet_group *group, size_t index);
char *fleet_group_secret(const struct fleetfile *file, const struct fleet_group *group,
			 size_t index);

#endif
