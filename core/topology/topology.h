/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that is simulated, as a plain struct: nodes with their memory and CPUs, and the distances between them.
 * Read from this host, from an hwloc XML file, or from a synthetic string; hwloc and libnuma are seen in this folder
 * and nowhere else.
 *
 * A topology is immutable after mh_topology_load: any thread may read it.
 */
#ifndef CORE_TOPOLOGY_TOPOLOGY_H
#define CORE_TOPOLOGY_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define MH_TOPOLOGY_NODES_MAX      1024 /* Linux: MAX_NUMNODES with CONFIG_NODES_SHIFT=10; nids are 0 … 1023 */
#define MH_TOPOLOGY_CPUS_MAX       8192 /* Linux: the most that NR_CPUS may be on x86; CPU numbers are below it */
#define MH_TOPOLOGY_WARNINGS_MAX   16
#define MH_TOPOLOGY_DISTANCE_SELF  10 /* ACPI SLIT: local is 10 */
#define MH_TOPOLOGY_DISTANCE_OTHER 20 /* Linux: REMOTE_DISTANCE, where nothing better is known */

struct mh_topology_node {
	unsigned nid;          /* as the described machine numbers it: there may be holes */
	uint64_t memory_bytes; /* 0: memoryless */
	unsigned *cpus;        /* CPU numbers, ascending; a CPU belongs to one node, as in Linux */
	size_t cpu_count;      /* 0: memory only */
};

struct mh_topology_cpu {
	unsigned number;  /* as the described machine numbers it */
	unsigned node;    /* index in nodes */
	unsigned core;    /* CPUs of equal core are SMT siblings */
	unsigned package; /* 0 where the topology tells none */
};

struct mh_topology {
	char *source;                   /* the spec it was loaded from */
	bool is_host;                   /* its CPUs are the CPUs that this process runs on */
	struct mh_topology_node *nodes; /* ascending nid */
	size_t node_count;              /* 1 … MH_TOPOLOGY_NODES_MAX */
	struct mh_topology_cpu *cpus;   /* ascending number */
	size_t cpu_count;
	uint32_t *distances;  /* node_count rows of node_count columns, in the order of nodes; local is 10 */
	bool distances_known; /* false: 10 on the diagonal, 20 elsewhere */
	char *warnings[MH_TOPOLOGY_WARNINGS_MAX];
	size_t warning_count;
};

/**
 * mh_topology_load - read a topology
 * @spec: "host"; "xml:FILE"; or a synthetic string such as "pack:2 [numa(memory=16GiB)] core:4 pu:1"
 * @node_memory_bytes: for every node, with a warning, if the source gives memory to none; a node of size 0 beside
 *	others stays memoryless
 * @ret_topology: freed with mh_topology_free
 *
 * Sizes in a synthetic string are KiB, MiB, GiB, TiB. The string is checked before hwloc sees it, since hwloc takes
 * "cor:8" and "GB" for something; a sentence about it names the column, counted from 1. Not from two threads at once
 * (hwloc reads the environment).
 *
 * Return: 0; -EINVAL (no topology), -E2BIG (more nodes or CPUs than the maxima above), -ENOMEM, or what mh_file_read
 * says of the XML file; each with a sentence.
 */
int mh_topology_load(const char *spec, uint64_t node_memory_bytes, struct mh_topology **ret_topology,
		     struct mh_error *reterr);
void mh_topology_free(struct mh_topology *topology);

uint64_t mh_topology_memory_bytes(const struct mh_topology *topology); /* of all nodes */

/* From node index @from to node index @to. */
static inline uint32_t mh_topology_distance(const struct mh_topology *topology, size_t from, size_t to)
{
	return topology->distances[from * topology->node_count + to];
}

#endif
