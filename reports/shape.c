#include "reports/shape.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"

enum { FOUND_MAX = 60, POINTER_MAX = 256 };

/* Where the walk is: one step for each level, linked upwards, made text only when something is
 * wrong. */
struct place {
	const struct place *above;
	const char *name; /* NULL: index counts */
	size_t index;
	struct error *err;
};

static void add_pointer(struct buf *out, const struct place *place)
{
	if (!place->above)
		return;
	add_pointer(out, place->above);
	buf_add_u8(out, '/');
	if (!place->name) {
		buf_printf(out, "%zu", place->index);
		return;
	}
	for (const char *at = place->name; *at; at++) {
		if (*at == '~')
			buf_add_text(out, "~0");
		else if (*at == '/')
			buf_add_text(out, "~1");
		else
			buf_add_u8(out, (uint8_t)*at);
	}
}

static int complain(const struct place *place, const char *found, const char *expected)
{
	struct buf pointer;
	buf_init(&pointer, POINTER_MAX);
	add_pointer(&pointer, place);
	int rc = error_set(place->err, EINVAL, "%s: found %s, expected %s",
			   pointer.size ? buf_text(&pointer) : "result", found, expected);
	buf_done(&pointer);
	return rc;
}

/* A value in few words: its JSON text when short, else its kind. */
static int complain_value(const struct place *place, const json_t *json, const char *expected)
{
	static const char *const kinds[] = {
		[JSON_OBJECT] = "an object",   [JSON_ARRAY] = "a list",
		[JSON_STRING] = "a long text", [JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number",      [JSON_TRUE] = "true",
		[JSON_FALSE] = "false",        [JSON_NULL] = "null",
	};
	if (!json)
		return complain(place, "nothing", expected);
	if (json_is_object(json) || json_is_array(json))
		return complain(place, kinds[json_typeof(json)], expected);
	AUTO_FREE char *text = json_text(json);
	return complain(place, strlen(text) <= FOUND_MAX ? text : kinds[json_typeof(json)],
			expected);
}

static bool has_word(const char *const *words, const char *text)
{
	for (; *words; words++)
		if (!strcmp(*words, text))
			return true;
	return false;
}

static bool scalar_fits(const struct shape *shape, const json_t *json)
{
	switch (shape->type) {
	case SHAPE_TEXT:
		return json_is_string(json) &&
		       (!shape->words || has_word(shape->words, json_string_value(json))) &&
		       (!shape->valid || shape->valid(json_string_value(json)));
	case SHAPE_COUNT:
		return json_is_integer(json) && json_integer_value(json) >= 0;
	case SHAPE_INT:
		return json_is_integer(json);
	case SHAPE_NUMBER:
		return json_is_number(json) && json_number_value(json) >= 0;
	case SHAPE_BOOL:
		return json_is_boolean(json);
	case SHAPE_OBJECT:
	case SHAPE_MAP:
		return json_is_object(json);
	case SHAPE_LIST:
		return json_is_array(json);
	}
	return false;
}

static int check(const struct shape *shape, const json_t *json, const struct place *place);

static int check_members(const struct shape *shape, const json_t *json, const struct place *place)
{
	for (const struct shape_member *member = shape->members; member->name; member++) {
		struct place below = { place, member->name, 0, place->err };
		const json_t *value = json_object_get(json, member->name);
		if (!value && member->optional)
			continue;
		int rc = check(member->shape, value, &below);
		if (rc)
			return rc;
	}
	return 0;
}

static int check_list(const struct shape *shape, const json_t *json, const struct place *place)
{
	size_t count = json_array_size(json);
	if (count < shape->min || (shape->max && count > shape->max)) {
		AUTO_FREE char *found = alloc_printf("%zu rows", count);
		return complain(place, found, shape->expected);
	}
	for (size_t i = 0; i < count; i++) {
		struct place below = { place, NULL, i, place->err };
		int rc = check(shape->each, json_array_get(json, i), &below);
		if (rc)
			return rc;
	}
	return 0;
}

static int check_map(const struct shape *shape, const json_t *json, const struct place *place)
{
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *)json, name, value) {
		struct place below = { place, name, 0, place->err };
		int rc = check(shape->each, value, &below);
		if (rc)
			return rc;
	}
	return 0;
}

static int check(const struct shape *shape, const json_t *json, const struct place *place)
{
	if (!scalar_fits(shape, json))
		return complain_value(place, json, shape->expected);
	if (shape->type == SHAPE_OBJECT)
		return check_members(shape, json, place);
	if (shape->type == SHAPE_LIST)
		return check_list(shape, json, place);
	if (shape->type == SHAPE_MAP)
		return check_map(shape, json, place);
	return 0;
}

int shape_check(const struct shape *shape, const json_t *json, struct error *err)
{
	struct place top = { .err = err };
	assert(shape->type == SHAPE_OBJECT);
	return check(shape, json, &top);
}
