/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Synthetic strings, checked word by word before hwloc sees them: hwloc takes "cor:8" for cores, "GB" for 10^9, ignores
 * a list of indexes that has not the right length, and gives 1 GiB to a node of size 0.
 *
 *	string = item { " " item }
 *	item   = type ":" count [ "(" attributes ")" ]		a level; the last one is pu
 *	       | "[" "numa" [ "(" attributes ")" ] "]"		memory attached to each object of the level before
 *	       | count						all levels untyped, hwloc chooses the types
 *	attributes = key "=" value { " " key "=" value }	memory=SIZE (numa), size=SIZE (caches), indexes=N,N,…
 *
 * Source: hwloc 2.9, "Synthetic topologies".
 */
#include "core/topology/topology_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

#define TEXT_SIZE_MAX  65536 /* letters of a string: 1024 indexes of 5 letters fit many times */
#define WORD_SIZE_MAX  32
#define VALUE_SIZE_MAX 64
#define LEVELS_MAX     32
#define SHOWN_MAX      160 /* letters of the string that a sentence repeats */

enum level_kind { KIND_GROUP, KIND_NUMA, KIND_PACKAGE, KIND_DIE, KIND_CACHE, KIND_CORE, KIND_PU };

struct level_type {
	const char *word;
	const char *canonical; /* also says which words mean the same level */
	enum level_kind kind;
	unsigned cache_level; /* KIND_CACHE: they must shrink on the way down */
};

static const struct level_type level_types[] = {
	{"pack", "Package", KIND_PACKAGE, 0},
	{"package", "Package", KIND_PACKAGE, 0},
	{"socket", "Package", KIND_PACKAGE, 0},
	{"sock", "Package", KIND_PACKAGE, 0},
	{"die", "Die", KIND_DIE, 0},
	{"group", "Group", KIND_GROUP, 0},
	{"numa", "NUMANode", KIND_NUMA, 0},
	{"numanode", "NUMANode", KIND_NUMA, 0},
	{"node", "NUMANode", KIND_NUMA, 0},
	{"core", "Core", KIND_CORE, 0},
	{"pu", "PU", KIND_PU, 0},
	{"l5", "L5Cache", KIND_CACHE, 5},
	{"l4", "L4Cache", KIND_CACHE, 4},
	{"l3", "L3Cache", KIND_CACHE, 3},
	{"l2", "L2Cache", KIND_CACHE, 2},
	{"l1", "L1Cache", KIND_CACHE, 1},
	{"l1d", "L1Cache", KIND_CACHE, 1},
	{"l5cache", "L5Cache", KIND_CACHE, 5},
	{"l4cache", "L4Cache", KIND_CACHE, 4},
	{"l3cache", "L3Cache", KIND_CACHE, 3},
	{"l2cache", "L2Cache", KIND_CACHE, 2},
	{"l1cache", "L1Cache", KIND_CACHE, 1},
	{"l1dcache", "L1Cache", KIND_CACHE, 1},
	{"l3i", "L3iCache", KIND_CACHE, 3},
	{"l2i", "L2iCache", KIND_CACHE, 2},
	{"l1i", "L1iCache", KIND_CACHE, 1},
	{"l3icache", "L3iCache", KIND_CACHE, 3},
	{"l2icache", "L2iCache", KIND_CACHE, 2},
	{"l1icache", "L1iCache", KIND_CACHE, 1},
};

#define TYPE_COUNT (sizeof(level_types) / sizeof(level_types[0]))

struct parser {
	const char *text;
	const char *at;
	struct mh_text *out;
	struct mh_error *reterr;
	const struct level_type *levels[LEVELS_MAX];
	size_t level_count;
	uint64_t width; /* objects of the last level, in the whole machine */
	uint64_t node_count;
	unsigned numa_items; /* levels and attachments */
	bool numa_level;
	const char *numa_indexes; /* where a numa has them: then it must be the only one */
	bool untyped, typed, ended;
	bool memory_given;
};

/* The sentence, with the column of @at. */
static __attribute__((format(printf, 4, 5))) int fail(struct parser *parser, int code, const char *at,
						      const char *format, ...)
{
	char sentence[MH_ERROR_SIZE / 2];
	va_list arguments;
	size_t length = strlen(parser->text);

	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	return mh_error_set(parser->reterr, code, "topology '%.*s%s', column %zu: %s", SHOWN_MAX, parser->text,
			    length > SHOWN_MAX ? "…" : "", (size_t)(at - parser->text) + 1, sentence);
}

/* Bytes of the letter at @at, so that a sentence never shows half of one. */
static int letter_size(const char *at)
{
	int size = *at ? 1 : 0;

	while (size && ((unsigned char)at[size] & 0xc0) == 0x80)
		size++;
	return size;
}

static void skip_spaces(struct parser *parser)
{
	while (*parser->at == ' ')
		parser->at++;
}

/* A run of letters and digits into @word, cut to its size. */
static void read_word(struct parser *parser, char word[WORD_SIZE_MAX])
{
	size_t length = 0;

	while (isalnum((unsigned char)*parser->at) || *parser->at == '_' || *parser->at == '-') {
		if (length < WORD_SIZE_MAX - 1)
			word[length++] = *parser->at;
		parser->at++;
	}
	word[length] = '\0';
}

static const struct level_type *type_find(const char *word)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		if (strcasecmp(level_types[i].word, word) == 0)
			return &level_types[i];
	return NULL;
}

static int fail_type(struct parser *parser, const char *at, const char *word)
{
	const char *candidates[TYPE_COUNT + 1] = {"host"};
	char lower[WORD_SIZE_MAX];

	for (size_t i = 0; i < WORD_SIZE_MAX; i++)
		lower[i] = (char)tolower((unsigned char)word[i]);
	for (size_t i = 0; i < TYPE_COUNT; i++)
		candidates[i + 1] = level_types[i].word;
	if (!*word)
		return fail(parser, -EINVAL, at, "'%.*s' cannot stand here: an item is TYPE:COUNT or [numa]",
			    letter_size(at), at);
	if (strcmp(lower, "host") == 0)
		return fail(parser, -EINVAL, at, "'host' stands alone");
	if (strcmp(lower, "xml") == 0)
		return fail(parser, -EINVAL, at, "a file is named as xml:FILE, in small letters");
	const char *nearest = mh_text_nearest(lower, candidates, TYPE_COUNT + 1);

	if (nearest)
		return fail(parser, -EINVAL, at, "unknown word '%s' (did you mean '%s'?)", word, nearest);
	return fail(parser, -EINVAL, at,
		    "unknown word '%s': a level is pack, die, group, numa, l3, l2, l1, core or pu; or write host or "
		    "xml:FILE",
		    word);
}

/* A decimal number of 1 to @max. */
static int read_count(struct parser *parser, uint64_t max, uint64_t *ret_count)
{
	const char *start = parser->at;
	uint64_t count = 0;

	for (; isdigit((unsigned char)*parser->at); parser->at++)
		if (count <= max)
			count = count * 10 + (uint64_t)(*parser->at - '0');
	if (parser->at == start)
		return fail(parser, -EINVAL, start, "a count is missing here");
	if (isalnum((unsigned char)*parser->at))
		return fail(parser, -EINVAL, parser->at, "'%.*s' does not belong to a count", letter_size(parser->at),
			    parser->at);
	if (count == 0)
		return fail(parser, -EINVAL, start, "a count of 0: counts begin at 1");
	if (count > max)
		return fail(parser, -E2BIG, start, "too many: at most %llu", (unsigned long long)max);
	*ret_count = count;
	return 0;
}

/* One number of a list of indexes, below @limit and not in @seen. */
static int read_index(struct parser *parser, uint64_t limit, bool *seen)
{
	const char *start = parser->at;
	uint64_t value = 0;

	for (; isdigit((unsigned char)*parser->at); parser->at++)
		if (value < limit)
			value = value * 10 + (uint64_t)(*parser->at - '0');
	if (parser->at == start)
		return fail(parser, -EINVAL, start, "indexes are a list of numbers, as in indexes=0,2,1,3");
	if (value >= limit)
		return fail(parser, -E2BIG, start, "an index of %.*s: the highest is %llu", (int)(parser->at - start),
			    start, (unsigned long long)limit - 1);
	if (seen[value])
		return fail(parser, -EINVAL, start, "the index %llu is given twice", (unsigned long long)value);
	seen[value] = true;
	return 0;
}

/* hwloc ignores a list of another length without a word, so it is counted here. */
static int read_indexes(struct parser *parser, const struct level_type *type, uint64_t width)
{
	bool seen[MH_TOPOLOGY_CPUS_MAX] = {false};
	const char *start = parser->at;
	uint64_t limit = type->kind == KIND_NUMA ? MH_TOPOLOGY_NODES_MAX : MH_TOPOLOGY_CPUS_MAX;
	uint64_t count = 0;

	for (;;) {
		int ret = read_index(parser, limit, seen);

		if (ret < 0)
			return ret;
		count++;
		if (*parser->at != ',')
			break;
		parser->at++;
	}
	if (count != width)
		return fail(parser, -EINVAL, start, "%llu indexes for %llu objects", (unsigned long long)count,
			    (unsigned long long)width);
	if (type->kind == KIND_NUMA)
		parser->numa_indexes = start;
	mh_text_add(parser->out, "indexes=%.*s", (int)(parser->at - start), start);
	return 0;
}

static int read_size(struct parser *parser, const struct level_type *type, const char *key)
{
	char value[VALUE_SIZE_MAX];
	const char *start = parser->at;
	size_t length = strcspn(start, " )");
	struct mh_error error;
	uint64_t bytes;

	snprintf(value, sizeof(value), "%.*s", (int)(length < VALUE_SIZE_MAX ? length : VALUE_SIZE_MAX - 1), start);
	int ret = mh_parse_size(value, &bytes, &error);

	if (ret < 0)
		return fail(parser, ret, start, "%s", error.text);
	parser->at += length;
	if (type->kind == KIND_NUMA && bytes > 0)
		parser->memory_given = true;
	mh_text_add(parser->out, "%s=%llu", key, (unsigned long long)bytes);
	return 0;
}

static int read_attribute(struct parser *parser, const struct level_type *type, uint64_t width)
{
	static const char *const keys[] = {"memory", "size", "indexes"};
	const char *start = parser->at;
	char key[WORD_SIZE_MAX];

	read_word(parser, key);
	bool is_memory = strcmp(key, "memory") == 0, is_size = strcmp(key, "size") == 0;

	if (!is_memory && !is_size && strcmp(key, "indexes") != 0) {
		const char *nearest = mh_text_nearest(key, keys, 3);

		if (nearest)
			return fail(parser, -EINVAL, start, "unknown attribute '%s' (did you mean '%s'?)", key,
				    nearest);
		return fail(parser, -EINVAL, start, "unknown attribute '%s': use memory=, size= or indexes=", key);
	}
	if (is_memory && type->kind != KIND_NUMA)
		return fail(parser, -EINVAL, start, "memory belongs to a node: write [numa(memory=…)] behind '%s'",
			    type->word);
	if (is_size && type->kind != KIND_CACHE)
		return fail(parser, -EINVAL, start, "a size belongs to a cache%s",
			    type->kind == KIND_NUMA ? ": a node's is memory=" : "");
	if (!is_memory && !is_size && (type->kind == KIND_CACHE || type->kind == KIND_GROUP))
		return fail(parser, -EINVAL, start, "'%s' has no indexes", type->word);
	if (*parser->at != '=')
		return fail(parser, -EINVAL, parser->at, "'=' is missing behind '%s'", key);
	parser->at++;
	return is_memory || is_size ? read_size(parser, type, key) : read_indexes(parser, type, width);
}

/* From '(' to ')', each key at most once. */
static int read_attributes(struct parser *parser, const struct level_type *type, uint64_t width)
{
	const char *open = parser->at++;
	bool first_letters[UINT8_MAX + 1] = {false}; /* the keys differ in their first letters */

	mh_text_add(parser->out, "(");
	for (;;) {
		skip_spaces(parser);
		if (*parser->at == '\0')
			return fail(parser, -EINVAL, open, "this bracket is never closed");
		const char *start = parser->at;
		int ret = read_attribute(parser, type, width);

		if (ret < 0)
			return ret;
		if (first_letters[(unsigned char)*start])
			return fail(parser, -EINVAL, start, "this attribute is given twice");
		first_letters[(unsigned char)*start] = true;
		skip_spaces(parser);
		if (*parser->at == ')')
			break;
		if (*parser->at != '\0' && parser->at[-1] != ' ')
			return fail(parser, -EINVAL, parser->at, "'%.*s' cannot stand here: a space or ')' is missing",
				    letter_size(parser->at), parser->at);
		mh_text_add(parser->out, " ");
	}
	parser->at++;
	mh_text_add(parser->out, ")");
	return 0;
}

static int add_nodes(struct parser *parser, const char *at, uint64_t count)
{
	parser->numa_items++;
	parser->node_count += count;
	if (parser->node_count > MH_TOPOLOGY_NODES_MAX)
		return fail(parser, -E2BIG, at, "%llu nodes: at most %d are supported",
			    (unsigned long long)parser->node_count, MH_TOPOLOGY_NODES_MAX);
	return 0;
}

/* "[numa(…)]": one node to each object of the level before it, or to the machine. */
static int read_attachment(struct parser *parser)
{
	const char *open = parser->at++;
	char word[WORD_SIZE_MAX];

	skip_spaces(parser);
	const char *start = parser->at;

	read_word(parser, word);
	const struct level_type *type = type_find(word);

	if (!type || type->kind != KIND_NUMA)
		return type ? fail(parser, -EINVAL, start, "only [numa] can be attached, not '%s'", word)
			    : fail_type(parser, start, word);
	if (*parser->at == ':')
		return fail(parser, -EINVAL, parser->at, "[numa] takes no count: repeat it for several nodes");
	if (parser->numa_level)
		return fail(parser, -EINVAL, open, "numa:COUNT and [numa] cannot be mixed");
	int ret = add_nodes(parser, start, parser->width);

	if (ret < 0)
		return ret;
	mh_text_add(parser->out, "[%s", type->canonical);
	if (*parser->at == '(')
		ret = read_attributes(parser, type, parser->width);
	if (ret < 0)
		return ret;
	skip_spaces(parser);
	if (*parser->at != ']')
		return fail(parser, -EINVAL, *parser->at ? parser->at : open, "']' is missing");
	parser->at++;
	mh_text_add(parser->out, "]");
	return 0;
}

/* Does @type fit below what came before it? Each type once, but for groups; big things hold small ones. */
static int check_order(struct parser *parser, const char *at, const struct level_type *type)
{
	if (parser->ended)
		return fail(parser, -EINVAL, at, "pu is the last level: nothing stands below it");
	if (parser->level_count == LEVELS_MAX)
		return fail(parser, -E2BIG, at, "more than %d levels", LEVELS_MAX);
	for (size_t i = 0; i < parser->level_count; i++) {
		const struct level_type *above = parser->levels[i];

		if (type->kind != KIND_GROUP && strcmp(above->canonical, type->canonical) == 0)
			return fail(parser, -EINVAL, at, "a second level of '%s'", type->word);
		if (above->kind == KIND_CACHE && type->kind == KIND_CACHE && above->cache_level < type->cache_level)
			return fail(parser, -EINVAL, at, "'%s' cannot stand below '%s'", type->word, above->word);
		if (above->kind > type->kind && above->kind != KIND_CACHE && type->kind != KIND_CACHE &&
		    type->kind != KIND_GROUP && type->kind != KIND_NUMA)
			return fail(parser, -EINVAL, at, "'%s' cannot stand below '%s'", type->word, above->word);
	}
	return 0;
}

/* The objects of a level of @count to each object of the level before. */
static int widen(struct parser *parser, const char *at, uint64_t count)
{
	parser->width *= count;
	if (parser->width > MH_TOPOLOGY_CPUS_MAX)
		return fail(parser, -E2BIG, at, "%llu objects on this level: at most %d are supported",
			    (unsigned long long)parser->width, MH_TOPOLOGY_CPUS_MAX);
	return 0;
}

static int read_numa_level(struct parser *parser, const char *at)
{
	if (parser->numa_items)
		return fail(parser, -EINVAL, at, "numa:COUNT and [numa] cannot be mixed");
	parser->numa_level = true;
	return add_nodes(parser, at, parser->width);
}

/* "core:8(…)" */
static int read_level(struct parser *parser)
{
	const char *start = parser->at;
	char word[WORD_SIZE_MAX];
	uint64_t count;

	read_word(parser, word);
	const struct level_type *type = type_find(word);

	if (!type)
		return fail_type(parser, start, word);
	if (*parser->at != ':')
		return fail(parser, -EINVAL, parser->at, "':' and a count are missing behind '%s'", word);
	parser->at++;
	int ret = check_order(parser, start, type);

	if (ret == 0)
		ret = read_count(parser, MH_TOPOLOGY_CPUS_MAX, &count);
	if (ret == 0)
		ret = widen(parser, start, count);
	if (ret == 0 && type->kind == KIND_NUMA)
		ret = read_numa_level(parser, start);
	if (ret < 0)
		return ret;
	parser->levels[parser->level_count++] = type;
	parser->ended = type->kind == KIND_PU;
	parser->typed = true;
	mh_text_add(parser->out, "%s:%llu", type->canonical, (unsigned long long)count);
	return *parser->at == '(' ? read_attributes(parser, type, parser->width) : 0;
}

static int read_untyped(struct parser *parser)
{
	const char *start = parser->at;
	uint64_t count;
	int ret = read_count(parser, MH_TOPOLOGY_CPUS_MAX, &count);

	if (ret == 0)
		ret = widen(parser, start, count);
	parser->untyped = true;
	mh_text_add(parser->out, "%llu", (unsigned long long)count);
	return ret;
}

static int read_item(struct parser *parser)
{
	const char *start = parser->at;
	int ret;

	if (*start == '(')
		return fail(parser, -EINVAL, start, "these attributes stand behind no object");
	if (*start == '[')
		ret = parser->ended ? fail(parser, -EINVAL, start, "pu is the last level: attach nodes above it")
				    : read_attachment(parser);
	else if (isdigit((unsigned char)*start))
		ret = read_untyped(parser);
	else
		ret = read_level(parser);
	if (ret == 0 && parser->untyped && (parser->typed || parser->numa_items))
		ret = fail(parser, -EINVAL, start, "levels with and without a type cannot be mixed");
	if (ret == 0 && *parser->at != ' ' && *parser->at != '\0' && *parser->at != '[')
		ret = fail(parser, -EINVAL, parser->at, "'%.*s' cannot stand here: a space is missing",
			   letter_size(parser->at), parser->at);
	return ret;
}

static int check_whole(struct parser *parser)
{
	if (!parser->ended && !parser->untyped)
		return fail(parser, -EINVAL, parser->at, "the last level must be pu: add 'pu:1'");
	if (parser->numa_indexes && parser->numa_items > 1)
		return fail(parser, -EINVAL, parser->numa_indexes, "indexes need a single [numa] in the string");
	if (parser->out->failed)
		return fail(parser, -ENOMEM, parser->at, "no memory");
	return 0;
}

int mh_synthetic_translate(const char *text, struct mh_text *out, bool *ret_memory_given, struct mh_error *reterr)
{
	struct parser parser = {.text = text, .at = text, .out = out, .reterr = reterr, .width = 1};
	int ret = 0;

	if (strlen(text) > TEXT_SIZE_MAX)
		return mh_error_set(reterr, -E2BIG, "the topology string has more than %d letters", TEXT_SIZE_MAX);
	skip_spaces(&parser);
	if (!*parser.at)
		return mh_error_set(
			reterr, -EINVAL,
			"the topology is empty: write host, xml:FILE, or a string such as 'pack:2 core:4 pu:1'");
	while (ret == 0 && *parser.at) {
		ret = read_item(&parser);
		skip_spaces(&parser);
		if (*parser.at)
			mh_text_add(out, " ");
	}
	if (ret == 0)
		ret = check_whole(&parser);
	if (ret == 0)
		*ret_memory_given = parser.memory_given;
	return ret;
}

int mh_topology_open_synthetic(const char *text, hwloc_topology_t *ret_tree, bool *ret_memory_given,
			       struct mh_error *reterr)
{
	struct mh_text translated = MH_TEXT_INIT;
	int ret = mh_synthetic_translate(text, &translated, ret_memory_given, reterr);

	if (ret == 0)
		ret = mh_topology_tree_init(ret_tree, reterr);
	if (ret == 0 &&
	    (hwloc_topology_set_synthetic(*ret_tree, translated.data) < 0 || hwloc_topology_load(*ret_tree) < 0)) {
		hwloc_topology_destroy(*ret_tree);
		ret = mh_error_set(reterr, -EINVAL, "topology '%.*s': hwloc refuses it", SHOWN_MAX, text);
	}
	mh_text_release(&translated);
	return ret;
}
