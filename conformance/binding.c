#include "conformance/binding.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/form.h"
#include "base/json.h"

struct upload_binding {
	char *method, *path;
	char *key; /* header that is the same on a resend */
	char *records, *serial, *acquired, *record_id, *collection, *sent;
	const struct yaml *agent_items, *record_items;
};

struct binding {
	struct yaml *root;
	char *format;
	struct upload_binding upload;
	char *name;
	/* For people and tools; the simulated cloud is the authority on these. */
	const struct yaml *registration, *certificate, *command, *result;
};

static const struct field upload_fields[] = {
	{ "method", FIELD_TEXT, offsetof(struct upload_binding, method), .required = true },
	{ "path", FIELD_TEXT, offsetof(struct upload_binding, path), .required = true },
	{ "key", FIELD_TEXT, offsetof(struct upload_binding, key) },
	{ "sent", FIELD_TEXT, offsetof(struct upload_binding, sent) },
	{ "records", FIELD_TEXT, offsetof(struct upload_binding, records), .required = true },
	{ "device", FIELD_TEXT, offsetof(struct upload_binding, serial), .required = true },
	{ "acquired", FIELD_TEXT, offsetof(struct upload_binding, acquired), .required = true },
	{ "record-id", FIELD_TEXT, offsetof(struct upload_binding, record_id), .required = true },
	{ "collection", FIELD_TEXT, offsetof(struct upload_binding, collection), .required = true },
	{ "agent-items", FIELD_NODE, offsetof(struct upload_binding, agent_items),
	  .required = true },
	{ "record-items", FIELD_NODE, offsetof(struct upload_binding, record_items),
	  .required = true },
	{ .name = NULL },
};
static const struct form upload_form = { "the upload", sizeof(struct upload_binding),
					 upload_fields };

static const struct field binding_fields[] = {
	{ "format", FIELD_TEXT, offsetof(struct binding, format), .required = true },
	{ "upload", FIELD_FORM, offsetof(struct binding, upload), .form = &upload_form,
	  .required = true },
	{ "name", FIELD_TEXT, offsetof(struct binding, name) },
	{ "registration", FIELD_NODE, offsetof(struct binding, registration) },
	{ "certificate", FIELD_NODE, offsetof(struct binding, certificate) },
	{ "command", FIELD_NODE, offsetof(struct binding, command) },
	{ "result", FIELD_NODE, offsetof(struct binding, result) },
	{ .name = NULL },
};
static const struct form binding_form = { "a binding", sizeof(struct binding), binding_fields };

static int check_pointers(const struct yaml *map, struct error *err)
{
	if (map->kind != YAML_MAP)
		return yaml_error(map, err, "found no map, expected item: /pointer");
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i]->kind != YAML_SCALAR || map->items[i]->text[0] != '/')
			return yaml_error(map->items[i], err,
					  "found no JSON pointer, expected one such as /agent/id");
	return 0;
}

struct binding *binding_load(const char *path, struct error *err)
{
	struct yaml *root = yaml_read(path, err);
	if (!root)
		return NULL;
	struct binding *binding = alloc_zero(1, sizeof(*binding));
	binding->root = root;
	int status = form_load(&binding_form, root, binding, err);
	if (status == 0 && strcmp(binding->format, "ecsp-binding/1") != 0)
		status = yaml_error(yaml_get(root, "format"), err,
				    "found '%s', expected ecsp-binding/1", binding->format);
	if (status == 0)
		status = check_pointers(binding->upload.agent_items, err);
	if (status == 0)
		status = check_pointers(binding->upload.record_items, err);
	if (status == 0)
		return binding;
	binding_free(binding);
	return NULL;
}

void binding_free(struct binding *binding)
{
	if (!binding)
		return;
	form_done(&binding_form, binding);
	yaml_free(binding->root);
	free(binding);
}

const json_t *binding_records(const struct binding *binding, const json_t *upload)
{
	const json_t *records = json_at(upload, binding->upload.records);
	return json_is_array(records) ? records : NULL;
}

const json_t *binding_item(const struct binding *binding, const char *item, const json_t *upload,
			   const json_t *record)
{
	const struct yaml *pointer = yaml_get(binding->upload.record_items, item);
	if (pointer)
		return json_at(record, pointer->text);
	pointer = yaml_get(binding->upload.agent_items, item);
	return pointer ? json_at(upload, pointer->text) : NULL;
}

const char *binding_serial(const struct binding *binding, const json_t *record)
{
	return json_string_value(json_at(record, binding->upload.serial));
}

const char *binding_acquired(const struct binding *binding, const json_t *record)
{
	return json_string_value(json_at(record, binding->upload.acquired));
}

const char *binding_record_id(const struct binding *binding, const json_t *record)
{
	return json_string_value(json_at(record, binding->upload.record_id));
}

const char *binding_collection(const struct binding *binding, const json_t *upload)
{
	return json_string_value(json_at(upload, binding->upload.collection));
}
