#include "conformance/request.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "conformance/census.h"
#include "conformance/cloud_action.h"
#include "sim/printer/truth.h"

/* ---- names of supplies ---- */

/* "black" and "black-ink" mean "Black Ink Cartridge". */
static bool begins_like(const char *name, const char *key)
{
	for (; *key; name++, key++) {
		char c = *name == ' ' ? '-' : (char)tolower((unsigned char)*name);
		if (c != tolower((unsigned char)*key))
			return false;
	}
	return !*name || *name == ' ';
}

/* Level of an ink, or of a waste box, whichever the key means: its colour or its name. */
static int set_supply(struct device *device, const char *key, json_t *value, struct error *err)
{
	AUTO_JSON json_t *items = truth_items(device);
	json_int_t box = 0;
	size_t i;
	json_t *row;

	json_array_foreach (json_object_get(items, "D17"), i, row) {
		bool is_box = !strcmp(json_text_of(row, "kind", ""), "box");
		const char *color = json_text_of(row, "color", "");
		box += is_box;
		if (strcasecmp(color, key) != 0 && !begins_like(json_text_of(row, "name", ""), key))
			continue;
		AUTO_JSON json_t *with =
			is_box ? json_pack("{s:I,s:O}", "box", box, "level", value)
			       : json_pack("{s:s,s:O}", "color", color, "level", value);
		return device_do(device, is_box ? "box" : "ink", with, err);
	}
	return error_set(err, EINVAL,
			 "found supply '%s', expected a colour or name that 'ecsp state' shows",
			 key);
}

static int set_box(struct device *device, const char *key, json_t *value, struct error *err)
{
	char *end;
	long number = strtol(key, &end, 10);
	AUTO_JSON json_t *with =
		json_pack("{s:I,s:O}", "box", (json_int_t)(*end ? -1 : number), "level", value);
	return device_do(device, "box", with, err);
}

static int set_setting(struct device *device, const char *key, json_t *value, struct error *err)
{
	const char *dot = strchr(key, '.');

	if (!dot)
		return error_set(err, EINVAL, "found setting '%s', expected GROUP.NAME", key);
	AUTO_FREE char *group = alloc_bytes(key, (size_t)(dot - key));
	AUTO_JSON json_t *with =
		json_pack("{s:s,s:s,s:O}", "group", group, "name", dot + 1, "value", value);
	return device_do(device, "setting", with, err);
}

static int set_clock(struct device *device, const char *key, json_t *value, struct error *err)
{
	AUTO_JSON json_t *with = json_pack("{s:O}", key, value);
	return device_do(device, "clock", with, err);
}

/* What can be set: the first part of the name, and what deals with the rest. */
static const struct settable {
	const char *name;
	int (*set)(struct device *device, const char *key, json_t *value, struct error *err);
} settables[] = {
	{ "ink", set_supply },      { "supply", set_supply }, { "box", set_box },
	{ "setting", set_setting }, { "clock", set_clock },
};

static int set_value(struct device *device, const char *key, json_t *value, struct error *err)
{
	const char *dot = strchr(key, '.');

	for (size_t i = 0; dot && i < COUNT_OF(settables); i++)
		if (strlen(settables[i].name) == (size_t)(dot - key) &&
		    !strncmp(settables[i].name, key, (size_t)(dot - key)))
			return settables[i].set(device, dot + 1, value, err);
	return error_set(err, EINVAL,
			 "found '%s', expected ink.COLOR, supply.NAME, box.NUMBER, "
			 "setting.GROUP.NAME or clock.offsetMs",
			 key);
}

/* ---- what is asked of each printer ---- */

typedef int ask_printer(struct device *device, const json_t *request, struct error *err);

static int ask_set(struct device *device, const json_t *request, struct error *err)
{
	const json_t *values = json_object_get(request, "values");
	const char *key;
	json_t *value;
	int status = 0;

	if (!json_object_size(values))
		return error_set(err, EINVAL, "found nothing to set, expected NAME=VALUE");
	json_object_foreach ((json_t *)values, key, value)
		if (status == 0)
			status = set_value(device, key, value, err);
	return status;
}

static int ask_do(struct device *device, const json_t *request, struct error *err)
{
	return device_do(device, json_text_of(request, "action", ""),
			 json_object_get(request, "parameters"), err);
}

static int ask_fault(struct device *device, const json_t *request, struct error *err)
{
	return device_fault(device, json_text_of(request, "fault", ""),
			    json_object_get(request, "parameters"), err);
}

static int ask_clear(struct device *device, const json_t *request, struct error *err)
{
	const char *fault = json_text_of(request, "fault", NULL);

	if (fault && !verb_find(&device_faults, fault))
		return error_set(err, EINVAL, "found fault '%s', expected one of a printer's",
				 fault);
	device_fault_clear(device, fault);
	return 0;
}

static int ask_nothing(struct device *device, const json_t *request, struct error *err)
{
	(void)device;
	(void)request;
	(void)err;
	return 0;
}

static json_t *name_of(struct device *device)
{
	return json_string(device_name(device));
}

static const struct asking {
	const char *name;
	ask_printer *run;
	json_t *(*show)(struct device *device);
} askings[] = {
	{ "set", ask_set, name_of },        { "do", ask_do, name_of },
	{ "fault", ask_fault, name_of },    { "clear", ask_clear, name_of },
	{ "state", ask_nothing, truth_of },
};

/* ---- to whom ---- */

static int ask_printers(const struct request_to *to, const struct asking *asking,
			const json_t *request, json_t *rows, struct error *err)
{
	const char *name = json_text_of(request, "name", "*");

	for (size_t i = 0; i < live_count(to->live); i++) {
		struct device *device = live_device(to->live, i);
		if (fnmatch(name, device_name(device), 0) != 0)
			continue;
		int status = asking->run(device, request, err);
		if (status < 0) {
			error_wrap(err, "%s", device_name(device));
			return status;
		}
		json_array_append_new(rows, asking->show(device));
	}
	if (!json_array_size(rows))
		return error_set(err, ENOENT,
				 "found '%s', expected the name of a printer, a pattern of names, "
				 "or cloud",
				 name);
	return 0;
}

static int ask_cloud(const struct request_to *to, const json_t *request, json_t *rows,
		     struct error *err)
{
	if (!to->cloud)
		return error_set(err, ENOENT, "found no cloud in this world");
	if (to->census && !strcmp(json_text_of(request, "ask", ""), "state"))
		return json_array_append_new(rows, census_report(to->census, to->cloud));
	return cloud_action_ask(to->cloud, request, rows, err);
}

static int answer(const struct request_to *to, const json_t *request, json_t *rows,
		  struct error *err)
{
	const char *ask = json_text_of(request, "ask", "");
	const json_t *parameters = json_object_get(request, "parameters");

	if (parameters && !json_is_object(parameters))
		return error_set(err, EINVAL, "expected parameters as name: value");
	if (!strcmp(json_text_of(request, "name", ""), "cloud"))
		return ask_cloud(to, request, rows, err);
	for (size_t i = 0; i < COUNT_OF(askings); i++)
		if (!strcmp(askings[i].name, ask))
			return ask_printers(to, &askings[i], request, rows, err);
	return error_set(err, EINVAL, "found '%s', expected set, do, fault, clear or state", ask);
}

json_t *request_answer(const struct request_to *to, const char *text, size_t size)
{
	struct error err = { 0 };
	AUTO_JSON json_t *request = json_read_text(text, size, "request", &err);
	json_t *rows = json_array();

	if (to->about && !strcmp(json_text_of(request, "ask", ""), "about")) {
		json_decref(rows);
		return json_pack("{s:O}", "about", to->about);
	}
	if (request && answer(to, request, rows, &err) == 0)
		return json_pack("{s:o}", "printers", rows);
	json_decref(rows);
	return json_pack("{s:o}", "error", json_lossy_text(err.text, strlen(err.text)));
}
