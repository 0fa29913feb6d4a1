/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct mh_cpu: made and freed between phases; its gate; draining.
 */
#include "core/pcp.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"

#include "core/zone.h"

int mh_cpu_new(struct mh_machine *machine, struct mh_cpu **ret_cpu)
{
	struct mh_cpu *cpu = aligned_alloc(128, sizeof(*cpu));
	unsigned slot = 0;

	if (!cpu)
		return -ENOMEM;
	*cpu = (struct mh_cpu){.machine = machine};
	cpu->lists = mh_line_calloc((size_t)machine->node_count * MH_ZONE_KINDS, sizeof(*cpu->lists));
	if (!cpu->lists) {
		free(cpu);
		return -ENOMEM;
	}
	mh_mutex_lock(&machine->cpu_lock);
	while (slot < MH_CPU_COUNT_MAX && machine->cpus[slot])
		slot++;
	if (slot < MH_CPU_COUNT_MAX) {
		machine->cpus[slot] = cpu;
		cpu->slot = slot;
		if (slot == machine->cpu_count)
			machine->cpu_count++;
	}
	mh_mutex_unlock(&machine->cpu_lock);
	if (slot == MH_CPU_COUNT_MAX) {
		free(cpu->lists);
		free(cpu);
		return -ENOSPC;
	}
	*ret_cpu = cpu;
	return 0;
}

void mh_cpu_free(struct mh_machine *machine, struct mh_cpu *cpu)
{
	if (!cpu)
		return;
	mh_mutex_lock(&machine->cpu_lock);
	mh_pcp_empty(cpu);
	machine->cpus[cpu->slot] = NULL;
	mh_mutex_unlock(&machine->cpu_lock);
	atomic_fetch_add_explicit(&machine->refused, cpu->refused, memory_order_relaxed);
	free(cpu->lists);
	free(cpu);
}

void mh_cpu_serve(struct mh_cpu *cpu, struct mh_operation *operation)
{
	cpu->operation = operation;
}

/* The acquire pairs with the release of whoever emptied the lists meanwhile: the owner sees them empty. */
void mh_cpu_enter(struct mh_cpu *cpu)
{
	unsigned turns = 0;

	for (;;) {
		unsigned outside = MH_CPU_OUTSIDE;

		if (atomic_compare_exchange_weak_explicit(&cpu->gate, &outside, MH_CPU_INSIDE, memory_order_acquire,
							  memory_order_relaxed))
			return;
		mh_spin_turn(&turns);
	}
}

/* The release orders the owner's last use of its lists before another's emptying of them. */
void mh_cpu_leave(struct mh_cpu *cpu)
{
	atomic_store_explicit(&cpu->gate, MH_CPU_OUTSIDE, memory_order_release);
}

void mh_pcp_empty(struct mh_cpu *cpu)
{
	struct mh_machine *machine = cpu->machine;

	for (unsigned node = 0; node < machine->node_count; node++)
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++) {
			struct mh_pcp *list = mh_pcp_of(cpu, node, kind);

			if (!list->count)
				continue;
			mh_zone_give(machine, &machine->nodes[node].zones[kind], list->pfns, list->count, 0);
			list->count = 0;
		}
}

/* True once @cpu has answered, or was outside and has been emptied here. */
static bool drained(struct mh_cpu *cpu)
{
	unsigned outside = MH_CPU_OUTSIDE;

	/* Pairs with the owner's release: its lists' units are back in their zones. */
	if (!atomic_load_explicit(&cpu->drain, memory_order_acquire))
		return true;
	if (!atomic_compare_exchange_strong_explicit(&cpu->gate, &outside, MH_CPU_DRAINED_BY_OTHER,
						     memory_order_acquire, memory_order_relaxed))
		return false;
	mh_pcp_empty(cpu);
	atomic_store_explicit(&cpu->drain, 0, memory_order_relaxed);
	atomic_store_explicit(&cpu->gate, MH_CPU_OUTSIDE, memory_order_release);
	return true;
}

void mh_pcp_drain_all(struct mh_machine *machine)
{
	unsigned turns = 0;

	mh_mutex_lock(&machine->cpu_lock);
	/* The release orders the closed gate of the block before the request: a thread that answers has seen it closed
	 * and puts no further unit of the block on its lists. Without it a free could slip behind the answer. */
	for (unsigned i = 0; i < machine->cpu_count; i++)
		if (machine->cpus[i])
			atomic_store_explicit(&machine->cpus[i]->drain, 1, memory_order_release);
	for (unsigned i = 0; i < machine->cpu_count; i++)
		while (machine->cpus[i] && !drained(machine->cpus[i]))
			mh_spin_turn(&turns);
	mh_mutex_unlock(&machine->cpu_lock);
	atomic_fetch_add_explicit(&machine->drains, 1, memory_order_relaxed);
}
