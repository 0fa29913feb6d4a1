/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document of libyaml becomes a tree of our own: aliases are expanded (counted, so that a bomb of aliases meets the
 * same bound as a large file), keys must be words, a key given twice is an error at its second place.
 */
#include "bench/engine/document.h"

#include "base/io.h"
#include "bench/engine/survey.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct conversion {
	struct mh_reader *reader;
	const struct mh_source *source;
	yaml_document_t *document;
	unsigned nodes, depth;
	yaml_node_t *open[MH_DOCUMENT_DEPTH_MAX]; /* the collections around this node, outermost first */
};

void mh_reader_release(struct mh_reader *reader)
{
	mh_diagnostics_release(&reader->diagnostics);
	mh_arena_release(&reader->arena);
}

struct mh_source *mh_source_new(struct mh_reader *reader, const char *name, const char *folder, const char *text,
				size_t size)
{
	struct mh_source *source = mh_arena_alloc(&reader->arena, sizeof(*source));

	if (!source)
		return NULL;
	source->name = mh_arena_copy(&reader->arena, name, strlen(name));
	source->folder = mh_arena_copy(&reader->arena, folder, strlen(folder));
	source->order = reader->source_count++;
	if (text) {
		source->text = mh_arena_copy(&reader->arena, text, size);
		source->size = size;
	}
	return source->name && source->folder && (!text || source->text) ? source : NULL;
}

static int node_convert(struct conversion *conversion, yaml_node_t *yaml, struct mh_node **ret_node);

static int scalar_convert(struct conversion *conversion, const yaml_node_t *yaml, struct mh_node *node)
{
	const char *text = (const char *)yaml->data.scalar.value;

	if (strlen(text) != yaml->data.scalar.length) {
		mh_diagnose(&conversion->reader->diagnostics, node->place, "a NUL character may not stand in a value");
		return -EINVAL;
	}
	node->text = mh_arena_copy(&conversion->reader->arena, text, yaml->data.scalar.length);
	node->quoted = yaml->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return node->text ? 0 : -ENOMEM;
}

static int list_convert(struct conversion *conversion, yaml_node_t *yaml, struct mh_node *node)
{
	for (yaml_node_item_t *item = yaml->data.sequence.items.start; item < yaml->data.sequence.items.top; item++) {
		struct mh_node *child;
		int ret = node_convert(conversion, yaml_document_get_node(conversion->document, *item), &child);

		if (ret < 0)
			return ret;
		if (!mh_node_append(&conversion->reader->arena, node, child))
			return -ENOMEM;
	}
	return 0;
}

static void duplicate_tell(struct mh_diagnostics *diagnostics, const struct mh_pair *first, struct mh_place second)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_place_print(first->place, &text);
	mh_diagnose(diagnostics, second, "the key '%s' is given twice (first at %s)", first->key, text.data);
	mh_text_release(&text);
}

static int pair_convert(struct conversion *conversion, const yaml_node_pair_t *pair, struct mh_node *map)
{
	struct mh_reader *reader = conversion->reader;
	yaml_node_t *key = yaml_document_get_node(conversion->document, pair->key);
	const struct mh_place place = mh_survey_place(conversion->source, &key->start_mark);
	struct mh_node word = {.place = place}, *value;
	const struct mh_pair *first;
	int ret;

	if (key->type != YAML_SCALAR_NODE) {
		mh_diagnose(&reader->diagnostics, place, "a key must be a word");
		return -EINVAL;
	}
	ret = scalar_convert(conversion, key, &word);
	if (ret == 0)
		ret = node_convert(conversion, yaml_document_get_node(conversion->document, pair->value), &value);
	if (ret < 0)
		return ret;
	conversion->nodes++; /* the key */
	first = mh_node_find_pair(map, word.text);
	if (first) {
		duplicate_tell(&reader->diagnostics, first, place);
		return 0;
	}
	return mh_node_set(&reader->arena, map, word.text, place, value) ? 0 : -ENOMEM;
}

static int map_convert(struct conversion *conversion, yaml_node_t *yaml, struct mh_node *node)
{
	for (yaml_node_pair_t *pair = yaml->data.mapping.pairs.start; pair < yaml->data.mapping.pairs.top; pair++) {
		int ret = pair_convert(conversion, pair, node);

		if (ret < 0)
			return ret;
	}
	return 0;
}

/* The bounds again, now with aliases expanded. */
static bool conversion_may_go_on(struct conversion *conversion, const yaml_node_t *yaml, struct mh_place place)
{
	struct mh_diagnostics *diagnostics = &conversion->reader->diagnostics;

	for (unsigned level = 0; level < conversion->depth; level++) {
		if (conversion->open[level] == yaml) {
			mh_diagnose(diagnostics, place, "an alias stands inside of what it repeats");
			return false;
		}
	}
	if (conversion->depth == MH_DOCUMENT_DEPTH_MAX && yaml->type != YAML_SCALAR_NODE) {
		mh_diagnose(diagnostics, place, "nested deeper than %d levels, aliases expanded",
			    MH_DOCUMENT_DEPTH_MAX);
		return false;
	}
	if (++conversion->nodes > MH_DOCUMENT_NODES_MAX) {
		mh_diagnose(diagnostics, place, "more than %d values in one file, aliases expanded",
			    MH_DOCUMENT_NODES_MAX);
		return false;
	}
	return true;
}

static int node_convert(struct conversion *conversion, yaml_node_t *yaml, struct mh_node **ret_node)
{
	const struct mh_place place = mh_survey_place(conversion->source, &yaml->start_mark);
	enum mh_node_kind kind = yaml->type == YAML_MAPPING_NODE    ? MH_NODE_MAP
				 : yaml->type == YAML_SEQUENCE_NODE ? MH_NODE_LIST
								    : MH_NODE_SCALAR;
	struct mh_node *node;
	int ret;

	if (!conversion_may_go_on(conversion, yaml, place))
		return -EINVAL;
	node = mh_node_new(&conversion->reader->arena, kind, place);
	if (!node)
		return -ENOMEM;
	*ret_node = node;
	if (kind == MH_NODE_SCALAR)
		return scalar_convert(conversion, yaml, node);
	conversion->open[conversion->depth++] = yaml;
	ret = kind == MH_NODE_MAP ? map_convert(conversion, yaml, node) : list_convert(conversion, yaml, node);
	conversion->depth--;
	return ret;
}

static int document_load(struct mh_reader *reader, const struct mh_source *source, yaml_parser_t *parser,
			 const char *text, size_t size, struct mh_node **ret_root)
{
	yaml_document_t document;
	struct conversion conversion = {.reader = reader, .source = source, .document = &document};
	int ret;

	yaml_parser_set_input_string(parser, (const unsigned char *)text, size);
	if (!yaml_parser_load(parser, &document)) {
		mh_survey_parser_error(&reader->diagnostics, source, parser, text, size);
		return -EINVAL;
	}
	ret = node_convert(&conversion, yaml_document_get_root_node(&document), ret_root);
	yaml_document_delete(&document);
	return ret;
}

int mh_document_parse(struct mh_reader *reader, struct mh_source *source, const char *text, size_t size,
		      struct mh_node **ret_root)
{
	yaml_parser_t parser;
	int ret;

	if (!mh_survey_document(&reader->diagnostics, source, text, size))
		return -EINVAL;
	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	ret = document_load(reader, source, &parser, text, size, ret_root);
	yaml_parser_delete(&parser);
	return ret;
}

static const char *read_failure(int code)
{
	switch (code) {
	case -EFBIG:
		return "larger than 1 MiB, the most that a scenario may have";
	case -EINVAL:
		return "not a regular file";
	case -EISDIR:
		return "a folder, not a scenario file";
	default:
		return strerror(-code);
	}
}

static void read_failure_tell(struct mh_reader *reader, const char *path, struct mh_place named_at, int code)
{
	struct mh_place place = named_at;

	if (named_at.source) {
		mh_diagnose(&reader->diagnostics, place, "cannot read '%s': %s", path, read_failure(code));
		return;
	}
	place.source = mh_source_new(reader, path, "", NULL, 0);
	if (place.source)
		mh_diagnose(&reader->diagnostics, place, "cannot read it: %s", read_failure(code));
}

int mh_document_read(struct mh_reader *reader, const char *path, struct mh_place named_at, struct mh_node **ret_root,
		     struct mh_source **ret_source)
{
	const char *slash = strrchr(path, '/');
	char *data, *folder = mh_arena_copy(&reader->arena, path, slash ? (size_t)(slash - path) + 1 : 0);
	struct mh_source *source;
	size_t size;
	int ret;

	if (!folder)
		return -ENOMEM;
	ret = mh_file_read(path, MH_DOCUMENT_SIZE_MAX, &data, &size, NULL);
	if (ret < 0) {
		read_failure_tell(reader, path, named_at, ret);
		return ret;
	}
	source = mh_source_new(reader, path, folder, data, size);
	free(data);
	if (!source)
		return -ENOMEM;
	*ret_source = source;
	return mh_document_parse(reader, source, source->text, source->size, ret_root);
}

int mh_document_value(struct mh_reader *reader, struct mh_place place, const char *text, struct mh_node **ret_node)
{
	struct mh_source *label;

	if (*text != '[' && *text != '{') {
		*ret_node = mh_node_scalar(&reader->arena, place, text);
		return *ret_node ? 0 : -ENOMEM;
	}
	label = mh_source_new(reader, place.source->name, place.source->folder, NULL, 0);
	return label ? mh_document_parse(reader, label, text, strlen(text), ret_node) : -ENOMEM;
}
