/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The invariants of semantics.md section 8 and the listener's contract, as named checks, and what they found.
 *
 * The fast ones run inline in every operation and are O(1); those over the whole machine run at the end of a phase;
 * what verify: full adds is in core/full_check.h; the names of all are in core/invariant.h. A violation is kept (the
 * first MH_VIOLATIONS_KEPT with their sentence, all counted) and never stops the run.
 */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <memhp/kernel.h>

#include "base/sync.h"
#include "core/event.h"

struct mh_machine;
struct mh_operation;

enum mh_verify { MH_VERIFY_FAST, MH_VERIFY_FULL, MH_VERIFY_OFF };

#define MH_VIOLATIONS_KEPT     64
#define MH_VIOLATION_TEXT_SIZE 2048

struct mh_violation {
	const char *invariant;               /* "I05", or the name of a contract rule such as "return-encoding" */
	uint64_t sequence;                   /* index of the operation in its phase */
	char detail[MH_VIOLATION_TEXT_SIZE]; /* what was expected and got, then the events of the operation, a line each
					      */
};

struct mh_check {
	struct mh_mutex lock; /* guards violations and kept */
	struct mh_violation violations[MH_VIOLATIONS_KEPT];
	unsigned kept;
	_Atomic uint64_t violation_count;
	_Atomic uint64_t checked; /* checks made, added up by the threads at the end of a phase */
	/* verify: full. Listeners that heard a final or CANCEL event without its GOING, and operations in which a veto
	 * must have made some. */
	_Atomic uint64_t orphan_finals, orphan_chances;
};

/* A state of the automaton of an operation's events: the state that each event leads to, 0 for none. */
typedef unsigned char mh_automaton_row[16];

MH_STATIC_ASSERT(MH_EVENT_COUNT <= 16, "a row is found by a shift");

/* What the inline checks remember of the operation that runs. */
struct mh_operation_check {
	const mh_automaton_row *automaton; /* a row each state */
	uint64_t managed_before;           /* pages of the node when the operation began */
	uint64_t expected;                 /* invariants that a fault breaks on purpose: bits by mh_invariant_index */
	uint64_t detected;                 /* those of them that were found broken */
	/* Side by side, for each operation begins with the same of them: one store. */
	int refusal;                       /* errno of the first answer that refused, decoded; 0: nobody did */
	unsigned char state;               /* of the automaton: how far its events have come */
	bool begun;                        /* it went as far as making its argument */
	bool violated;                     /* a check failed in this operation, one of @expected aside */
	bool finding_pending;              /* a listener broke its contract: told when the operation has ended */
	bool normal_before, memory_before; /* node masks when the operation began */
	uint16_t finding_listener;         /* its id */
	int finding_value;
	unsigned char finding_event;
	uint64_t checked;         /* checks made in this thread since it was last added to mh_check.checked */
	struct memory_notify arg; /* as core made it */
};

/**
 * mh_check_violated - keep a violation; of one that @operation expects, note only that it was seen
 * @operation: whose events are told and whose check.violated is set, or NULL
 * @format: printf: one sentence: what was expected, what was there
 */
void mh_check_violated(struct mh_machine *machine, struct mh_operation *operation, const char *invariant,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Appends the operation and its events, a line each, to the text of at most @size - 1 bytes. */
void mh_check_tell_events(const struct mh_machine *machine, const struct mh_operation *operation, char *text,
			  size_t size);

/**
 * mh_check_node - I13-I15, I33 and I35 of one node, after an operation: verify: full
 *
 * Under the hotplug lock of the node, which stands still then but for its pages. O(blocks of the node).
 */
void mh_check_node(struct mh_machine *machine, struct mh_operation *operation, unsigned node);

/**
 * mh_check_machine - the whole-machine checks: I08, I13-I16, I21, I23, I33, I35, I36
 *
 * When no thread works on the machine. O(blocks). Return: violations found by this call.
 */
unsigned mh_check_machine(struct mh_machine *machine);

#endif
