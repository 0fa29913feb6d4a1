/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel's protocol a machine keeps (machine.compat): which events there are, how they are numbered, and which
 * chain they go to. Everything in which the kernels differ is a field here; core asks the field, never the version.
 */
#ifndef CORE_PROTOCOL_H
#define CORE_PROTOCOL_H

#include <stdbool.h>

#include "core/event.h"

enum mh_compat { MH_COMPAT_V6_1, MH_COMPAT_V6_12, MH_COMPAT_V7_3, MH_COMPAT_DOC5X, MH_COMPAT_COUNT };

struct mh_protocol {
	const char *name;                      /* "v6.1": as in scenarios */
	const char *listeners;                 /* the preset with this kernel's own listeners */
	int module_compat;                     /* MEMHP_MODULE_COMPAT of a module that speaks it */
	unsigned events;                       /* bits 1 << enum mh_event of the events that it has */
	unsigned long actions[MH_EVENT_COUNT]; /* their numbers; 0 also where there is no such event */
	bool prepares;         /* PREPARE_ONLINE before all else, FINISH_OFFLINE after all else (6.9 … 6.18) */
	bool node_chain;       /* first and last memory of a node go to a second chain, of nodes (6.17 on) */
	bool status_change;    /* the argument has status_change_nid and status_change_nid_normal */
	bool poison_refuses;   /* a block with a poisoned page cannot be onlined: -EHWPOISON (after 6.1) */
	bool memmap_per_block; /* memmap_on_memory: for every block, not only for a range of exactly one */
};

/* The protocol of @compat; static data. */
const struct mh_protocol *mh_protocol_of(enum mh_compat compat);

/* The event that a callback of the memory chain, or of the chain of nodes, is given as @action; -1 if there is none. */
int mh_protocol_event(const struct mh_protocol *protocol, bool node, unsigned long action);

/* "v6.1 v6.12 v7.3 doc5x": MH_COMPAT_COUNT words, then NULL. */
extern const char *const mh_compat_names[MH_COMPAT_COUNT + 1];

static inline bool mh_protocol_has(const struct mh_protocol *protocol, enum mh_event event)
{
	return protocol->events >> event & 1;
}

#endif
