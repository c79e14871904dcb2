#include "base/form.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/ipv4.h"

/* ---- words ---- */

/* Edit distance of two short words; anything longer than the table is far. */
static size_t distance(const char *a, const char *b)
{
	size_t row[33];
	size_t n = strlen(b);

	if (n > 32 || strlen(a) > 32)
		return 99;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row[j];
			size_t best = diagonal + (a[i - 1] != b[j - 1]);
			best = above + 1 < best ? above + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[n];
}

const char *form_nearest(const char *word, const char *const *names)
{
	const char *nearest = NULL;
	size_t best = strlen(word) / 3 + 1;

	for (size_t i = 0; names[i]; i++) {
		size_t d = distance(word, names[i]);
		if (d <= best) {
			best = d;
			nearest = names[i];
		}
	}
	return nearest;
}

/* "a, b or c"; long lists are cut. */
static void list_names(const char *const *names, struct buf *out)
{
	for (size_t i = 0; names[i]; i++) {
		const char *join = i == 0 ? "" : names[i + 1] ? ", " : " or ";
		buf_printf(out, "%s%s", join, names[i]);
	}
}

typedef int complain_fn(const struct yaml *node, struct error *err, const char *format, ...);

/* complain: at the value (yaml_error) or at its name (yaml_key_error). */
static int unknown_word(const struct yaml *node, complain_fn *complain, const char *word,
			const char *const *names, struct error *err)
{
	const char *nearest = form_nearest(word, names);
	if (nearest)
		return complain(node, err,
				"found '%s', expected one of the known names: did you mean '%s'?",
				word, nearest);
	struct buf all;
	buf_init(&all, 4096);
	list_names(names, &all);
	complain(node, err, "found '%s', expected %s", word, buf_text(&all));
	buf_done(&all);
	return -EINVAL;
}

/* ---- scalars ---- */

static int mismatch(const struct yaml *node, struct error *err, const char *expected)
{
	static const char *const kinds[] = { "", "a list", "a map" };
	if (node->kind == YAML_SCALAR && !*node->text)
		return yaml_error(node, err, "found nothing, expected %s", expected);
	if (node->kind == YAML_SCALAR)
		return yaml_error(node, err, "found '%s', expected %s", node->text, expected);
	return yaml_error(node, err, "found %s, expected %s", kinds[node->kind], expected);
}

bool form_duration(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	char *end;

	errno = 0;
	double value = strtod(text, &end);
	if (end == text || errno || !(value >= 0 && value < 1e9))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strcmp(end, units[i].unit)) {
			*ms = (int64_t)(value * (double)units[i].ms);
			return true;
		}
	}
	return false;
}

static int load_text(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	(void)field;
	if (node->kind != YAML_SCALAR || (!*node->text && !node->quoted))
		return mismatch(node, err, "a text");
	free(*(char **)at);
	*(char **)at = alloc_text(node->text);
	return 0;
}

static int load_int(const struct field *field, const struct yaml *node, void *at, struct error *err)
{
	char *end = NULL;
	errno = 0;
	long long value = node->kind == YAML_SCALAR ? strtoll(node->text, &end, 0) : 0;
	if (node->kind != YAML_SCALAR || node->quoted || end == node->text || *end || errno)
		return mismatch(node, err, "a whole number");
	bool limited = field->min || field->max;
	if (limited && (value < field->min || value > field->max))
		return yaml_error(node, err, "found %lld, expected a number from %lld to %lld",
				  value, (long long)field->min, (long long)field->max);
	*(int64_t *)at = value;
	return 0;
}

static int load_bool(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	(void)field;
	bool yes = node->kind == YAML_SCALAR && !node->quoted && !strcmp(node->text, "true");
	bool no = node->kind == YAML_SCALAR && !node->quoted && !strcmp(node->text, "false");
	if (!yes && !no)
		return mismatch(node, err, "true or false");
	*(bool *)at = yes;
	return 0;
}

static int load_duration(const struct field *field, const struct yaml *node, void *at,
			 struct error *err)
{
	int64_t ms;
	if (node->kind != YAML_SCALAR || !form_duration(node->text, &ms))
		return mismatch(node, err, "a duration such as 250ms, 5s or 2m");
	if (field->max && ms > field->max)
		return yaml_error(node, err, "found '%s', expected at most %lld ms", node->text,
				  (long long)field->max);
	*(int64_t *)at = ms;
	return 0;
}

static int load_enum(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	if (node->kind != YAML_SCALAR)
		return mismatch(node, err, "a word");
	for (int i = 0; field->names[i]; i++) {
		if (!strcmp(field->names[i], node->text)) {
			*(int *)at = i;
			return 0;
		}
	}
	return unknown_word(node, yaml_error, node->text, field->names, err);
}

static int load_ipv4(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	(void)field;
	if (node->kind != YAML_SCALAR || !ipv4_parse(node->text, at))
		return mismatch(node, err, "an IPv4 address such as 10.16.0.10");
	return 0;
}

static int load_node(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	(void)field;
	(void)err;
	*(const struct yaml **)at = node;
	return 0;
}

/* ---- shapes ---- */

static int load_form(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	return form_load(field->form, node, at, err);
}

static int check_count(const struct field *field, const struct yaml *node, struct error *err)
{
	if (node->kind != YAML_LIST)
		return mismatch(node, err, "a list");
	if (node->count < (size_t)field->min || (field->max && node->count > (size_t)field->max))
		return yaml_error(node, err, "found %zu items, expected %lld to %lld", node->count,
				  (long long)field->min,
				  (long long)(field->max ? field->max : 1000000));
	return 0;
}

static int load_list(const struct field *field, const struct yaml *node, void *at,
		     struct error *err)
{
	struct form_list *list = at;
	int status = check_count(field, node, err);
	if (status < 0)
		return status;
	list->items = alloc_zero(node->count, field->form->size);
	for (size_t i = 0; i < node->count; i++) {
		list->count =
			i + 1; /* counted before it is whole, so that form_done frees its parts */
		void *item = (char *)list->items + i * field->form->size;
		status = form_load(field->form, node->items[i], item, err);
		if (status < 0)
			return status;
	}
	return 0;
}

static int load_texts(const struct field *field, const struct yaml *node, void *at,
		      struct error *err)
{
	struct form_list *list = at;
	int status = check_count(field, node, err);
	if (status < 0)
		return status;
	char **texts = alloc_zero(node->count, sizeof(*texts));
	list->items = texts;
	for (size_t i = 0; i < node->count; i++) {
		list->count = i + 1;
		status = load_text(field, node->items[i], &texts[i], err);
		if (status < 0)
			return status;
	}
	return 0;
}

typedef int load_fn(const struct field *field, const struct yaml *node, void *at,
		    struct error *err);

static load_fn *const loaders[] = {
	[FIELD_TEXT] = load_text,         [FIELD_INT] = load_int,   [FIELD_BOOL] = load_bool,
	[FIELD_DURATION] = load_duration, [FIELD_ENUM] = load_enum, [FIELD_IPV4] = load_ipv4,
	[FIELD_FORM] = load_form,         [FIELD_LIST] = load_list, [FIELD_TEXTS] = load_texts,
	[FIELD_NODE] = load_node,
};

static const struct field *find(const struct form *form, const char *name)
{
	for (const struct field *field = form->fields; field->name; field++)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

static int unknown_field(const struct form *form, const struct yaml *node, struct error *err)
{
	const char *names[65] = { NULL };
	size_t count = 0;
	for (const struct field *field = form->fields; field->name && count < 64; field++)
		names[count++] = field->name;
	return unknown_word(node, yaml_key_error, node->key, names, err);
}

int form_load(const struct form *form, const struct yaml *map, void *out, struct error *err)
{
	if (map->kind != YAML_MAP) {
		char expected[128];
		snprintf(expected, sizeof(expected), "%s (name: value)", form->title);
		return mismatch(map, err, expected);
	}
	for (size_t i = 0; i < map->count; i++) {
		const struct field *field = find(form, map->items[i]->key);
		if (!field)
			return unknown_field(form, map->items[i], err);
		int status = loaders[field->type](field, map->items[i], (char *)out + field->offset,
						  err);
		if (status < 0)
			return status;
	}
	for (const struct field *field = form->fields; field->name; field++)
		if (field->required && !yaml_get(map, field->name))
			return yaml_error(map, err, "found no '%s', expected it in %s", field->name,
					  form->title);
	return 0;
}

static void done_list(const struct field *field, struct form_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (field->type == FIELD_TEXTS)
			free(((char **)list->items)[i]);
		else
			form_done(field->form, (char *)list->items + i * field->form->size);
	}
	free(list->items);
	*list = (struct form_list){ 0 };
}

void form_done(const struct form *form, void *out)
{
	for (const struct field *field = form->fields; field->name; field++) {
		void *at = (char *)out + field->offset;
		if (field->type == FIELD_TEXT) {
			free(*(char **)at);
			*(char **)at = NULL;
		} else if (field->type == FIELD_FORM) {
			form_done(field->form, at);
		} else if (field->type == FIELD_LIST || field->type == FIELD_TEXTS) {
			done_list(field, at);
		}
	}
}

/* ---- JSON Schema ---- */

static json_t *enum_schema(const char *const *names)
{
	json_t *values = json_array();
	for (size_t i = 0; names[i]; i++)
		json_array_append_new(values, json_string(names[i]));
	return json_pack("{s:o}", "enum", values);
}

static json_t *field_schema(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
		return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
	case FIELD_INT:
		if (!field->min && !field->max)
			return json_pack("{s:s}", "type", "integer");
		return json_pack("{s:s,s:I,s:I}", "type", "integer", "minimum",
				 (json_int_t)field->min, "maximum", (json_int_t)field->max);
	case FIELD_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_DURATION:
		return json_pack("{s:s,s:s}", "type", "string", "pattern", "^[0-9.]+(ms|s|m|h)$");
	case FIELD_ENUM:
		return enum_schema(field->names);
	case FIELD_IPV4:
		return json_pack("{s:s,s:s}", "type", "string", "format", "ipv4");
	case FIELD_FORM:
		return form_schema(field->form);
	case FIELD_LIST:
		return json_pack("{s:s,s:o,s:I}", "type", "array", "items",
				 form_schema(field->form), "minItems", (json_int_t)field->min);
	case FIELD_TEXTS:
		return json_pack("{s:s,s:{s:[s,s,s]}}", "type", "array", "items", "type", "string",
				 "number", "boolean");
	case FIELD_NODE:
		break;
	}
	return json_object();
}

json_t *form_schema(const struct form *form)
{
	json_t *properties = json_object();
	json_t *required = json_array();

	for (const struct field *field = form->fields; field->name; field++) {
		json_t *schema = field_schema(field);
		if (field->help)
			json_object_set_new(schema, "description", json_string(field->help));
		json_object_set_new(properties, field->name, schema);
		if (field->required)
			json_array_append_new(required, json_string(field->name));
	}
	return json_pack("{s:s,s:s,s:o,s:o,s:b}", "title", form->title, "type", "object",
			 "properties", properties, "required", required, "additionalProperties", 0);
}
