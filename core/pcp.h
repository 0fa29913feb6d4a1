/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-thread lists of single units in front of the zones, and how an offline empties them.
 */
#ifndef CORE_PCP_H
#define CORE_PCP_H

#include "core/machine_private.h"

/* Empties every list of @cpu into its zone. By the owner inside its gate, or by who holds the gate. */
void mh_pcp_empty(struct mh_cpu *cpu);

/**
 * mh_pcp_drain_all - after return no list of any thread holds a unit that was on it before
 *
 * Flag and acknowledgement: a thread that is inside its gate empties its lists at its next allocation or free; one that
 * is outside is emptied by the caller, who takes the gate meanwhile.
 */
void mh_pcp_drain_all(struct mh_machine *machine);

static inline struct mh_pcp *mh_pcp_of(struct mh_cpu *cpu, unsigned node, enum mh_zone_kind kind)
{
	return &cpu->lists[node * MH_ZONE_KINDS + kind];
}

#endif
