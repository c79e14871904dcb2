#include "sim/cloud/message.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"

enum { RECORDS_MAX = 1000, ROWS_MAX = 10000, SETTINGS_MAX = 200, DEPTH_TEXT_MAX = 256 };

enum shape_type {
	SHAPE_TEXT,     /* min to max characters */
	SHAPE_WORD,     /* one of names */
	SHAPE_INTEGER,  /* min to max */
	SHAPE_TIME,     /* RFC 3339, UTC, Z, at most milliseconds */
	SHAPE_SECONDS,  /* as SHAPE_TIME without decimals */
	SHAPE_CODE,     /* E or W and two upper-case hex digits */
	SHAPE_HISTORY,  /* a code or a status word */
	SHAPE_COUNTRY,  /* two upper-case letters */
	SHAPE_ADDRESS,  /* IPv4, dotted */
	SHAPE_SETTINGS, /* object of text or integers, at most max members */
	SHAPE_OBJECT,   /* members */
	SHAPE_LIST,     /* min to max of `of` */
};

struct shape {
	enum shape_type type;
	int64_t min, max;
	const char *const *names;
	const struct member *members;
	const struct shape *of;
};

struct member {
	const char *name;
	const char *item; /* of the guideline's list, or NULL */
	bool required;
	const struct shape *shape;
};

#define TEXT(most)     (&(const struct shape){ SHAPE_TEXT, .min = 1, .max = (most) })
#define COUNT          (&(const struct shape){ SHAPE_INTEGER, .max = INT64_MAX })
#define RANGE(low, up) (&(const struct shape){ SHAPE_INTEGER, .min = (low), .max = (up) })
#define WORD(list)     (&(const struct shape){ SHAPE_WORD, .names = (list) })
#define TIME           (&(const struct shape){ SHAPE_TIME })
#define SECONDS        (&(const struct shape){ SHAPE_SECONDS })
#define SETTINGS       (&(const struct shape){ SHAPE_SETTINGS, .max = SETTINGS_MAX })
#define OBJECT(table)  (&(const struct shape){ SHAPE_OBJECT, .members = (table) })
#define LIST(one)      (&(const struct shape){ SHAPE_LIST, .max = ROWS_MAX, .of = (one) })
#define ROWS(table)    LIST(OBJECT(table))

static const char *const agent_types[] = { "dc", "es", NULL };
static const char *const collections[] = { ECSP_SCHEDULED, ECSP_EVENT, ECSP_COMMAND, NULL };
static const char *const products[] = { "workstation", "server", NULL };
static const char *const statuses[] = {
	"error",    "self-printing", "busy",     "printing", "idle",         "paused",   "drying",
	"cleaning", "uninitialised", "sleeping", "off",      "initialising", "charging", NULL,
};
static const char *const history_kinds[] = { "status", "error", "warning", NULL };
static const char *const consumable_kinds[] = { "ink", "box", NULL };
static const char *const cleaning_kinds[] = { "auto", "manual", "remote", NULL };
static const char *const job_results[] = { "ok", "cancelled", "error", NULL };
static const char *const operations[] = { ECSP_OP_STATUS, ECSP_OP_CLEAN, ECSP_OP_DIAGNOSE, NULL };
static const char *const outcomes[] = { ECSP_DONE, ECSP_REFUSED, ECSP_FAILED, NULL };
static const char *const refusals[] = { "not-designated", "expired", "unsupported", "malformed",
					NULL };
static const char *const applied_outcomes[] = { ECSP_APPLIED, ECSP_REFUSED, NULL };
static const char *const applied_reasons[] = { "malformed", "older", NULL };
static const char *const failures[] = { "unreachable", "busy", NULL };

static const struct member registration_agent[] = {
	{ "id", "A01", true, TEXT(64) },
	{ "type", "A02", true, WORD(agent_types) },
	{ "version", "A03", true, TEXT(64) },
	{ "hostname", "A06", false, TEXT(255) },
	{ "os", "A07", false, TEXT(64) },
	{ "osVersion", "A08", false, TEXT(255) },
	{ "osProductType", "A09", false, WORD(products) },
	{ NULL },
};

static const struct member upload_agent[] = {
	{ "id", "A01", true, TEXT(64) },
	{ "type", "A02", true, WORD(agent_types) },
	{ "version", "A03", true, TEXT(64) },
	{ "collection", "A04", true, WORD(collections) },
	{ "sent", "A05", true, TIME },
	{ "hostname", "A06", false, TEXT(255) },
	{ "os", "A07", false, TEXT(64) },
	{ "osVersion", "A08", false, TEXT(255) },
	{ "osProductType", "A09", false, WORD(products) },
	{ "dropped", NULL, false, RANGE(1, INT64_MAX) },
	{ NULL },
};

static const struct shape code = { SHAPE_CODE };

static const struct member history[] = {
	{ "number", NULL, true, COUNT },
	{ "time", NULL, true, SECONDS },
	{ "kind", NULL, true, WORD(history_kinds) },
	{ "code", NULL, true, &(const struct shape){ SHAPE_HISTORY } },
	{ NULL },
};

static const struct member consumables[] = {
	{ "name", NULL, true, TEXT(255) },  { "kind", NULL, true, WORD(consumable_kinds) },
	{ "color", NULL, false, TEXT(32) }, { "level", NULL, false, RANGE(0, 100) },
	{ "replaced", NULL, false, COUNT }, { NULL },
};

static const struct member cleanings[] = {
	{ "number", NULL, true, COUNT },
	{ "time", NULL, true, SECONDS },
	{ "kind", NULL, true, WORD(cleaning_kinds) },
	{ NULL },
};

static const struct member maintenances[] = {
	{ "number", NULL, true, COUNT },
	{ "time", NULL, true, SECONDS },
	{ "part", NULL, true, TEXT(255) },
	{ NULL },
};

static const struct member ink_usage[] = {
	{ "color", NULL, true, TEXT(32) },
	{ "microlitres", NULL, true, COUNT },
	{ NULL },
};

/* No document, no owner: print data stays where it is (COL-7). */
static const struct member jobs[] = {
	{ "number", NULL, true, COUNT },
	{ "started", NULL, true, SECONDS },
	{ "ended", NULL, true, SECONDS },
	{ "lengthMm", NULL, false, COUNT },
	{ "squareCm", NULL, false, COUNT },
	{ "microlitres", NULL, false, COUNT },
	{ "result", NULL, true, WORD(job_results) },
	{ NULL },
};

static const struct member record[] = {
	{ "record", NULL, true, TEXT(64) },
	{ "manufacturer", "D01", false, TEXT(255) },
	{ "model", "D02", false, TEXT(255) },
	{ "serial", "D03", true, TEXT(64) },
	{ "region", "D04", false, TEXT(16) },
	{ "country", "D05", false, &(const struct shape){ SHAPE_COUNTRY } },
	{ "time", "D06", false, SECONDS },
	{ "acquired", "D07", true, TIME },
	{ "firmware", "D08", false, TEXT(255) },
	{ "status", "D09", false, WORD(statuses) },
	{ "codes", "D10", false, LIST(&code) },
	{ "history", "D11", false, ROWS(history) },
	{ "panel", "D12", false, SETTINGS },
	{ "printer", "D13", false, SETTINGS },
	{ "maintenance", "D14", false, SETTINGS },
	{ "media", "D15", false, SETTINGS },
	{ "network", "D16", false, SETTINGS },
	{ "consumables", "D17", false, ROWS(consumables) },
	{ "cleanings", "D18", false, ROWS(cleanings) },
	{ "maintenances", "D19", false, ROWS(maintenances) },
	{ "inkUsage", "D20", false, ROWS(ink_usage) },
	{ "printingSeconds", "D21", false, COUNT },
	{ "printedSquareCm", "D22", false, COUNT },
	{ "jobs", "D23", false, ROWS(jobs) },
	{ NULL },
};

static const struct member registration[] = {
	{ "agent", NULL, true, OBJECT(registration_agent) },
	{ NULL },
};

static const struct shape records = { SHAPE_LIST, .min = 1, .max = RECORDS_MAX,
				      .of = OBJECT(record) };

static const struct member upload[] = {
	{ "agent", NULL, true, OBJECT(upload_agent) },
	{ "records", NULL, true, &records },
	{ NULL },
};

static const struct member command[] = {
	{ "command", NULL, true, TEXT(64) }, { "operation", NULL, true, WORD(operations) },
	{ "serial", "D03", true, TEXT(64) }, { "issued", NULL, true, TIME },
	{ "expires", NULL, true, TIME },     { NULL },
};

static const struct member result[] = {
	{ "command", NULL, true, TEXT(64) },
	{ "serial", "D03", true, TEXT(64) },
	{ "outcome", NULL, true, WORD(outcomes) },
	{ "reason", NULL, false, TEXT(64) },
	{ "time", NULL, true, TIME },
	{ "detail", NULL, false, SETTINGS },
	{ NULL },
};

/* As many as an agent takes. */
static const struct shape addresses = { SHAPE_LIST, .max = 4096,
					.of = &(const struct shape){ SHAPE_ADDRESS } };

static const struct member configuration[] = {
	{ "version", NULL, true, RANGE(1, INT32_MAX) },
	{ "intervalMs", NULL, false, RANGE(100, 604800000) },
	{ "pollMs", NULL, false, RANGE(50, 86400000) },
	{ "designated", NULL, false, &addresses },
	{ NULL },
};

static const struct member applied[] = {
	{ "version", NULL, false, RANGE(1, INT32_MAX) },
	{ "outcome", NULL, true, WORD(applied_outcomes) },
	{ "reason", NULL, false, WORD(applied_reasons) },
	{ "notAdmitted", NULL, false, &addresses },
	{ NULL },
};

const char *const message_names[] = { "registration",  "upload",  "command", "result",
				      "configuration", "applied", NULL };
static const struct member *const messages[MESSAGE_KIND_COUNT] = { registration,  upload,
								   command,       result,
								   configuration, applied };

/* Where the check stands: the pointer grows and shrinks with it. */
struct place {
	char pointer[DEPTH_TEXT_MAX];
	size_t size;
	const char *item;
	struct error *err;
};

static const char *type_name(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",   [JSON_STRING] = "text",
		[JSON_INTEGER] = "integer",  [JSON_REAL] = "a decimal", [JSON_TRUE] = "true",
		[JSON_FALSE] = "false",      [JSON_NULL] = "null",
	};
	return names[json_typeof(value)];
}

static int refuse(const struct place *place, const char *found, const char *expected)
{
	const char *item = place->item;
	return error_set(place->err, EINVAL, "%s%s%s%s: found %.64s, expected %s",
			 place->size ? place->pointer : "/", item ? " (" : "", item ? item : "",
			 item ? ")" : "", found, expected);
}

static int refuse_value(const struct place *place, const json_t *value, const char *expected)
{
	return refuse(place, json_is_string(value) ? json_string_value(value) : type_name(value),
		      expected);
}

/* Goes one step down and says how to come back. Too deep a pointer is cut, never overrun. */
static size_t enter(struct place *place, const char *name, size_t index)
{
	size_t before = place->size;
	size_t left = sizeof(place->pointer) - before;
	int added = name ? snprintf(place->pointer + before, left, "/%.64s", name)
			 : snprintf(place->pointer + before, left, "/%zu", index);
	place->size += (size_t)added < left ? (size_t)added : left - 1;
	return before;
}

static void leave(struct place *place, size_t before)
{
	place->size = before;
	place->pointer[before] = 0;
}

static bool is_word(const char *text, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(text, *names))
			return true;
	return false;
}

static size_t characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

/* decimals: how many digits may follow the seconds. */
static bool is_time(const char *text, size_t decimals)
{
	const char *dot = strchr(text, '.');
	size_t size = strlen(text);
	size_t digits = dot ? size - (size_t)(dot - text) - 2 : 0;
	int64_t ns;

	if (!wall_parse(text, &ns) || text[10] != 'T' || text[size - 1] != 'Z')
		return false;
	return dot ? digits >= 1 && digits <= decimals : true;
}

static bool is_code(const char *text)
{
	return (text[0] == 'E' || text[0] == 'W') && strlen(text) == 3 &&
	       strspn(text + 1, "0123456789ABCDEF") == 2;
}

static bool is_country(const char *text)
{
	return strlen(text) == 2 && isupper((unsigned char)text[0]) &&
	       isupper((unsigned char)text[1]);
}

static int check(struct place *place, const struct shape *shape, const json_t *value);

static int check_member(struct place *place, const struct member *member, const json_t *value)
{
	const char *item = place->item;
	size_t before = enter(place, member->name, 0);

	if (member->item)
		place->item = member->item;
	int status = check(place, member->shape, value);
	place->item = item;
	leave(place, before);
	return status;
}

static const struct member *find_member(const struct member *members, const char *name)
{
	for (; members->name; members++)
		if (!strcmp(members->name, name))
			return members;
	return NULL;
}

static int check_object(struct place *place, const struct member *members, const json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)object, name, value) {
		const struct member *member = find_member(members, name);
		if (!member) {
			enter(place, name, 0);
			return refuse(place, "a member that is not declared", "none");
		}
		int status = check_member(place, member, value);
		if (status)
			return status;
	}
	for (const struct member *member = members; member->name; member++)
		if (member->required && !json_object_get(object, member->name)) {
			enter(place, member->name, 0);
			place->item = member->item;
			return refuse(place, "nothing", "this member");
		}
	return 0;
}

static int check_list(struct place *place, const struct shape *shape, const json_t *list)
{
	size_t count = json_array_size(list);

	if (count < (size_t)shape->min)
		return refuse(place, "an empty list", "at least one");
	if (count > (size_t)shape->max)
		return refuse(place, "too many", "fewer");
	for (size_t i = 0; i < count; i++) {
		size_t before = enter(place, NULL, i);
		int status = check(place, shape->of, json_array_get(list, i));
		if (status)
			return status;
		leave(place, before);
	}
	return 0;
}

static int check_settings(struct place *place, const struct shape *shape, const json_t *object)
{
	const char *name;
	json_t *value;

	if (json_object_size(object) > (size_t)shape->max)
		return refuse(place, "too many", "fewer");
	json_object_foreach ((json_t *)object, name, value)
		if (!json_is_string(value) && !json_is_integer(value)) {
			enter(place, name, 0);
			return refuse_value(place, value, "text or integer");
		}
	return 0;
}

static int check_integer(struct place *place, const struct shape *shape, const json_t *value)
{
	if (!json_is_integer(value))
		return refuse_value(place, value, "integer");
	if (json_integer_value(value) < shape->min)
		return refuse(place, "too small a number", "more");
	if (json_integer_value(value) > shape->max)
		return refuse(place, "too large a number", "less");
	return 0;
}

static const char *expected_text(const struct shape *shape, const char *text)
{
	size_t count = characters(text);
	uint32_t address;

	switch (shape->type) {
	case SHAPE_TEXT:
		return count >= (size_t)shape->min && count <= (size_t)shape->max
			       ? NULL
			       : "text of another length";
	case SHAPE_WORD:
		return is_word(text, shape->names) ? NULL : "one of the declared words";
	case SHAPE_TIME:
		return is_time(text, 3) ? NULL : "RFC 3339 in UTC with Z, at most milliseconds";
	case SHAPE_SECONDS:
		return is_time(text, 0) ? NULL : "RFC 3339 in UTC with Z, whole seconds";
	case SHAPE_CODE:
		return is_code(text) ? NULL : "E or W and two hex digits";
	case SHAPE_HISTORY:
		return is_code(text) || is_word(text, statuses) ? NULL : "a code or a status word";
	case SHAPE_COUNTRY:
		return is_country(text) ? NULL : "ISO 3166 alpha-2";
	case SHAPE_ADDRESS:
		return ipv4_parse(text, &address) ? NULL : "an IPv4 address";
	case SHAPE_INTEGER:
	case SHAPE_SETTINGS:
	case SHAPE_OBJECT:
	case SHAPE_LIST:
		break;
	}
	return NULL;
}

static int check_text(struct place *place, const struct shape *shape, const json_t *value)
{
	if (!json_is_string(value))
		return refuse_value(place, value, "text");
	const char *expected = expected_text(shape, json_string_value(value));
	return expected ? refuse_value(place, value, expected) : 0;
}

static int check(struct place *place, const struct shape *shape, const json_t *value)
{
	switch (shape->type) {
	case SHAPE_INTEGER:
		return check_integer(place, shape, value);
	case SHAPE_SETTINGS:
		return json_is_object(value) ? check_settings(place, shape, value)
					     : refuse_value(place, value, "an object");
	case SHAPE_OBJECT:
		return json_is_object(value) ? check_object(place, shape->members, value)
					     : refuse_value(place, value, "an object");
	case SHAPE_LIST:
		return json_is_array(value) ? check_list(place, shape, value)
					    : refuse_value(place, value, "a list");
	case SHAPE_TEXT:
	case SHAPE_WORD:
	case SHAPE_TIME:
	case SHAPE_SECONDS:
	case SHAPE_CODE:
	case SHAPE_HISTORY:
	case SHAPE_COUNTRY:
	case SHAPE_ADDRESS:
		break;
	}
	return check_text(place, shape, value);
}

/* done has no reason; refused and failed have one of their own. */
static int check_reason(struct place *place, const json_t *message)
{
	const char *outcome = json_text_of(message, "outcome", "");
	const char *reason = json_text_of(message, "reason", NULL);
	const char *const *allowed = strcmp(outcome, ECSP_FAILED) ? refusals : failures;

	enter(place, "reason", 0);
	if (!strcmp(outcome, ECSP_DONE))
		return reason ? refuse(place, reason, "nothing with \"done\"") : 0;
	if (!reason)
		return refuse(place, "nothing", "why it was not done");
	return is_word(reason, allowed) ? 0 : refuse(place, reason, "a reason of this outcome");
}

/* applied has a version and no reason, refused a reason. */
static int check_applied(struct place *place, const json_t *message)
{
	bool done = !strcmp(json_text_of(message, "outcome", ""), ECSP_APPLIED);
	const char *reason = json_text_of(message, "reason", NULL);

	enter(place, done && !reason ? "version" : "reason", 0);
	if (done && reason)
		return refuse(place, reason, "nothing with \"applied\"");
	if (done)
		return json_object_get(message, "version") ? 0
							   : refuse(place, "nothing", "which one");
	return reason ? 0 : refuse(place, "nothing", "why it was refused");
}

int message_check(enum message_kind kind, const json_t *message, struct error *err)
{
	struct place place = { .err = err };
	int status = check(&place, OBJECT(messages[kind]), message);

	if (!status && kind == MESSAGE_RESULT)
		status = check_reason(&place, message);
	if (!status && kind == MESSAGE_APPLIED)
		status = check_applied(&place, message);
	return status;
}

json_t *message_read(enum message_kind kind, const void *data, size_t size, struct error *err)
{
	json_t *message = json_read_text(data, size, message_names[kind], err);

	if (message && message_check(kind, message, err)) {
		json_decref(message);
		return NULL;
	}
	return message;
}

const char *message_item(const char *member)
{
	const struct member *found = find_member(record, member);
	if (!found)
		found = find_member(upload_agent, member);
	return found ? found->item : NULL;
}
