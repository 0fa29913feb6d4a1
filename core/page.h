/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages as users of the machine see them: allocated into a handle, freed from it, moved behind it.
 *
 * A handle is one 64-bit word of the owner's: 0, or a page. Migration changes it by compare-and-swap while the owner
 * may free it: whoever wins, no page is lost. So a handle must outlive every offline that may run: free the memory
 * that holds handles only when no thread works on the machine.
 *
 * struct mh_cpu is a thread's own: its lists of free pages in front of the zones. Its gate says whether the owner may
 * be touching the lists: between mh_cpu_enter and mh_cpu_leave the owner answers drain requests at each allocation and
 * free, outside anyone may drain them. A thread leaves before it waits for anything.
 */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct mh_machine;
struct mh_operation;
struct mh_cpu;

typedef _Atomic uint64_t mh_handle; /* 0 = no page; else ((order + 1) << 56) | pfn */

#define MH_HANDLE_PFN(handle)   ((handle) & ((UINT64_C(1) << 56) - 1))
#define MH_HANDLE_ORDER(handle) ((unsigned)((handle) >> 56) - 1)

/* What a page is to an offline (semantics.md 3, "Page kinds"). */
enum mh_page_kind {
	MH_PAGE_MOVABLE,    /* user memory: migrated */
	MH_PAGE_KERNEL,     /* slab, page tables: kernel zones only; isolation fails there */
	MH_PAGE_PINNED,     /* user memory under a long-term pin: looks movable, is not */
	MH_PAGE_HUGE,       /* a huge page in use: migrated */
	MH_PAGE_HUGE_STUCK, /* a huge page in use that cannot be migrated: isolation fails in kernel zones, else
			       dissolving */
	MH_PAGE_HUGE_FREE,  /* a huge page of the pool: dissolved */
	MH_PAGE_OFFLINE,    /* offline-flagged, its driver holds a reference: ends an offline with -EBUSY */
	MH_PAGE_RELEASED,   /* offline-flagged, without a reference: skipped, and gone with its block */
	MH_PAGE_RESERVED,   /* boot's: isolation fails in every zone */
	MH_PAGE_POISONED,   /* the hardware's: nobody's, counts as free for an offline; single pages only */
	MH_PAGE_MEMMAP,     /* holds its own block's memmap; core's, never asked for */
	MH_PAGE_KINDS,
};

struct mh_page_request {
	unsigned node;          /* index into machine->nodes; other nodes are tried after it, nearest first */
	unsigned order;         /* 2^order units (machine->unit_pages pages each), 0 … MH_MAX_ORDER */
	enum mh_page_kind kind; /* KERNEL and RESERVED from kernel zones only, the others from Movable first */
	bool this_node;         /* no other node is tried */
};

/* Registers a thread's page lists with the machine. Not on a measured path: allocates. -ENOMEM, -ENOSPC. */
int mh_cpu_new(struct mh_machine *machine, struct mh_cpu **ret_cpu);
/* Drains and unregisters. */
void mh_cpu_free(struct mh_machine *machine, struct mh_cpu *cpu);
/* Whose identity the allocations have, for MH_HOOK_ALLOC; NULL: nobody's, no hook is asked. This thread's own. */
void mh_cpu_serve(struct mh_cpu *cpu, struct mh_operation *operation);
void mh_cpu_enter(struct mh_cpu *cpu);
void mh_cpu_leave(struct mh_cpu *cpu);

/**
 * mh_page_alloc - allocate into an empty handle
 * @cpu: this thread's, entered
 * @owner: holds 0; set before return
 *
 * Return: 0; -ENOMEM no zone that the request may use has a free chunk of that order; what MH_HOOK_ALLOC answers.
 */
int mh_page_alloc(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request,
		  mh_handle *owner);
/* Frees what @owner holds (must not be 0) and sets it to 0. @cpu: this thread's, entered. */
void mh_page_free(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner);

/**
 * mh_page_memory - the real memory of what @handle holds
 *
 * By its owner. What is written there moves with the page; what is written while an offline may be moving it can be
 * lost, as in a page that a device writes without a pin: write to a pinned page, or while no block of it goes offline.
 *
 * Return: 2^order units of memory; NULL with an empty handle, and where frames have no memory (config.backing).
 */
void *mh_page_memory(const struct mh_machine *machine, const mh_handle *handle);

/**
 * mh_page_change - what @owner holds becomes a page of another kind
 *
 * OFFLINE to RELEASED and back (a driver drops its reference, or takes it again), HUGE to HUGE_FREE and back, or any
 * kind to POISONED: then @owner holds 0 after return. By the owner; legal inside a callback.
 */
void mh_page_change(struct mh_machine *machine, mh_handle *owner, enum mh_page_kind kind);

#endif
