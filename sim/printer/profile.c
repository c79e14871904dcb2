#include "sim/printer/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/printer/frozen.h"
#include "sim/printer/model.h"
#include "sim/printer/walk.h"

const char *const event_kinds[] = { "status", "error", "warning", NULL };

#define PROFILE_FORMAT "ecsp-profile/1"

static const char *const status_forms[] = { "st2", "lines", NULL };
static const char *const input_types[] = { "roll", "manual", NULL };

static const struct field ink_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct ink_model, name), .required = true,
	  .help = "prtMarkerSuppliesDescription" },
	{ "color", FIELD_TEXT, offsetof(struct ink_model, color), .required = true,
	  .help = "code that agents report: K, C, LLK …" },
	{ "words", FIELD_TEXT, offsetof(struct ink_model, words), .required = true,
	  .help = "colour in words" },
	{ "slot", FIELD_INT, offsetof(struct ink_model, slot), .required = true, .max = 255,
	  .help = "status block: slot" },
	{ "code", FIELD_INT, offsetof(struct ink_model, code), .max = 255,
	  .help = "status block: ink colour" },
	{ "rgb", FIELD_INT, offsetof(struct ink_model, rgb), .max = 0xffffff },
	{ "capacity", FIELD_INT, offsetof(struct ink_model, capacity), .required = true, .min = 1,
	  .max = 100000000, .help = "microlitres" },
	{ "low", FIELD_INT, offsetof(struct ink_model, low), .max = 100,
	  .help = "percent from which on it is low" },
	{ "level", FIELD_INT, offsetof(struct ink_model, level), .required = true, .max = 100 },
	{ "replaced", FIELD_INT, offsetof(struct ink_model, replaced), .max = 100000 },
	{ "used", FIELD_INT, offsetof(struct ink_model, used), .max = 4000000000,
	  .help = "microlitres, cumulative" },
	{ "row", FIELD_INT, offsetof(struct ink_model, row), .max = UINT32_MAX,
	  .help = "of prtMarkerSupplies, where it is not counted on from 1" },
	{ NULL },
};

static const struct field box_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct box_model, name), .required = true },
	{ "capacity", FIELD_INT, offsetof(struct box_model, capacity), .required = true, .min = 1,
	  .max = 100000000, .help = "microlitres of waste ink" },
	{ "low", FIELD_INT, offsetof(struct box_model, low), .max = 100 },
	{ "level", FIELD_INT, offsetof(struct box_model, level), .required = true, .max = 100,
	  .help = "percent that is left" },
	{ "replaced", FIELD_INT, offsetof(struct box_model, replaced), .max = 100000 },
	{ "row", FIELD_INT, offsetof(struct box_model, row), .max = UINT32_MAX,
	  .help = "as of an ink" },
	{ NULL },
};

static const struct field input_fields[] = {
	{ "name", FIELD_TEXT, offsetof(struct input_model, name), .required = true },
	{ "type", FIELD_ENUM, offsetof(struct input_model, type), .required = true,
	  .names = input_types },
	{ NULL },
};

static const struct field roll_fields[] = {
	{ "type", FIELD_TEXT, offsetof(struct roll_model, type), .required = true },
	{ "typeId", FIELD_INT, offsetof(struct roll_model, type_id), .max = 255 },
	{ "widthTenthMm", FIELD_INT, offsetof(struct roll_model, width_tenth_mm), .required = true,
	  .min = 1, .max = 65535 },
	{ "lengthMm", FIELD_INT, offsetof(struct roll_model, length_mm), .required = true, .min = 1,
	  .max = 655350 },
	{ "remainingMm", FIELD_INT, offsetof(struct roll_model, remaining_mm), .required = true,
	  .max = 655350 },
	{ NULL },
};

#define COUNTER32_MAX UINT32_MAX

static const struct field counters_fields[] = {
	{ "printingSeconds", FIELD_INT, offsetof(struct counters_model, printing_seconds),
	  .max = COUNTER32_MAX },
	{ "lengthMm", FIELD_INT, offsetof(struct counters_model, length_mm), .max = INT32_MAX },
	{ "squareCm", FIELD_INT, offsetof(struct counters_model, square_cm), .max = INT32_MAX },
	{ "cuts", FIELD_INT, offsetof(struct counters_model, cuts), .max = INT32_MAX },
	{ "sheets", FIELD_INT, offsetof(struct counters_model, sheets), .max = COUNTER32_MAX },
	{ "sheetsSinceOn", FIELD_INT, offsetof(struct counters_model, sheets_since_on),
	  .max = COUNTER32_MAX },
	{ NULL },
};

static const struct field firmware_fields[] = {
	{ "main", FIELD_TEXT, offsetof(struct firmware_model, main), .required = true },
	{ "network", FIELD_TEXT, offsetof(struct firmware_model, network), .required = true },
	{ "package", FIELD_TEXT, offsetof(struct firmware_model, package), .required = true },
	{ NULL },
};

static const struct field settings_fields[] = {
	{ "panel", FIELD_NODE, offsetof(struct settings_model, group[0]), .help = "D12" },
	{ "printer", FIELD_NODE, offsetof(struct settings_model, group[1]), .help = "D13" },
	{ "maintenance", FIELD_NODE, offsetof(struct settings_model, group[2]), .help = "D14" },
	{ "media", FIELD_NODE, offsetof(struct settings_model, group[3]), .help = "D15" },
	{ NULL },
};

static const struct field event_fields[] = {
	{ "ago", FIELD_DURATION, offsetof(struct event_model, ago), .required = true },
	{ "kind", FIELD_ENUM, offsetof(struct event_model, kind), .required = true,
	  .names = event_kinds },
	{ "code", FIELD_TEXT, offsetof(struct event_model, code), .required = true },
	{ NULL },
};

static const struct field care_fields[] = {
	{ "ago", FIELD_DURATION, offsetof(struct care_model, ago), .required = true },
	{ "what", FIELD_TEXT, offsetof(struct care_model, what), .required = true },
	{ NULL },
};

static const struct field job_fields[] = {
	{ "ago", FIELD_DURATION, offsetof(struct job_model, ago), .required = true,
	  .help = "since it started" },
	{ "seconds", FIELD_INT, offsetof(struct job_model, seconds), .required = true,
	  .max = 1000000 },
	{ "lengthMm", FIELD_INT, offsetof(struct job_model, length_mm), .max = INT32_MAX },
	{ "squareCm", FIELD_INT, offsetof(struct job_model, square_cm), .max = INT32_MAX },
	{ "microlitres", FIELD_INT, offsetof(struct job_model, microlitres), .max = INT32_MAX },
	{ "result", FIELD_TEXT, offsetof(struct job_model, result), .required = true },
	{ "document", FIELD_TEXT, offsetof(struct job_model, document), .required = true },
	{ "owner", FIELD_TEXT, offsetof(struct job_model, owner), .required = true },
	{ NULL },
};

static const struct {
	const char *name;
	enum mib_type type;
} types[] = {
	{ "int", MIB_INTEGER }, { "text", MIB_OCTETS },     { "hex", MIB_OCTETS },
	{ "oid", MIB_OID },     { "counter", MIB_COUNTER }, { "gauge", MIB_GAUGE },
	{ "ticks", MIB_TICKS }, { "address", MIB_ADDRESS },
};
static const char *const row_types[] = { "int",   "text",  "hex",     "oid", "counter",
					 "gauge", "ticks", "address", NULL };
enum { ROW_HEX = 2 };

static const struct field row_fields[] = {
	{ "oid", FIELD_TEXT, offsetof(struct row_model, oid), .required = true },
	{ "type", FIELD_ENUM, offsetof(struct row_model, type), .required = true,
	  .names = row_types },
	{ "value", FIELD_TEXT, offsetof(struct row_model, value), .help = "one cell at oid" },
	{ "values", FIELD_TEXTS, offsetof(struct row_model, values),
	  .help = "cells at oid.1, oid.2 …" },
	{ "synthetic", FIELD_BOOL, offsetof(struct row_model, synthetic),
	  .help = "true: no real device was seen to answer this" },
	{ NULL },
};

static const struct field enpc_fields[] = {
	{ "function", FIELD_TEXT, offsetof(struct enpc_model, function), .required = true,
	  .help = "device type and function, 02-0000" },
	{ "payload", FIELD_TEXT, offsetof(struct enpc_model, payload), .required = true,
	  .help = "hex" },
	{ NULL },
};

#define FORM(noun, words)                                                                          \
	static const struct form noun##_form = { words, sizeof(struct noun##_model), noun##_fields }
FORM(ink, "an ink");
FORM(box, "a maintenance box");
FORM(input, "an input");
FORM(roll, "a roll");
FORM(counters, "counters");
FORM(firmware, "firmware versions");
FORM(settings, "groups of settings");
FORM(event, "an entry of the event log");
FORM(care, "an entry of a care log");
FORM(job, "an entry of the job log");
FORM(row, "rows of the MIB");
FORM(enpc, "a recorded reply on UDP 3289");

#define LIST(name_, member, form_, max_)                                                           \
	{                                                                                          \
		name_, FIELD_LIST, offsetof(struct profile, member), .max = (max_),                \
								     .form = &(form_)              \
	}
#define TEXT(name_, member, ...)                                                                   \
	{                                                                                          \
		name_, FIELD_TEXT, offsetof(struct profile, member), .required = true, __VA_ARGS__ \
	}

static const struct field profile_fields[] = {
	TEXT("format", format, .help = PROFILE_FORMAT),
	TEXT("name", name, .help = "as fleets name this profile"),
	TEXT("maker", maker),
	TEXT("model", model),
	TEXT("serialPrefix", serial_prefix, .help = "four characters before six of the address"),
	TEXT("deviceId", device_id, .help = "IEEE 1284; {model} and {serial} are filled in"),
	TEXT("system", system_text, .help = "sysDescr"),
	TEXT("interface", interface_text, .help = "ifDescr"),
	TEXT("region", region, .help = "synthetic: D04"),
	TEXT("country", country, .help = "synthetic: D05"),
	{ "selfDiagnosis", FIELD_BOOL, offsetof(struct profile, self_diagnosis) },
	{ "epson", FIELD_BOOL, offsetof(struct profile, epson),
	  .help = "answers ENPC, the status block and enterprise 1248" },
	{ "status", FIELD_ENUM, offsetof(struct profile, status_form), .names = status_forms,
	  .help = "form of the status block: @BDC ST2, or the lines of ESC/Label" },
	{ "recorded", FIELD_BOOL, offsetof(struct profile, recorded),
	  .help = "rows are a whole walk; see docs/recording.md" },
	{ "extension", FIELD_BOOL, offsetof(struct profile, extension),
	  .help = "synthetic: answers the branch of docs/printer-extension.md" },
	{ "netmask", FIELD_IPV4, offsetof(struct profile, netmask), .required = true },
	{ "gateway", FIELD_IPV4, offsetof(struct profile, gateway), .required = true },
	{ "clockOffsetMs", FIELD_INT, offsetof(struct profile, clock_offset_ms), .min = -86400000,
	  .max = 86400000 },
	{ "firmware", FIELD_FORM, offsetof(struct profile, firmware), .required = true,
	  .form = &firmware_form },
	LIST("inks", inks, ink_form, INKS_MAX),
	LIST("boxes", boxes, box_form, BOXES_MAX),
	LIST("inputs", inputs, input_form, 8),
	{ "covers", FIELD_TEXTS, offsetof(struct profile, covers), .max = COVERS_MAX },
	{ "roll", FIELD_FORM, offsetof(struct profile, roll), .required = true,
	  .form = &roll_form },
	{ "counters", FIELD_FORM, offsetof(struct profile, counters), .form = &counters_form },
	{ "settings", FIELD_FORM, offsetof(struct profile, settings), .form = &settings_form },
	LIST("events", events, event_form, 16),
	LIST("cleanings", cleanings, care_form, 16),
	LIST("maintenances", maintenances, care_form, 16),
	LIST("jobs", jobs, job_form, 16),
	LIST("rows", rows, row_form, WALK_ROWS_MAX),
	LIST("enpc", enpc, enpc_form, 16),
	{ NULL },
};

const struct form profile_form = { "a printer profile", sizeof(struct profile), profile_fields };

/* ---- settings ---- */

static json_t *scalar_value(const struct yaml *node)
{
	char *end;
	errno = 0;
	long long number = strtoll(node->text, &end, 10);
	if (!node->quoted && end != node->text && !*end && !errno)
		return json_integer(number);
	return json_string(node->text);
}

static int load_group(const struct yaml *map, json_t **group, struct error *err)
{
	*group = json_object();
	if (!map)
		return 0;
	if (map->kind != YAML_MAP)
		return yaml_error(map, err, "found no map, expected settings (name: value)");
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml *node = map->items[i];
		if (node->kind != YAML_SCALAR || !*node->text)
			return yaml_error(node, err, "expected a text or a whole number");
		json_object_set_new(*group, node->key, scalar_value(node));
	}
	return 0;
}

/* ---- rows ---- */

static bool hex_bytes(const char *text, struct buf *out)
{
	size_t size = strlen(text);
	for (size_t i = 0; i + 1 < size; i += 2) {
		char pair[3] = { text[i], text[i + 1], 0 };
		char *end;
		unsigned long byte = strtoul(pair, &end, 16);
		if (end != pair + 2)
			return false;
		buf_add_u8(out, (uint8_t)byte);
	}
	return size % 2 == 0;
}

static bool number_value(const char *text, int64_t *number)
{
	char *end;
	errno = 0;
	*number = strtoll(text, &end, 10);
	return end != text && !*end && !errno && *number >= INT32_MIN && *number <= UINT32_MAX;
}

static bool put_cell(struct mib *mib, const struct row_model *row, const struct oid *at,
		     const char *value)
{
	enum mib_type type = types[row->type].type;
	struct buf bytes;
	struct oid to;
	uint32_t address;
	int64_t number;
	bool valid;

	switch (type) {
	case MIB_OCTETS:
		buf_init(&bytes, 4096);
		valid = row->type == ROW_HEX ? hex_bytes(value, &bytes)
					     : buf_add_text(&bytes, value);
		if (valid)
			mib_put(mib, at, 1, type, 0, buf_text(&bytes), bytes.size);
		buf_done(&bytes);
		return valid;
	case MIB_OID:
		valid = oid_parse(value, &to);
		if (valid)
			mib_put(mib, at, 1, type, 0, to.id, to.count * sizeof(uint32_t));
		return valid;
	case MIB_ADDRESS:
		valid = ipv4_parse(value, &address);
		if (valid)
			mib_put(mib, at, 1, type, address, NULL, 0);
		return valid;
	case MIB_INTEGER:
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		break;
	}
	valid = number_value(value, &number);
	if (valid)
		mib_put(mib, at, 1, type, number, NULL, 0);
	return valid;
}

static bool put_row(struct mib *mib, const struct row_model *row, const char **bad)
{
	struct oid at;
	*bad = row->oid;
	if (!oid_parse(row->oid, &at) || at.count < 3)
		return false;
	*bad = row->value;
	if (row->value && !put_cell(mib, row, &at, row->value))
		return false;
	for (size_t i = 0; i < row->values.count; i++) {
		struct oid cell = at;
		*bad = ((char **)row->values.items)[i];
		if (!oid_add(&cell, (uint32_t)i + 1) || !put_cell(mib, row, &cell, *bad))
			return false;
	}
	return row->value || row->values.count;
}

static int load_rows(struct profile *profile, const struct yaml *root, struct error *err)
{
	const struct yaml *list = yaml_get(root, "rows");
	profile->common = mib_new();
	for (size_t i = 0; i < profile->rows.count; i++) {
		const struct row_model *row = (struct row_model *)profile->rows.items + i;
		const char *bad;
		if (!put_row(profile->common, row, &bad))
			return yaml_error(list->items[i], err,
					  "found '%s', expected a dotted OID and value of type %s",
					  bad ? bad : "nothing", row_types[row->type]);
	}
	mib_finish(profile->common, NULL);
	if (profile->recorded)
		profile->rest = frozen_rest(profile->common);
	return 0;
}

static int check_enpc(const struct profile *profile, const struct yaml *root, struct error *err)
{
	const struct yaml *list = yaml_get(root, "enpc");
	for (size_t i = 0; i < profile->enpc.count; i++) {
		const struct enpc_model *reply = (struct enpc_model *)profile->enpc.items + i;
		struct buf payload;
		buf_init(&payload, 1024);
		bool valid = hex_bytes(reply->payload, &payload) && !payload.failed;
		buf_done(&payload);
		if (!valid)
			return yaml_error(list->items[i], err,
					  "found '%.40s', expected up to 1024 bytes in hex",
					  reply->payload);
	}
	return 0;
}

/* ---- the file ---- */

static int check(const struct profile *profile, const struct yaml *root, struct error *err)
{
	if (strcmp(profile->format, PROFILE_FORMAT) != 0)
		return yaml_error(yaml_get(root, "format"), err, "found '%s', expected %s",
				  profile->format, PROFILE_FORMAT);
	if (strlen(profile->serial_prefix) != 4)
		return yaml_error(yaml_get(root, "serialPrefix"), err,
				  "found '%s', expected four characters", profile->serial_prefix);
	if (!profile->covers.count || !profile->inputs.count)
		return yaml_error(root, err, "expected at least one of covers and one of inputs");
	return check_enpc(profile, root, err);
}

static int load(struct profile *profile, const char *path, struct error *err)
{
	profile->source = yaml_read(path, err);
	if (!profile->source)
		return -EINVAL;
	int status = form_load(&profile_form, profile->source, profile, err);
	if (status >= 0)
		status = check(profile, profile->source, err);
	for (size_t i = 0; status >= 0 && i < COUNT_OF(profile->groups); i++)
		status = load_group(profile->settings.group[i], &profile->groups[i], err);
	return status < 0 ? status : load_rows(profile, profile->source, err);
}

struct profile *profile_load(const char *path, struct error *err)
{
	struct profile *profile = alloc_zero(1, sizeof(*profile));
	if (load(profile, path, err) >= 0)
		return profile;
	profile_free(profile);
	return NULL;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	form_done(&profile_form, profile);
	for (size_t i = 0; i < COUNT_OF(profile->groups); i++)
		json_decref(profile->groups[i]);
	mib_free(profile->rest);
	mib_free(profile->common);
	yaml_free(profile->source);
	free(profile);
}

const char *profile_name(const struct profile *profile)
{
	return profile->name;
}

bool profile_recorded(const struct profile *profile)
{
	return profile->recorded;
}

json_t *profile_schema(void)
{
	return form_schema(&profile_form);
}
