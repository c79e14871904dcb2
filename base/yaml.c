#include "base/yaml.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/utf8.h"

enum { NODES_MAX = 200000, DEPTH_MAX = 32 };

struct build {
	char *file; /* owned by the root node in the end */
	size_t nodes;
	int line, column; /* of what was read last: the place of what has none itself */
	struct error *err;
};

static struct yaml *build_node(struct build *build, struct fy_node *from, int depth);

/* Where a node begins: a map at its first name, a list at its first item, an alias or an empty
 * collection nowhere (it then gets the place of what stands before it). */
static const struct fy_mark *mark_of(struct fy_node *node)
{
	while (node && fy_node_is_sequence(node))
		node = fy_node_sequence_get_by_index(node, 0);
	if (node && fy_node_is_mapping(node)) {
		struct fy_node_pair *first = fy_node_mapping_get_by_index(node, 0);
		return first ? mark_of(fy_node_pair_key(first)) : NULL;
	}
	struct fy_token *token = node ? fy_node_get_scalar_token(node) : NULL;
	return token ? fy_token_start_mark(token) : NULL;
}

/* Takes note of where we are; what has no mark lies where the last thing was. */
static void move_to(struct build *build, const struct fy_mark *mark)
{
	if (!mark)
		return;
	build->line = mark->line + 1;
	build->column = mark->column + 1;
}

static void add_item(struct yaml *node, struct yaml *item)
{
	if (node->count % 8 == 0)
		node->items = alloc_grow(node->items, node->count + 8, sizeof(*node->items));
	node->items[node->count++] = item;
}

static int build_map(struct build *build, struct yaml *node, struct fy_node *from, int depth)
{
	void *iterator = NULL;
	struct fy_node_pair *pair;

	while ((pair = fy_node_mapping_iterate(from, &iterator))) {
		struct fy_node *key = fy_node_pair_key(pair);
		size_t size = 0;
		const char *name =
			key && fy_node_is_scalar(key) ? fy_node_get_scalar(key, &size) : NULL;
		if (!name)
			return error_at(build->err, build->file, node->line, node->column,
					"found a key that is not a word, expected name: value");
		AUTO_FREE char *text = alloc_bytes(name, size);
		move_to(build, mark_of(key));
		int key_line = build->line, key_column = build->column;
		if (yaml_get(node, text))
			return error_at(build->err, build->file, key_line, key_column,
					"found '%s' a second time, expected each name once", text);
		struct yaml *item = build_node(build, fy_node_pair_value(pair), depth + 1);
		if (!item)
			return -EINVAL;
		item->key_line = key_line;
		item->key_column = key_column;
		item->key = alloc_text(text);
		add_item(node, item);
	}
	return 0;
}

static int build_list(struct build *build, struct yaml *node, struct fy_node *from, int depth)
{
	void *iterator = NULL;
	struct fy_node *child;

	while ((child = fy_node_sequence_iterate(from, &iterator))) {
		struct yaml *item = build_node(build, child, depth + 1);
		if (!item)
			return -EINVAL;
		add_item(node, item);
	}
	return 0;
}

static void free_tree(struct yaml *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->count; i++)
		free_tree(node->items[i]);
	free(node->items);
	free(node->key);
	free(node->text);
	free(node);
}

static struct yaml *build_node(struct build *build, struct fy_node *from, int depth)
{
	struct yaml *node = alloc_zero(1, sizeof(*node));
	int status = 0;

	node->file = build->file;
	move_to(build, from ? mark_of(from) : NULL);
	node->line = build->line;
	node->column = build->column;
	if (++build->nodes > NODES_MAX || depth > DEPTH_MAX) {
		status = error_at(build->err, build->file, node->line, node->column,
				  "found more than %d values or %d levels", NODES_MAX, DEPTH_MAX);
	} else if (from && fy_node_is_alias(from)) {
		status = error_at(build->err, build->file, node->line, node->column,
				  "found an alias (*name), expected the value itself");
	} else if (from && fy_node_is_mapping(from)) {
		node->kind = YAML_MAP;
		status = build_map(build, node, from, depth);
	} else if (from && fy_node_is_sequence(from)) {
		node->kind = YAML_LIST;
		status = build_list(build, node, from, depth);
	} else {
		size_t size = 0;
		const char *text = from ? fy_node_get_scalar(from, &size) : NULL;
		node->text = alloc_bytes(text ? text : "", text ? size : 0);
		enum fy_node_style style = from ? fy_node_get_style(from) : FYNS_PLAIN;
		node->quoted = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;
		node->column -= node->quoted; /* the token begins after the quote */
	}
	if (status < 0) {
		free_tree(node);
		return NULL;
	}
	return node;
}

/* The first thing the parser complained of, at its place. */
static void report(struct fy_diag *diag, const char *file, struct error *err)
{
	void *iterator = NULL;
	struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
	if (first)
		error_at(err, file, first->line + 1, first->column + 1, "found no valid YAML: %s",
			 first->msg);
	else
		error_at(err, file, 1, 1, "found no valid YAML");
}

/* The parser trusts its input to be UTF-8: in a directive other bytes keep it busy for ever. */
static int check_text(const char *text, size_t size, const char *file, struct error *err)
{
	const uint8_t *bytes = (const uint8_t *)text;
	int line = 1;
	size_t start = 0, length;

	for (size_t i = 0; i < size; i += length) {
		length = utf8_length(bytes + i, size - i);
		if (!length || !bytes[i])
			return error_at(err, file, line, (int)(i - start) + 1,
					"found byte %02x, expected text in UTF-8", bytes[i]);
		if (bytes[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	return 0;
}

struct yaml *yaml_parse(const char *text, size_t size, const char *file, struct error *err)
{
	if (check_text(text, size, file, err) < 0)
		return NULL;
	struct fy_diag_cfg diag_cfg;
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	struct fy_diag *diag = fy_diag_create(&diag_cfg);
	fy_diag_set_collect_errors(diag, true);
	/* Aliases stay unresolved: resolving copies, and eight levels of copies fill memory. */
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_ALLOW_DUPLICATE_KEYS,
				    .diag = diag };
	struct fy_document *document = fy_document_build_from_string(&cfg, text, size);
	struct yaml *root = NULL;

	if (!document) {
		report(diag, file, err);
	} else if (!fy_document_root(document)) {
		error_at(err, file, 1, 1, "found nothing, expected name: value");
	} else {
		struct build build = {
			.file = alloc_text(file), .line = 1, .column = 1, .err = err
		};
		root = build_node(&build, fy_document_root(document), 0);
		if (!root)
			free(build.file);
	}
	fy_document_destroy(document);
	fy_diag_destroy(diag);
	return root;
}

struct yaml *yaml_read(const char *path, struct error *err)
{
	size_t size;
	AUTO_FREE char *text = file_read(path, YAML_FILE_MAX, &size, err);
	return text ? yaml_parse(text, size, path, err) : NULL;
}

void yaml_free(struct yaml *root)
{
	if (!root)
		return;
	char *file = (char *)root->file;
	free_tree(root);
	free(file);
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->items[i]->key, key))
			return map->items[i];
	return NULL;
}

int yaml_error(const struct yaml *node, struct error *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_at(err, node->file, node->line, node->column, "%s", text);
}

int yaml_key_error(const struct yaml *node, struct error *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!node->key)
		return error_at(err, node->file, node->line, node->column, "%s", text);
	return error_at(err, node->file, node->key_line, node->key_column, "%s", text);
}
