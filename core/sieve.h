/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decision that a walk makes itself, so that a hook is called only for the calls that it acts on: a draw, the keyed
 * mix of the event identity, against a threshold. What does not reach the hook is counted for it. For a hook that acts
 * on every listener.
 *
 * The hook fills a worker's base when it first hears of its stream; until then it is called. It makes of the same
 * identity the same draw.
 */
#ifndef CORE_SIEVE_H
#define CORE_SIEVE_H

#include "base/rng.h"
#include "core/hook.h"
#include "core/machine.h"

/* Odd constants that keep events and attempts apart; from the fractional parts of the square roots of 2 and 3. */
#define MH_EVENT_STEP   UINT64_C(0x6a09e667f3bcc909)
#define MH_ATTEMPT_STEP UINT64_C(0xbb67ae8584caa73b)

/* One worker's. */
struct mh_sieve {
	uint64_t stream, base; /* base: the key's mix with this stream */
	uint64_t passed;       /* calls that did not reach the hook */
};

struct mh_sieve_workload {
	unsigned worker_count;
	struct mh_sieve **workers;
};

/* Read only while a phase runs. */
struct mh_sieves {
	uint64_t number; /* another one in each set that is armed in this process, from 1 */
	uint64_t limit;  /* an unfolded draw below it may be the hook's, which decides by the whole of it */
	unsigned workload_count;
	struct mh_sieve_workload *workloads;
};

/* What tells a call from the others of its worker, but for the listener, whose salt is added. */
static inline uint64_t mh_sieve_identity(const struct mh_identity *identity, enum mh_event event)
{
	return identity->index + (uint64_t)event * MH_EVENT_STEP + identity->attempt * MH_ATTEMPT_STEP;
}

/* The worker's, found for the first time; NULL: the set has none for it. */
struct mh_sieve *mh_sieve_find(const struct mh_sieves *sieves, struct mh_operation *operation);

/* This operation's worker's, ready; NULL when there is none, or its stream is new. Looked up once an operation record,
 * not once a walk: the way through the tables made 3 % of a cycle with a draw for each of three listeners. */
static inline struct mh_sieve *mh_sieve_of(const struct mh_sieves *sieves, struct mh_operation *operation)
{
	struct mh_sieve *sieve = operation->sieve;

	if (!sieves)
		return NULL;
	if (__builtin_expect(operation->sieves_number != sieves->number, 0))
		sieve = mh_sieve_find(sieves, operation);
	return sieve && sieve->stream == operation->identity.stream ? sieve : NULL;
}

#endif
