/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From hwloc's tree to our flat arrays. Nodes are sorted by number, whatever their place in the tree.
 *
 * A CPU belongs to one node, as in Linux. hwloc may show it under several (memory of another kind beside the node's
 * own, or memory of the whole machine): the node nearest to the CPU owns it, that is the one with the fewest CPUs, and
 * of equals the one with the lowest number. The others are then nodes without CPUs, as Linux shows them.
 */
#include "core/topology/topology_private.h"

#include <errno.h>
#include <stdlib.h>

#define NO_NODE UINT32_MAX

static int compare_nodes(const void *left, const void *right)
{
	unsigned a = (*(hwloc_obj_t const *)left)->os_index, b = (*(hwloc_obj_t const *)right)->os_index;

	return (a > b) - (a < b);
}

static int compare_cpus(const void *left, const void *right)
{
	unsigned a = ((const struct mh_topology_cpu *)left)->number,
		 b = ((const struct mh_topology_cpu *)right)->number;

	return (a > b) - (a < b);
}

/* The tree's nodes in the order of their numbers; @ret_objects is malloc'ed. */
static int nodes_sorted(hwloc_topology_t tree, hwloc_obj_t **ret_objects, size_t *ret_count, struct mh_error *reterr)
{
	int count = hwloc_get_nbobjs_by_type(tree, HWLOC_OBJ_NUMANODE);

	if (count < 1)
		return mh_error_set(reterr, -EINVAL, "the topology has no NUMA node");
	if (count > MH_TOPOLOGY_NODES_MAX)
		return mh_error_set(reterr, -E2BIG, "the topology has %d nodes: at most %d are supported", count,
				    MH_TOPOLOGY_NODES_MAX);
	hwloc_obj_t *objects = calloc((size_t)count, sizeof(*objects));

	if (!objects)
		return mh_error_set(reterr, -ENOMEM, "no memory for %d nodes", count);
	for (int i = 0; i < count; i++)
		objects[i] = hwloc_get_obj_by_type(tree, HWLOC_OBJ_NUMANODE, (unsigned)i);
	qsort(objects, (size_t)count, sizeof(*objects), compare_nodes);
	*ret_objects = objects;
	*ret_count = (size_t)count;
	return 0;
}

static int nodes_read(struct mh_topology *topology, hwloc_obj_t *objects, size_t count, struct mh_error *reterr)
{
	topology->nodes = calloc(count, sizeof(*topology->nodes));
	if (!topology->nodes)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu nodes", count);
	topology->node_count = count;
	for (size_t i = 0; i < count; i++) {
		unsigned nid = objects[i]->os_index;

		if (nid >= MH_TOPOLOGY_NODES_MAX)
			return mh_error_set(reterr, -E2BIG,
					    "the topology has a node %u: the highest number is %d, as in Linux", nid,
					    MH_TOPOLOGY_NODES_MAX - 1);
		if (i > 0 && nid == topology->nodes[i - 1].nid)
			return mh_error_set(reterr, -EINVAL, "the topology has two nodes with the number %u", nid);
		topology->nodes[i].nid = nid;
		topology->nodes[i].memory_bytes = objects[i]->attr->numanode.local_memory;
	}
	return 0;
}

/* The node that owns each CPU, by CPU number; NO_NODE where none has it. */
static void owners_find(hwloc_obj_t *objects, size_t count, uint32_t owners[MH_TOPOLOGY_CPUS_MAX])
{
	static const int unowned = INT32_MAX;
	int weights[MH_TOPOLOGY_CPUS_MAX];

	for (size_t cpu = 0; cpu < MH_TOPOLOGY_CPUS_MAX; cpu++) {
		owners[cpu] = NO_NODE;
		weights[cpu] = unowned;
	}
	for (size_t i = 0; i < count; i++) {
		int weight = objects[i]->cpuset ? hwloc_bitmap_weight(objects[i]->cpuset) : 0;

		if (weight <= 0)
			continue;
		for (int cpu = hwloc_bitmap_first(objects[i]->cpuset); cpu >= 0 && cpu < MH_TOPOLOGY_CPUS_MAX;
		     cpu = hwloc_bitmap_next(objects[i]->cpuset, cpu)) {
			if (weight >= weights[cpu])
				continue;
			weights[cpu] = weight;
			owners[cpu] = (uint32_t)i;
		}
	}
}

static void cpu_read(hwloc_topology_t tree, hwloc_obj_t pu, struct mh_topology_cpu *cpu)
{
	hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(tree, HWLOC_OBJ_CORE, pu);
	hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(tree, HWLOC_OBJ_PACKAGE, pu);

	cpu->number = pu->os_index;
	cpu->core = core ? core->logical_index : pu->logical_index; /* no cores told: each CPU is one */
	cpu->package = package ? package->logical_index : 0;
}

static int cpus_read(struct mh_topology *topology, hwloc_topology_t tree, const uint32_t *owners,
		     struct mh_error *reterr)
{
	int count = hwloc_get_nbobjs_by_type(tree, HWLOC_OBJ_PU);

	if (count < 1)
		return mh_error_set(reterr, -EINVAL, "the topology has no CPU");
	topology->cpus = calloc((size_t)count, sizeof(*topology->cpus));
	if (!topology->cpus)
		return mh_error_set(reterr, -ENOMEM, "no memory for %d CPUs", count);
	for (int i = 0; i < count; i++) {
		struct mh_topology_cpu *cpu = &topology->cpus[i];

		cpu_read(tree, hwloc_get_obj_by_type(tree, HWLOC_OBJ_PU, (unsigned)i), cpu);
		if (cpu->number >= MH_TOPOLOGY_CPUS_MAX)
			return mh_error_set(reterr, -E2BIG, "the topology has a CPU %u: the highest number is %d",
					    cpu->number, MH_TOPOLOGY_CPUS_MAX - 1);
		if (owners[cpu->number] == NO_NODE)
			return mh_error_set(reterr, -EINVAL, "CPU %u of the topology belongs to no node", cpu->number);
		cpu->node = owners[cpu->number];
	}
	topology->cpu_count = (size_t)count;
	qsort(topology->cpus, topology->cpu_count, sizeof(*topology->cpus), compare_cpus);
	return 0;
}

/* The lists of CPUs by node, from the list of CPUs; both ascending. */
static int node_cpus_fill(struct mh_topology *topology, struct mh_error *reterr)
{
	for (size_t i = 0; i < topology->cpu_count; i++)
		topology->nodes[topology->cpus[i].node].cpu_count++;
	for (size_t i = 0; i < topology->node_count; i++) {
		struct mh_topology_node *node = &topology->nodes[i];

		node->cpus = calloc(node->cpu_count + 1, sizeof(*node->cpus));
		if (!node->cpus)
			return mh_error_set(reterr, -ENOMEM, "no memory for %zu CPUs", node->cpu_count);
		node->cpu_count = 0;
	}
	for (size_t i = 0; i < topology->cpu_count; i++) {
		struct mh_topology_node *node = &topology->nodes[topology->cpus[i].node];

		node->cpus[node->cpu_count++] = topology->cpus[i].number;
	}
	return 0;
}

/* Index of the node with number @nid, or node_count. */
static size_t node_index(const struct mh_topology *topology, unsigned nid)
{
	for (size_t i = 0; i < topology->node_count; i++)
		if (topology->nodes[i].nid == nid)
			return i;
	return topology->node_count;
}

/* Takes hwloc's matrix if it covers every node once. */
static void distances_take(struct mh_topology *topology, const struct hwloc_distances_s *matrix)
{
	size_t count = topology->node_count;
	size_t indexes[MH_TOPOLOGY_NODES_MAX];

	if (matrix->nbobjs != count)
		return;
	for (size_t i = 0; i < count; i++) {
		indexes[i] = matrix->objs[i] ? node_index(topology, matrix->objs[i]->os_index) : count;
		if (indexes[i] == count)
			return;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count; j++) {
			uint64_t value = matrix->values[i * count + j];

			topology->distances[indexes[i] * count + indexes[j]] =
				value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
		}
	topology->distances_known = true;
}

static int distances_read(struct mh_topology *topology, hwloc_topology_t tree, struct mh_error *reterr)
{
	struct hwloc_distances_s *matrix = NULL;
	size_t count = topology->node_count;
	unsigned found = 1;

	topology->distances = calloc(count * count, sizeof(*topology->distances));
	if (!topology->distances)
		return mh_error_set(reterr, -ENOMEM, "no memory for the distances of %zu nodes", count);
	for (size_t i = 0; i < count * count; i++)
		topology->distances[i] = MH_TOPOLOGY_DISTANCE_OTHER;
	for (size_t i = 0; i < count; i++)
		topology->distances[i * (count + 1)] = MH_TOPOLOGY_DISTANCE_SELF;
	if (hwloc_distances_get_by_type(tree, HWLOC_OBJ_NUMANODE, &found, &matrix, HWLOC_DISTANCES_KIND_MEANS_LATENCY,
					0) == 0 &&
	    found && matrix) {
		distances_take(topology, matrix);
		hwloc_distances_release(tree, matrix);
	}
	return 0;
}

int mh_topology_read_tree(struct mh_topology *topology, hwloc_topology_t tree, struct mh_error *reterr)
{
	uint32_t owners[MH_TOPOLOGY_CPUS_MAX];
	hwloc_obj_t *objects;
	size_t count;
	int ret = nodes_sorted(tree, &objects, &count, reterr);

	if (ret < 0)
		return ret;
	ret = nodes_read(topology, objects, count, reterr);
	if (ret == 0) {
		owners_find(objects, count, owners);
		ret = cpus_read(topology, tree, owners, reterr);
	}
	if (ret == 0)
		ret = node_cpus_fill(topology, reterr);
	if (ret == 0)
		ret = distances_read(topology, tree, reterr);
	free(objects);
	return ret;
}
