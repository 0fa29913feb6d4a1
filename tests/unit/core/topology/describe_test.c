/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `topology` prints: text within 80 columns, JSON that says the same. */
#include "core/topology/describe.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static char *text_of(const char *spec)
{
	struct mh_topology *topology = load(spec);
	struct mh_block_layout *layout = NULL;

	cr_assert_eq(mh_block_layout_make(topology, 128 * MIB, &layout, NULL), 0);
	char *text = mh_topology_text(topology, layout);

	cr_assert_not_null(text);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
	return text;
}

Test(describe, a_small_machine_looks_like_this)
{
	char *text = text_of("pack:2 [numa(memory=1088MiB indexes=3,1)] core:1 pu:2");

	cr_assert_str_eq(text,
			 "topology: pack:2 [numa(memory=1088MiB indexes=3,1)] core:1 pu:2\n"
			 "2 nodes, 4 CPUs, 2.12 GiB\n"
			 "16 blocks of 128MiB; 128 MiB make no whole block\n"
			 "\n"
			 "  node     memory   blocks  block numbers    CPUs\n"
			 "     1   1.06 GiB        8  0-7              2-3\n"
			 "     3   1.06 GiB        8  8-15             0-1\n"
			 "\n"
			 "distances: not given; 10 to itself, 20 to another node\n",
			 "got:\n%s", text);
	free(text);
}

static size_t widest_line(const char *text)
{
	size_t widest = 0;

	while (*text) {
		size_t length = strcspn(text, "\n");

		widest = length > widest ? length : widest;
		text += length + (text[length] == '\n');
	}
	return widest;
}

Test(describe, lines_stay_within_80_columns)
{
	char interleaved[2048] = "pack:2 [numa(memory=1GiB)] core:32 pu:1(indexes=";

	for (unsigned i = 0; i < 64; i++) /* even numbers on the first node, odd ones on the second: no ranges */
		sprintf(interleaved + strlen(interleaved), "%s%u", i ? "," : "", i % 32 * 2 + i / 32);
	strcat(interleaved, ")");
	const char *const specs[] = {"pack:4 [numa(memory=1TiB)] core:16 pu:2", interleaved, "2 3 4"};

	for (size_t i = 0; i < 3; i++) {
		char *text = text_of(specs[i]);
		char *body = strchr(text, '\n'); /* the first line repeats what the user wrote */

		cr_expect_leq(widest_line(body), 80, "%zu columns:\n%s", widest_line(body), body);
		free(text);
	}
}

Test(describe, a_table_of_distances_is_shown_up_to_16_nodes)
{
	char *text = text_of(xml_spec("out-of-order.xml"));

	cr_assert_not_null(strstr(text, "distances\n"
					"         0   5   9\n"
					"     0  10  17  21\n"
					"     5  30  10  21\n"
					"     9  30  30  10\n"),
			   "got:\n%s", text);
	free(text);
}

Test(describe, json_says_the_same)
{
	struct mh_topology *topology = load(xml_spec("out-of-order.xml"));
	struct mh_block_layout *layout = NULL;

	cr_assert_eq(mh_block_layout_make(topology, 128 * MIB, &layout, NULL), 0);
	char *text = mh_topology_json(topology, layout);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	json_t *node = json_array_get(json_object_get(root, "nodes"), 2);

	cr_expect_str_eq(json_string_value(json_object_get(root, "schema")), "memhp-bench/topology");
	cr_expect_eq(json_integer_value(json_object_get(root, "block_count")), 40);
	cr_expect_eq(json_integer_value(json_object_get(node, "nid")), 9);
	cr_expect_eq(json_integer_value(json_object_get(node, "memory_bytes")), (json_int_t)(3 * GIB));
	cr_expect_eq(json_integer_value(json_object_get(node, "first_block")), 16);
	cr_expect_eq(json_integer_value(json_array_get(json_object_get(node, "cpus"), 1)), 5);
	cr_expect_eq(json_integer_value(json_array_get(json_array_get(json_object_get(root, "distances"), 0), 1)), 17);
	cr_expect_eq(json_array_size(json_object_get(root, "warnings")), 0);
	cr_expect_eq(text[strlen(text) - 1], '\n');
	json_decref(root);
	free(text);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
}

Test(describe, json_gives_sizes_beyond_doubles_as_text_too)
{
	struct mh_topology *topology = load("numa:1(memory=16384TiB) pu:1");
	char *text = mh_topology_json(topology, NULL);
	json_t *root = json_loads(text, 0, NULL);

	cr_expect_str_eq(json_string_value(json_object_get(root, "memory_bytes_s")), "18014398509481984");
	cr_expect_null(json_object_get(root, "block_count"));
	json_decref(root);
	free(text);
	mh_topology_free(topology);
}

Test(describe, a_warning_is_wrapped)
{
	struct mh_topology *topology = load("pu:1");
	char *text = mh_topology_text(topology, NULL);

	cr_expect_not_null(strstr(text, "\nwarning: the topology gives memory to no node: each gets 1GiB"), "%s", text);
	cr_expect_leq(widest_line(text), 80);
	free(text);
	mh_topology_free(topology);
}
