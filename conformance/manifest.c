#include "conformance/manifest.h"

#include <errno.h>
#include <string.h>

#include "base/form.h"
#include "conformance/capability.h"

static const struct field manifest_fields[] = {
	{ "format", FIELD_TEXT, offsetof(struct manifest, format), .required = true,
	  .help = "ecsp-agent/1" },
	{ "kind", FIELD_ENUM, offsetof(struct manifest, kind), .names = agent_names,
	  .required = true },
	{ "command", FIELD_TEXT, offsetof(struct manifest, command), .required = true,
	  .help = "split into words, no shell; relative to the manifest" },
	{ "binding", FIELD_TEXT, offsetof(struct manifest, binding),
	  .help = "path of a binding, relative to the manifest" },
	{ "lacks", FIELD_NODE, offsetof(struct manifest, lacks_node),
	  .help = "items and parts of the contract that this agent does not have: name: why" },
	{ .name = NULL },
};
static const struct form manifest_form = { "an agent manifest", sizeof(struct manifest),
					   manifest_fields };

static int check_item(const struct manifest *manifest, const struct yaml *node,
		      const struct catalogue *catalogue, struct error *err)
{
	if (node->kind != YAML_SCALAR || !*node->text)
		return yaml_error(node, err, "found no reason, expected why %s cannot be there",
				  node->key);
	if (!catalogue || capability_is_known(node->key))
		return 0;
	const struct item *item = catalogue_find_item(catalogue, node->key);
	if (item && item_of(item, (enum agent_kind)manifest->kind))
		return 0;
	return yaml_key_error(node, err, "found item '%s', expected %s", node->key,
			      item ? "one that this kind of agent reports"
				   : "an id that 'ecsp list items' shows");
}

static int take_lacks(struct manifest *manifest, const struct catalogue *catalogue,
		      struct error *err)
{
	const struct yaml *lacks = manifest->lacks_node;

	if (lacks && lacks->kind != YAML_MAP)
		return yaml_error(lacks, err,
				  "found no map, expected item id: why it cannot be there");
	for (size_t i = 0; lacks && i < lacks->count; i++) {
		int status = check_item(manifest, lacks->items[i], catalogue, err);
		if (status < 0)
			return status;
		json_object_set_new(manifest->lacks, lacks->items[i]->key,
				    json_string(lacks->items[i]->text));
	}
	return 0;
}

int manifest_init(struct manifest *manifest, const char *path, const struct catalogue *catalogue,
		  struct error *err)
{
	*manifest = (struct manifest){ .lacks = json_object(), .root = yaml_read(path, err) };
	if (!manifest->root)
		return -EINVAL;
	int status = form_load(&manifest_form, manifest->root, manifest, err);
	if (status == 0 && strcmp(manifest->format, "ecsp-agent/1") != 0)
		return yaml_error(yaml_get(manifest->root, "format"), err,
				  "found '%s', expected ecsp-agent/1", manifest->format);
	return status < 0 ? status : take_lacks(manifest, catalogue, err);
}

void manifest_done(struct manifest *manifest)
{
	form_done(&manifest_form, manifest);
	json_decref(manifest->lacks);
	yaml_free(manifest->root);
	*manifest = (struct manifest){ 0 };
}
