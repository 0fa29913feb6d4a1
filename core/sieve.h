/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decision that a walk makes itself, so that a hook is called only for the calls that it acts on: a draw, the keyed
 * mix of the event identity, against a threshold. What does not reach the hook is counted for it.
 *
 * The hook fills the table of salts when it first meets a listener, and a worker's base when it first hears of its
 * stream; until then it is called. It makes of the same identity the same draw.
 */
#ifndef CORE_SIEVE_H
#define CORE_SIEVE_H

#include "base/rng.h"
#include "core/hook.h"

/* Odd constants that keep events and attempts apart; from the fractional parts of the square roots of 2 and 3. */
#define MH_EVENT_STEP   UINT64_C(0x6a09e667f3bcc909)
#define MH_ATTEMPT_STEP UINT64_C(0xbb67ae8584caa73b)

/* In the table of salts; else a hash of the listener's name, since ids depend on the order of registration. */
#define MH_SALT_UNKNOWN 0 /* the listener has not been met */
#define MH_SALT_DEAF    1 /* the hook never acts on it */

/* One worker's. */
struct mh_sieve {
	uint64_t stream, base; /* base: the key's mix with this stream */
	uint64_t passed;       /* calls that did not reach the hook, but for deaf listeners */
};

struct mh_sieve_workload {
	unsigned worker_count;
	struct mh_sieve **workers;
};

/* Read only while a phase runs, but for the salts. */
struct mh_sieves {
	uint64_t limit;          /* an unfolded draw below it may be the hook's, which decides by the whole of it */
	_Atomic uint64_t *salts; /* by id, of the memory chain; any thread fills it, always alike */
	unsigned workload_count;
	struct mh_sieve_workload *workloads;
};

/* What tells a call from the others of its worker, but for the listener, whose salt is added. */
static inline uint64_t mh_sieve_identity(const struct mh_identity *identity, enum mh_event event)
{
	return identity->index + (uint64_t)event * MH_EVENT_STEP + identity->attempt * MH_ATTEMPT_STEP;
}

/* This operation's worker's, ready; NULL when there is none, or its stream is new. */
static inline struct mh_sieve *mh_sieve_of(const struct mh_sieves *sieves, const struct mh_identity *identity)
{
	struct mh_sieve *sieve;

	if (!sieves || identity->workload >= sieves->workload_count ||
	    identity->worker >= sieves->workloads[identity->workload].worker_count)
		return NULL;
	sieve = sieves->workloads[identity->workload].workers[identity->worker];
	return sieve->stream == identity->stream ? sieve : NULL;
}

#endif
