#include "conformance/requirement.h"

#include <string.h>

#include "base/buf.h"

const char *const level_names[] = { "must", "should", "may", NULL };
const char *const agent_names[] = { "dc", "es", "mobile", "pc", NULL };

static const struct field requirement_fields[] = {
	{ "id", FIELD_TEXT, offsetof(struct requirement, id), .required = true },
	{ "level", FIELD_ENUM, offsetof(struct requirement, level), .names = level_names },
	{ "page", FIELD_INT, offsetof(struct requirement, page), .max = 16 },
	{ "text", FIELD_TEXT, offsetof(struct requirement, text), .required = true },
	{ "untested", FIELD_TEXT, offsetof(struct requirement, untested) },
	{ .name = NULL },
};
static const struct form requirement_form = { "a requirement", sizeof(struct requirement),
					      requirement_fields };

static const struct field item_fields[] = {
	{ "id", FIELD_TEXT, offsetof(struct item, id), .required = true },
	{ "category", FIELD_TEXT, offsetof(struct item, category), .required = true },
	{ "name", FIELD_TEXT, offsetof(struct item, name), .required = true },
	{ "agents", FIELD_TEXTS, offsetof(struct item, agents), .required = true, .min = 1,
	  .max = 4 },
	{ "optional", FIELD_TEXTS, offsetof(struct item, optional), .max = 4 },
	{ "why", FIELD_TEXT, offsetof(struct item, why) },
	{ .name = NULL },
};
static const struct form item_form = { "a data item", sizeof(struct item), item_fields };

static const struct field catalogue_fields[] = {
	{ "requirements", FIELD_LIST, offsetof(struct catalogue, requirements),
	  .form = &requirement_form, .required = true },
	{ "items", FIELD_LIST, offsetof(struct catalogue, items), .form = &item_form,
	  .required = true },
	{ .name = NULL },
};
static const struct form catalogue_form = { "the catalogue", sizeof(struct catalogue),
					    catalogue_fields };

struct catalogue *catalogue_load(const char *path, struct error *err)
{
	struct yaml *root = yaml_read(path, err);
	if (!root)
		return NULL;
	struct catalogue *catalogue = alloc_zero(1, sizeof(*catalogue));
	int status = form_load(&catalogue_form, root, catalogue, err);
	yaml_free(root);
	if (status == 0)
		return catalogue;
	catalogue_free(catalogue);
	return NULL;
}

void catalogue_free(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	form_done(&catalogue_form, catalogue);
	free(catalogue);
}

size_t catalogue_requirements(const struct catalogue *catalogue)
{
	return catalogue->requirements.count;
}

const struct requirement *catalogue_requirement(const struct catalogue *catalogue, size_t index)
{
	return (const struct requirement *)catalogue->requirements.items + index;
}

const struct requirement *catalogue_find(const struct catalogue *catalogue, const char *id)
{
	for (size_t i = 0; i < catalogue->requirements.count; i++)
		if (!strcmp(catalogue_requirement(catalogue, i)->id, id))
			return catalogue_requirement(catalogue, i);
	return NULL;
}

size_t catalogue_items(const struct catalogue *catalogue)
{
	return catalogue->items.count;
}

const struct item *catalogue_item(const struct catalogue *catalogue, size_t index)
{
	return (const struct item *)catalogue->items.items + index;
}

const struct item *catalogue_find_item(const struct catalogue *catalogue, const char *id)
{
	for (size_t i = 0; i < catalogue->items.count; i++)
		if (!strcmp(catalogue_item(catalogue, i)->id, id))
			return catalogue_item(catalogue, i);
	return NULL;
}

static bool names_kind(const struct form_list *list, enum agent_kind kind)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(((char **)list->items)[i], agent_names[kind]))
			return true;
	return false;
}

bool item_of(const struct item *item, enum agent_kind kind)
{
	return names_kind(&item->agents, kind);
}

bool item_optional(const struct item *item, enum agent_kind kind)
{
	return names_kind(&item->optional, kind);
}
