/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for people, JSON for programs, from the same two structs. */
#include "core/topology/describe.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/units.h"

#define TEXT_WIDTH         80
#define DISTANCE_NODES_MAX 16 /* a table of 16 columns is what fits TEXT_WIDTH */
#define WARNING_INDENT     2
#define JSON_EXACT_MAX     (INT64_C(1) << 53) /* beyond it readers that use doubles lose digits */

/* "0-3,8": ascending numbers as ranges. */
static void add_ranges(struct mh_text *text, const unsigned *numbers, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t last = i;

		while (last + 1 < count && numbers[last + 1] == numbers[last] + 1)
			last++;
		mh_text_add(text, last > i ? "%s%u-%u" : "%s%u", i ? "," : "", numbers[i], numbers[last]);
		i = last + 1;
	}
}

/* The list of CPUs cut to @width, with the rest counted. */
static void add_cpus(struct mh_text *text, const struct mh_topology_node *node, size_t width)
{
	struct mh_text ranges = MH_TEXT_INIT;

	add_ranges(&ranges, node->cpus, node->cpu_count);
	if (!node->cpu_count)
		mh_text_add(text, "none");
	else if (ranges.length <= width)
		mh_text_append(text, ranges.data, ranges.length);
	else
		mh_text_add(text, "%zu CPUs from %u to %u", node->cpu_count, node->cpus[0],
			    node->cpus[node->cpu_count - 1]);
	text->failed |= ranges.failed;
	mh_text_release(&ranges);
}

static void add_node(struct mh_text *text, const struct mh_topology *topology, const struct mh_block_layout *layout,
		     size_t index)
{
	const struct mh_topology_node *node = &topology->nodes[index];
	char memory[32], blocks[48] = "", places[48] = "";

	mh_show_size(memory, sizeof(memory), node->memory_bytes);
	if (layout) {
		const struct mh_block_range *range = &layout->nodes[index];

		snprintf(blocks, sizeof(blocks), "%8zu", range->count);
		if (range->count == 1)
			snprintf(places, sizeof(places), "%zu", range->first);
		else if (range->count)
			snprintf(places, sizeof(places), "%zu-%zu", range->first, range->first + range->count - 1);
		else
			snprintf(places, sizeof(places), "none");
		mh_text_add(text, "%6u %10s %s  %-15s  ", node->nid, node->memory_bytes ? memory : "none", blocks,
			    places);
	} else {
		mh_text_add(text, "%6u %10s  ", node->nid, node->memory_bytes ? memory : "none");
	}
	add_cpus(text, node, layout ? TEXT_WIDTH - 45 : TEXT_WIDTH - 19);
	mh_text_add(text, "\n");
}

static void add_distances(struct mh_text *text, const struct mh_topology *topology)
{
	size_t count = topology->node_count;

	if (count < 2)
		return;
	if (!topology->distances_known) {
		mh_text_add(text, "\ndistances: not given; %u to itself, %u to another node\n",
			    MH_TOPOLOGY_DISTANCE_SELF, MH_TOPOLOGY_DISTANCE_OTHER);
		return;
	}
	if (count > DISTANCE_NODES_MAX) {
		mh_text_add(text, "\ndistances: given for all %zu nodes; the table is in the JSON form\n", count);
		return;
	}
	mh_text_add(text, "\ndistances\n%6s", "");
	for (size_t to = 0; to < count; to++)
		mh_text_add(text, " %3u", topology->nodes[to].nid);
	mh_text_add(text, "\n");
	for (size_t from = 0; from < count; from++) {
		mh_text_add(text, "%6u", topology->nodes[from].nid);
		for (size_t to = 0; to < count; to++)
			mh_text_add(text, " %3u", mh_topology_distance(topology, from, to));
		mh_text_add(text, "\n");
	}
}

/* Words of @sentence in lines of TEXT_WIDTH, behind "warning: ". */
static void add_warning(struct mh_text *text, const char *sentence)
{
	size_t column = strlen("warning:");

	mh_text_add(text, "warning:");
	while (*sentence) {
		size_t length = strcspn(sentence, " ");

		if (column + 1 + length > TEXT_WIDTH && column > WARNING_INDENT) {
			mh_text_add(text, "\n%*s", WARNING_INDENT - 1, "");
			column = WARNING_INDENT - 1;
		}
		mh_text_add(text, " %.*s", (int)length, sentence);
		column += 1 + length;
		sentence += length + (sentence[length] == ' ');
	}
	mh_text_add(text, "\n");
}

static void add_head(struct mh_text *text, const struct mh_topology *topology, const struct mh_block_layout *layout)
{
	char memory[32], block[32], unused[32];

	mh_show_size(memory, sizeof(memory), mh_topology_memory_bytes(topology));
	mh_text_add(text, "topology: %s%s\n", topology->source,
		    topology->is_host && strcmp(topology->source, "host") != 0 ? " (this host)" : "");
	mh_text_add(text, "%zu node%s, %zu CPU%s, %s\n", topology->node_count, topology->node_count == 1 ? "" : "s",
		    topology->cpu_count, topology->cpu_count == 1 ? "" : "s", memory);
	if (layout) {
		mh_text_add(text, "%zu block%s of %s", layout->block_count, layout->block_count == 1 ? "" : "s",
			    mh_format_size(block, sizeof(block), layout->block_size_bytes));
		if (layout->unused_bytes)
			mh_text_add(text, "; %s make no whole block",
				    mh_show_size(unused, sizeof(unused), layout->unused_bytes));
		mh_text_add(text, "\n\n  node     memory   blocks  block numbers    CPUs\n");
	} else {
		mh_text_add(text, "\n  node     memory  CPUs\n");
	}
}

char *mh_topology_text(const struct mh_topology *topology, const struct mh_block_layout *layout)
{
	struct mh_text text = MH_TEXT_INIT;

	add_head(&text, topology, layout);
	for (size_t i = 0; i < topology->node_count; i++)
		add_node(&text, topology, layout, i);
	add_distances(&text, topology);
	if (topology->warning_count)
		mh_text_add(&text, "\n");
	for (size_t i = 0; i < topology->warning_count; i++)
		add_warning(&text, topology->warnings[i]);
	if (!text.failed)
		return text.data;
	mh_text_release(&text);
	return NULL;
}

/* An exact integer, and as text besides where doubles would lose digits. */
static int set_u64(json_t *object, const char *key, uint64_t value)
{
	char name[64], digits[32];
	int ret = json_object_set_new(object, key, json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value));

	if (ret < 0 || value <= (uint64_t)JSON_EXACT_MAX)
		return ret;
	snprintf(name, sizeof(name), "%s_s", key);
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	return json_object_set_new(object, name, json_string(digits));
}

static json_t *json_of_cpus(const struct mh_topology_node *node)
{
	json_t *cpus = json_array();

	for (size_t i = 0; i < node->cpu_count; i++)
		if (json_array_append_new(cpus, json_integer(node->cpus[i])) < 0) {
			json_decref(cpus);
			return NULL;
		}
	return cpus;
}

static json_t *json_of_node(const struct mh_topology *topology, const struct mh_block_layout *layout, size_t index)
{
	const struct mh_topology_node *node = &topology->nodes[index];
	json_t *object = json_object();
	int ret = json_object_set_new(object, "nid", json_integer(node->nid));

	ret |= set_u64(object, "memory_bytes", node->memory_bytes);
	ret |= json_object_set_new(object, "cpus", json_of_cpus(node));
	if (layout) {
		ret |= set_u64(object, "first_block", layout->nodes[index].first);
		ret |= set_u64(object, "block_count", layout->nodes[index].count);
	}
	if (ret < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *json_of_nodes(const struct mh_topology *topology, const struct mh_block_layout *layout)
{
	json_t *nodes = json_array();

	for (size_t i = 0; i < topology->node_count; i++)
		if (json_array_append_new(nodes, json_of_node(topology, layout, i)) < 0) {
			json_decref(nodes);
			return NULL;
		}
	return nodes;
}

/* Rows in the order of nodes; an empty list where the distances are not known. */
static json_t *json_of_distances(const struct mh_topology *topology)
{
	json_t *rows = json_array();
	int ret = rows ? 0 : -1;

	for (size_t from = 0; ret == 0 && topology->distances_known && from < topology->node_count; from++) {
		json_t *row = json_array();

		for (size_t to = 0; ret == 0 && to < topology->node_count; to++)
			ret = json_array_append_new(row, json_integer(mh_topology_distance(topology, from, to)));
		ret |= json_array_append_new(rows, row);
	}
	if (ret < 0) {
		json_decref(rows);
		return NULL;
	}
	return rows;
}

static json_t *json_of_warnings(const struct mh_topology *topology)
{
	json_t *warnings = json_array();

	for (size_t i = 0; i < topology->warning_count; i++)
		if (json_array_append_new(warnings, json_string(topology->warnings[i])) < 0) {
			json_decref(warnings);
			return NULL;
		}
	return warnings;
}

char *mh_topology_json(const struct mh_topology *topology, const struct mh_block_layout *layout)
{
	json_t *root = json_object();
	int ret = json_object_set_new(root, "schema", json_string("memhp-bench/topology"));

	ret |= json_object_set_new(root, "schema_version", json_integer(1));
	ret |= json_object_set_new(root, "source", json_string(topology->source));
	ret |= json_object_set_new(root, "host", json_boolean(topology->is_host));
	ret |= set_u64(root, "cpu_count", topology->cpu_count);
	ret |= set_u64(root, "memory_bytes", mh_topology_memory_bytes(topology));
	if (layout) {
		ret |= set_u64(root, "block_size_bytes", layout->block_size_bytes);
		ret |= set_u64(root, "block_count", layout->block_count);
		ret |= set_u64(root, "unused_bytes", layout->unused_bytes);
	}
	ret |= json_object_set_new(root, "nodes", json_of_nodes(topology, layout));
	ret |= json_object_set_new(root, "distances_known", json_boolean(topology->distances_known));
	ret |= json_object_set_new(root, "distances", json_of_distances(topology));
	ret |= json_object_set_new(root, "warnings", json_of_warnings(topology));
	char *dump = ret < 0 ? NULL : json_dumps(root, JSON_INDENT(2));
	char *text = NULL;

	json_decref(root);
	if (dump && asprintf(&text, "%s\n", dump) < 0)
		text = NULL;
	free(dump);
	return text;
}
