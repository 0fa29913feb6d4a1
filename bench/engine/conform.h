/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recorded traces of a real kernel, replayed on the simulator and compared: the judge of core.
 *
 * A *case* is one line of a file of recordings, a *world* the machine on which it was recorded. Each case gets a fresh
 * machine; its steps are done in order through the same functions of core as a run's, and what each step shows is held
 * against what was recorded. Formats: docs/conform.md.
 */
#ifndef BENCH_ENGINE_CONFORM_H
#define BENCH_ENGINE_CONFORM_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "core/notifier.h"

struct mh_conform_case;
struct mh_conform_world;

enum mh_conform_verdict {
	MH_CONFORM_PASSED,
	MH_CONFORM_FAILED,
	MH_CONFORM_SKIPPED,    /* it needs what the simulator has not */
	MH_CONFORM_NOT_JUDGED, /* the real kernel does not always do the same; judged only with @all */
	MH_CONFORM_MALFORMED,  /* the line is no case, or contradicts its world */
	MH_CONFORM_VERDICTS,
};

/* "passed" …, as in reports. */
extern const char *const mh_conform_verdict_names[MH_CONFORM_VERDICTS];

struct mh_conform_judgement {
	const char *name; /* of the case; "" where the line has none */
	unsigned long line;
	enum mh_conform_verdict verdict;
	const char *text; /* why; for FAILED several lines: what differs first, expected beside got */
};

/* Who replays a case on @world. PASSED, FAILED, SKIPPED or MALFORMED; @text: why, unless it passed. */
typedef enum mh_conform_verdict (*mh_conform_replay_fn)(void *replayer, const struct mh_conform_world *world,
							const struct mh_conform_case *recorded, struct mh_text *text);

struct mh_conform_request {
	const char *cases, *worlds;  /* paths */
	const char *only;            /* POSIX extended regular expression for names; NULL: every case */
	enum mh_chain_type chain;    /* of the simulated machine */
	bool all;                    /* judges also what is not deterministic */
	bool keep_going;             /* goes on behind a malformed line */
	mh_conform_replay_fn replay; /* NULL: the simulated machine */
	void *replayer;
	const volatile sig_atomic_t *stop; /* not 0: no further line is read. NULL: it is never stopped */
	void (*judged)(void *data, const struct mh_conform_judgement *judgement);
	void *data;
};

struct mh_conform_counts {
	unsigned long of[MH_CONFORM_VERDICTS];
};

/**
 * mh_conform_run - replay and judge a file
 *
 * A registered thread. @request->judged hears of every case in the order of the lines.
 * Return: 0, also when cases failed or lines were malformed; -EINVAL the worlds, the regular expression or a file
 * cannot be used; -ENOMEM.
 */
int mh_conform_run(const struct mh_conform_request *request, struct mh_conform_counts *ret_counts,
		   struct mh_error *reterr);

#endif
