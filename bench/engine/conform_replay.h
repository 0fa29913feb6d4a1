/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A case on its machine: what its steps share. conform_replay.c builds and judges, conform_step.c does what a step
 * says, conform_beside.c what is done beside an operation.
 */
#ifndef BENCH_ENGINE_CONFORM_REPLAY_H
#define BENCH_ENGINE_CONFORM_REPLAY_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/text.h"
#include "bench/engine/conform.h"
#include "bench/engine/conform_beside.h"
#include "bench/engine/conform_case.h"
#include "bench/engine/conform_injector.h"
#include "bench/engine/conform_listener.h"
#include "bench/engine/conform_log.h"
#include "bench/engine/conform_pages.h"
#include "bench/engine/conform_watch.h"
#include "bench/engine/conform_world.h"

#define MH_CONFORM_DIMMS_MAX 64

/* Memory that was plugged from outside. */
struct mh_conform_dimm {
	char name[32];
	uint32_t first, count; /* blocks; count 0: unplugged */
};

struct mh_conform_replay {
	const struct mh_conform_world *world;
	const struct mh_conform_case *recorded;
	const struct mh_clock *clock;
	struct mh_machine *machine;
	struct mh_conform_log log;
	struct mh_conform_pages pages;
	struct mh_conform_listeners listeners;
	struct mh_conform_injector injector;
	struct mh_conform_dimm dimms[MH_CONFORM_DIMMS_MAX];
	unsigned dimm_count;
	struct mh_operation operation;
	struct mh_trace trace;
	atomic_bool signal;                 /* the operation's thread has one pending */
	struct mh_conform_besides *besides; /* of the operation that runs, or NULL */
	struct mh_conform_watch *watch;     /* likewise */
	struct mh_text *text;               /* the judgement's */
};

/**
 * mh_conform_replay - a case on a fresh machine, from beginning to end
 * @text: why, unless it passed
 *
 * Return: PASSED, FAILED at the first step that differs, SKIPPED or MALFORMED.
 */
enum mh_conform_verdict mh_conform_replay(const struct mh_conform_world *world, const struct mh_conform_case *recorded,
					  enum mh_chain_type chain, const struct mh_clock *clock, struct mh_text *text);

/* One step; what it showed is compared. */
enum mh_conform_verdict mh_conform_step(struct mh_conform_replay *replay, const struct mh_conform_step *step);

/* What a control says: 0, or a positive errno as recorded. Not for sig and op. */
int mh_conform_control_do(struct mh_conform_replay *replay, const struct mh_conform_control *control);

/* Readies @operation for the next attempt. */
void mh_conform_operation_begin(const struct mh_conform_replay *replay, struct mh_operation *operation,
				struct mh_trace *trace);

/* write(2) to memoryN/state, -ENOENT where there is no such block. */
int64_t mh_conform_write_state(struct mh_conform_replay *replay, struct mh_operation *operation, uint32_t block,
			       const char *value, size_t length);

/* A file's text by write(2) or read(2); MH_CONFORM_NO_FILE where the machine does not model it. conform_file.c */
#define MH_CONFORM_NO_FILE INT64_MIN
int64_t mh_conform_file_write(struct mh_conform_replay *replay, const char *path, const char *value, size_t length);
int64_t mh_conform_file_read(struct mh_conform_replay *replay, const char *path, struct mh_text *ret_text);
/* Whether the machine has the folder of that path: what is missing there is missing, elsewhere only not modelled. */
bool mh_conform_file_is_modelled(const char *path);

#endif
