/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a machine keeps what threads on different nodes write: real addresses, no line of two nodes. */
#include <criterion/criterion.h>
#include <stdint.h>

#include "core/machine_private.h"
#include "machine_fixture.h"

#define PIECES_MAX 256
#define NODES      16 /* so many that chance keeps none apart */

/* Memory that the threads of one owner write. */
struct piece {
	const char *what;
	unsigned owner;
	uintptr_t first, last; /* lines */
};

struct pieces {
	struct piece items[PIECES_MAX];
	unsigned count;
};

static void add(struct pieces *pieces, const char *what, unsigned owner, const volatile void *memory, size_t size)
{
	cr_assert_lt(pieces->count, PIECES_MAX);
	pieces->items[pieces->count++] = (struct piece){
		what,
		owner,
		(uintptr_t)memory / MH_LINE_BYTES,
		((uintptr_t)memory + size - 1) / MH_LINE_BYTES,
	};
}

static void add_bitmap(struct pieces *pieces, const char *what, unsigned owner, const struct mh_bitmap *bitmap)
{
	size_t words = 0;

	for (size_t bits = bitmap->size; bitmap->levels && (words == 0 || bits > 1);) {
		bits = (bits + 63) / 64;
		words += bits;
	}
	if (bitmap->levels)
		add(pieces, what, owner, bitmap->words[0], words * sizeof(uint64_t));
}

static void expect_apart(const struct pieces *pieces)
{
	for (unsigned i = 0; i < pieces->count; i++)
		for (unsigned k = 0; k < i; k++) {
			const struct piece *a = &pieces->items[i], *b = &pieces->items[k];

			cr_expect(a->owner == b->owner || a->first > b->last || b->first > a->last,
				  "%s of %u and %s of %u share a line", a->what, a->owner, b->what, b->owner);
		}
}

static void add_node(struct pieces *pieces, unsigned owner, struct mh_node *node)
{
	add(pieces, "the node", owner, node, sizeof(*node));
	for (unsigned kind = node->zone_min; kind < MH_ZONE_KINDS; kind++) {
		add_bitmap(pieces, "whole", owner, &node->zones[kind].whole);
		add_bitmap(pieces, "partial", owner, &node->zones[kind].partial);
		add_bitmap(pieces, "span", owner, &node->zones[kind].span);
	}
}

Test(line, is_never_of_two_nodes)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;
	struct pieces pieces = {.count = 0};

	config.hotplug_lock = MH_HOTPLUG_LOCK_NODE;
	fixture_begin(&fixture, "pack:16 [numa(memory=384MiB)] core:1 pu:1", &config);
	cr_assert_eq(fixture.machine->node_count, (unsigned)NODES);
	for (unsigned i = 0; i < NODES; i++)
		add_node(&pieces, i, &fixture.machine->nodes[i]);
	cr_assert_gt(pieces.count, NODES * 3u);
	expect_apart(&pieces);
	fixture_end(&fixture);
}

Test(line, is_never_of_two_threads_lists_nor_of_two_chains)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;
	struct pieces pieces = {.count = 0};
	struct mh_cpu *cpus[3];

	fixture_begin(&fixture, TWO_NODES, &config);
	for (unsigned i = 0; i < 3; i++) {
		cr_assert_eq(mh_cpu_new(fixture.machine, &cpus[i]), 0);
		add(&pieces, "the gate", i, cpus[i], sizeof(*cpus[i]));
		add(&pieces, "the lists", i, cpus[i]->lists, 2 * MH_ZONE_KINDS * sizeof(cpus[i]->lists[0]));
	}
	add(&pieces, "the chain", 3, &fixture.machine->chain, sizeof(fixture.machine->chain));
	add(&pieces, "the chain of nodes", 4, &fixture.machine->node_chain, sizeof(fixture.machine->node_chain));
	add(&pieces, "what operations read", 5, fixture.machine->hooks, sizeof(fixture.machine->hooks));
	add(&pieces, "the one lock", 6, &fixture.machine->hotplug, sizeof(fixture.machine->hotplug));
	add(&pieces, "N_MEMORY", 7, fixture.machine->has_memory, sizeof(fixture.machine->has_memory));
	add(&pieces, "migrated", 8, &fixture.machine->pages_migrated, sizeof(uint64_t));
	add(&pieces, "drains", 9, &fixture.machine->drains, sizeof(uint64_t));
	add(&pieces, "refused", 10, &fixture.machine->refused, sizeof(uint64_t));
	expect_apart(&pieces);
	for (unsigned i = 0; i < 3; i++)
		mh_cpu_free(fixture.machine, cpus[i]);
	fixture_end(&fixture);
}
