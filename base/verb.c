#include "base/verb.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "base/json.h"

enum { NAMES_MAX = 256, NAMES_SHOWN = 16 };

static const struct {
	const char *id;     /* in descriptions */
	const char *wanted; /* in errors */
} types[] = {
	[PARAMETER_INT] = { "int", "a whole number" },
	[PARAMETER_NUMBER] = { "number", "a number" },
	[PARAMETER_BOOL] = { "bool", "true or false" },
	[PARAMETER_TEXT] = { "text", "a text" },
	[PARAMETER_NAME] = { "name", "a name" },
	[PARAMETER_SCALAR] = { "scalar", "a text or a whole number" },
	[PARAMETER_AMOUNTS] = { "amounts", "a whole number or an object name: whole number" },
	[PARAMETER_DURATION] = { "duration", "a duration such as 250ms, 5s or 2m" },
};

/* ---- lists ---- */

const struct verb *verb_at(const struct verb_list *list, size_t i)
{
	return i < list->count ? (const struct verb *)((const char *)list->rows + i * list->stride)
			       : NULL;
}

const struct verb *verb_find(const struct verb_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(verb_at(list, i)->name, name))
			return verb_at(list, i);
	return NULL;
}

const char *verb_nearest(const struct verb_list *list, const char *word)
{
	const char *names[NAMES_MAX] = { NULL };

	for (size_t i = 0; i < list->count && i < NAMES_MAX - 1; i++)
		names[i] = verb_at(list, i)->name;
	return form_nearest(word, names);
}

/* ---- checking ---- */

static bool is_limited(const struct parameter *parameter)
{
	return parameter->min || parameter->max;
}

static bool number_fits(const struct parameter *parameter, const json_t *value)
{
	if (!is_limited(parameter))
		return true;
	if (json_is_integer(value))
		return json_integer_value(value) >= parameter->min &&
		       json_integer_value(value) <= parameter->max;
	return json_real_value(value) >= (double)parameter->min &&
	       json_real_value(value) <= (double)parameter->max;
}

static bool int_fits(const struct parameter *parameter, const json_t *value)
{
	return json_is_integer(value) && number_fits(parameter, value);
}

static bool text_fits(const json_t *value)
{
	return json_is_string(value) && json_string_length(value) <= PARAMETER_TEXT_MAX;
}

static bool name_fits(const struct parameter *parameter, const json_t *value)
{
	for (size_t i = 0; json_is_string(value) && parameter->names[i]; i++)
		if (!strcmp(parameter->names[i], json_string_value(value)))
			return true;
	return false;
}

static bool amounts_fit(const struct parameter *parameter, const json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach ((json_t *)value, key, member)
		if (!int_fits(parameter, member))
			return false;
	return json_is_object(value) || int_fits(parameter, value);
}

static bool duration_fits(const struct parameter *parameter, const json_t *value)
{
	int64_t ms;
	return text_fits(value) && form_duration(json_string_value(value), &ms) &&
	       (!is_limited(parameter) || (ms >= parameter->min && ms <= parameter->max));
}

static bool value_fits(const struct parameter *parameter, const json_t *value)
{
	switch (parameter->type) {
	case PARAMETER_INT:
		return int_fits(parameter, value);
	case PARAMETER_NUMBER:
		return json_is_number(value) && number_fits(parameter, value);
	case PARAMETER_BOOL:
		return json_is_boolean(value);
	case PARAMETER_TEXT:
		return text_fits(value);
	case PARAMETER_NAME:
		return name_fits(parameter, value);
	case PARAMETER_SCALAR:
		return text_fits(value) || int_fits(parameter, value);
	case PARAMETER_AMOUNTS:
		return amounts_fit(parameter, value);
	case PARAMETER_DURATION:
		return duration_fits(parameter, value);
	}
	return false;
}

/* "a, b or c: did you mean b?"; long lists are cut. */
static void list_names(const struct parameter *parameter, const json_t *value, struct buf *out)
{
	const char *near =
		form_nearest(text_fits(value) ? json_string_value(value) : "", parameter->names);

	for (size_t i = 0; parameter->names[i]; i++) {
		const char *between = parameter->names[i + 1] ? ", " : " or ";
		if (i == NAMES_SHOWN) {
			buf_printf(out, ", …");
			break;
		}
		buf_printf(out, "%s%s", i ? between : "", parameter->names[i]);
	}
	if (near)
		buf_printf(out, ": did you mean %s?", near);
}

/* "delay: found ms 0, expected a whole number from 1 to 600000" */
static int wrong_value(const struct verb *verb, const struct parameter *parameter,
		       const json_t *value, struct error *err)
{
	AUTO_FREE char *text = value ? json_text(value) : alloc_text("none");
	struct buf wanted;

	buf_init(&wanted, 4096);
	if (parameter->type == PARAMETER_NAME)
		list_names(parameter, value, &wanted);
	else
		buf_printf(&wanted, "%s", types[parameter->type].wanted);
	if (is_limited(parameter))
		buf_printf(&wanted, " from %lld to %lld%s", (long long)parameter->min,
			   (long long)parameter->max,
			   parameter->type == PARAMETER_DURATION ? " ms" : "");
	int status = error_set(err, EINVAL, "%s: found %s %s, expected %s", verb->name,
			       parameter->name, text, buf_text(&wanted));
	buf_done(&wanted);
	return status;
}

static const struct parameter *find_parameter(const struct verb *verb, const char *name)
{
	for (const struct parameter *p = verb->parameters; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static int unknown_parameter(const struct verb *verb, const char *key, struct error *err)
{
	const char *names[NAMES_MAX] = { NULL };
	struct buf known;

	buf_init(&known, 4096);
	for (size_t i = 0; verb->parameters && verb->parameters[i].name && i < NAMES_MAX - 1; i++) {
		names[i] = verb->parameters[i].name;
		buf_printf(&known, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = form_nearest(key, names);
	int status = error_set(err, EINVAL, "%s: found parameter '%s', expected %s%s%s%s",
			       verb->name, key, names[0] ? buf_text(&known) : "none",
			       near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	buf_done(&known);
	return status;
}

int verb_check(const struct verb *verb, const json_t *parameters, const char **guilty,
	       struct error *err)
{
	const char *key, *unused;
	json_t *value;

	guilty = guilty ? guilty : &unused;
	*guilty = NULL;
	if (parameters && !json_is_object(parameters))
		return error_set(err, EINVAL, "%s: expected parameters as name: value", verb->name);
	json_object_foreach ((json_t *)parameters, key, value) {
		const struct parameter *parameter = find_parameter(verb, key);
		*guilty = key;
		if (!parameter)
			return unknown_parameter(verb, key, err);
		if (!value_fits(parameter, value))
			return wrong_value(verb, parameter, value, err);
	}
	*guilty = NULL;
	for (const struct parameter *p = verb->parameters; p && p->name; p++)
		if (p->required && !json_object_get(parameters, p->name))
			return wrong_value(verb, p, NULL, err);
	return 0;
}

int64_t verb_duration(const json_t *parameters, const char *name, int64_t fallback)
{
	int64_t ms;
	return form_duration(json_text_of(parameters, name, ""), &ms) ? ms : fallback;
}

/* ---- describing ---- */

static json_t *describe_parameter(const struct parameter *parameter)
{
	json_t *out = json_pack("{s:s,s:s,s:b}", "name", parameter->name, "type",
				types[parameter->type].id, "required", parameter->required);
	if (is_limited(parameter)) {
		json_object_set_new(out, "min", json_integer(parameter->min));
		json_object_set_new(out, "max", json_integer(parameter->max));
	}
	if (parameter->names) {
		json_t *names = json_array();
		for (size_t i = 0; parameter->names[i]; i++)
			json_array_append_new(names, json_string(parameter->names[i]));
		json_object_set_new(out, "names", names);
	}
	if (parameter->help)
		json_object_set_new(out, "help", json_string(parameter->help));
	return out;
}

json_t *verb_describe(const struct verb *verb)
{
	json_t *parameters = json_array();

	for (const struct parameter *p = verb->parameters; p && p->name; p++)
		json_array_append_new(parameters, describe_parameter(p));
	return json_pack("{s:s,s:s,s:o}", "name", verb->name, "help", verb->help, "parameters",
			 parameters);
}
