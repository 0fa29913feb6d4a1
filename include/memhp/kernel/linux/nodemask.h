/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of nodes, and the nodes of the machine by what they have. */
#ifndef MEMHP_LINUX_NODEMASK_H
#define MEMHP_LINUX_NODEMASK_H

#include <linux/bitmap.h>
#include <linux/numa.h>
#include <linux/random.h>
#include <memhp/kapi_node.h>

typedef struct {
	DECLARE_BITMAP(bits, MAX_NUMNODES);
} nodemask_t;

#define NODE_MASK_NONE ((nodemask_t){{[0 ... BITS_TO_LONGS(MAX_NUMNODES) - 1] = 0}})
#define NODE_MASK_ALL  ((nodemask_t){{[0 ... BITS_TO_LONGS(MAX_NUMNODES) - 1] = ~0ul}})

/* What %*pbl takes. */
#define nodemask_pr_args(mask) MAX_NUMNODES, (mask)->bits

#define nodes_addr(mask)               ((mask).bits)
#define node_set(node, mask)           set_bit(node, (mask).bits)
#define node_clear(node, mask)         clear_bit(node, (mask).bits)
#define node_isset(node, mask)         test_bit(node, (mask).bits)
#define node_test_and_set(node, mask)  test_and_set_bit(node, (mask).bits)
#define nodes_setall(mask)             bitmap_fill((mask).bits, MAX_NUMNODES)
#define nodes_clear(mask)              bitmap_zero((mask).bits, MAX_NUMNODES)
#define nodes_and(to, a, b)            bitmap_and((to).bits, (a).bits, (b).bits, MAX_NUMNODES)
#define nodes_or(to, a, b)             bitmap_or((to).bits, (a).bits, (b).bits, MAX_NUMNODES)
#define nodes_xor(to, a, b)            bitmap_xor((to).bits, (a).bits, (b).bits, MAX_NUMNODES)
#define nodes_andnot(to, a, b)         bitmap_andnot((to).bits, (a).bits, (b).bits, MAX_NUMNODES)
#define nodes_complement(to, from)     bitmap_complement((to).bits, (from).bits, MAX_NUMNODES)
#define nodes_equal(a, b)              bitmap_equal((a).bits, (b).bits, MAX_NUMNODES)
#define nodes_intersects(a, b)         bitmap_intersects((a).bits, (b).bits, MAX_NUMNODES)
#define nodes_subset(a, b)             bitmap_subset((a).bits, (b).bits, MAX_NUMNODES)
#define nodes_empty(mask)              bitmap_empty((mask).bits, MAX_NUMNODES)
#define nodes_full(mask)               bitmap_full((mask).bits, MAX_NUMNODES)
#define nodes_weight(mask)             ((int)bitmap_weight((mask).bits, MAX_NUMNODES))
#define nodes_shift_left(to, from, n)  bitmap_shift_left((to).bits, (from).bits, n, MAX_NUMNODES)
#define nodes_shift_right(to, from, n) bitmap_shift_right((to).bits, (from).bits, n, MAX_NUMNODES)

/* MAX_NUMNODES where there is none. */
#define first_node(mask)       ((unsigned int)find_first_bit((mask).bits, MAX_NUMNODES))
#define next_node(node, mask)  ((unsigned int)find_next_bit((mask).bits, MAX_NUMNODES, (unsigned long)((node) + 1)))
#define first_unset_node(mask) ((unsigned int)find_first_zero_bit((mask).bits, MAX_NUMNODES))

/* From the last on to the first. */
#define next_node_in(node, mask) memhp_next_node_in((int)(node), &(mask))
static inline unsigned int memhp_next_node_in(int node, const nodemask_t *mask)
{
	unsigned int next = next_node(node, *mask);

	return next < MAX_NUMNODES ? next : first_node(*mask);
}

static inline void init_nodemask_of_node(nodemask_t *mask, int node)
{
	nodes_clear(*mask);
	node_set(node, *mask);
}

#define nodemask_of_node(node)                                                                                         \
	(__extension__({                                                                                               \
		nodemask_t memhp_mask;                                                                                 \
		init_nodemask_of_node(&memhp_mask, (node));                                                            \
		memhp_mask;                                                                                            \
	}))

#define for_each_node_mask(node, mask)                                                                                 \
	for ((node) = (__typeof__(node))first_node(mask); (unsigned int)(node) < MAX_NUMNODES;                         \
	     (node) = (__typeof__(node))next_node((node), mask))

enum node_states {
	N_POSSIBLE,
	N_ONLINE,
	N_NORMAL_MEMORY,
	N_HIGH_MEMORY = N_NORMAL_MEMORY,
	N_MEMORY,
	N_CPU,
	N_GENERIC_INITIATOR,
	NR_NODE_STATES
};

/* The host's, which follows the machine; what a module writes there changes no machine. */
extern nodemask_t node_states[NR_NODE_STATES] __asm__("memhp_node_sets");

static inline int node_state(int node, enum node_states state)
{
	return node >= 0 && node < MAX_NUMNODES && node_isset(node, node_states[state]);
}

static inline int num_node_state(enum node_states state)
{
	return nodes_weight(node_states[state]);
}

#define for_each_node_state(node, state) for_each_node_mask(node, node_states[state])

#define node_online_map        node_states[N_ONLINE]
#define node_possible_map      node_states[N_POSSIBLE]
#define node_online(node)      node_state((node), N_ONLINE)
#define node_possible(node)    node_state((node), N_POSSIBLE)
#define num_online_nodes()     num_node_state(N_ONLINE)
#define num_possible_nodes()   num_node_state(N_POSSIBLE)
#define first_online_node      ((int)first_node(node_states[N_ONLINE]))
#define first_memory_node      ((int)first_node(node_states[N_MEMORY]))
#define next_online_node(node) ((int)next_node((node), node_states[N_ONLINE]))
#define next_memory_node(node) ((int)next_node((node), node_states[N_MEMORY]))
/* One above the highest node that there may be. */
#define nr_node_ids     ((unsigned int)memhp_node_ids())
#define nr_online_nodes ((unsigned int)num_online_nodes())

#define for_each_node(node)        for_each_node_state(node, N_POSSIBLE)
#define for_each_online_node(node) for_each_node_state(node, N_ONLINE)

static inline int node_random(const nodemask_t *mask)
{
	unsigned int weight = (unsigned int)nodes_weight(*mask);

	return weight ? (int)find_nth_bit(mask->bits, MAX_NUMNODES, get_random_u32_below(weight)) : NUMA_NO_NODE;
}

#endif
