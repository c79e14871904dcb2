#include "conformance/match.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

static json_t *scalar_json(const struct yaml *node)
{
	char *end;
	if (node->quoted)
		return json_string(node->text);
	if (!strcmp(node->text, "true") || !strcmp(node->text, "false"))
		return json_boolean(node->text[0] == 't');
	if (!strcmp(node->text, "null"))
		return json_null();
	errno = 0;
	long long number = strtoll(node->text, &end, 10);
	if (*node->text && !*end && !errno)
		return json_integer(number);
	double decimal = strtod(node->text, &end);
	if (strchr(node->text, '.') && strchr("-.0123456789", node->text[0]) && end != node->text &&
	    !*end && isfinite(decimal))
		return json_real(decimal);
	return json_string(node->text);
}

json_t *match_json(const struct yaml *node)
{
	if (node->kind == YAML_SCALAR)
		return scalar_json(node);
	json_t *json = node->kind == YAML_MAP ? json_object() : json_array();
	for (size_t i = 0; i < node->count; i++) {
		if (node->kind == YAML_MAP)
			json_object_set_new(json, node->items[i]->key, match_json(node->items[i]));
		else
			json_array_append_new(json, match_json(node->items[i]));
	}
	return json;
}

static bool scalar_equal(const struct yaml *want, const json_t *value)
{
	if (!strcmp(want->text, "*")) /* always quoted: YAML takes a bare one for an alias */
		return value && !json_is_null(value);
	AUTO_JSON json_t *json = scalar_json(want);
	return json_equal(json, value);
}

bool match_value(const struct yaml *want, const json_t *value)
{
	if (want->kind == YAML_LIST) {
		for (size_t i = 0; i < want->count; i++)
			if (match_value(want->items[i], value))
				return true;
		return false;
	}
	if (want->kind == YAML_MAP) {
		AUTO_JSON json_t *json = match_json(want);
		return json_equal(json, value);
	}
	if (json_is_array(value)) {
		size_t i;
		json_t *member;
		json_array_foreach (value, i, member)
			if (scalar_equal(want, member))
				return true;
		return false;
	}
	return scalar_equal(want, value);
}

bool match_is(const struct match *match, const json_t *observation)
{
	if (match->kind && strcmp(match->kind, json_text_of(observation, "kind", "")) != 0)
		return false;
	for (size_t i = 0; match->where && i < match->where->count; i++) {
		const struct yaml *want = match->where->items[i];
		const json_t *value = want->key[0] == '/' ? json_at(observation, want->key)
							  : json_object_get(observation, want->key);
		if (!match_value(want, value))
			return false;
	}
	return true;
}

char *match_describe(const struct match *match)
{
	struct buf text;

	buf_init(&text, 4096);
	buf_add_text(&text, match->kind ? match->kind : "any observation");
	for (size_t i = 0; match->where && i < match->where->count; i++) {
		const struct yaml *want = match->where->items[i];
		AUTO_JSON json_t *json = match_json(want);
		AUTO_FREE char *value = json_text(json);
		buf_printf(&text, "%s %s is %s", i ? " and" : " where", want->key, value);
	}
	return buf_steal(&text);
}
