/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a file of recordings: who listens, which steps are done, and, as JSON, what each of them showed.
 */
#ifndef BENCH_ENGINE_CONFORM_CASE_H
#define BENCH_ENGINE_CONFORM_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "core/event.h"
#include "core/page.h"
#include "core/protocol.h"

#define MH_CONFORM_CALLBACKS_MAX 256        /* the numbers that callbacks may have */
#define MH_CONFORM_STEPS_MAX     4096       /* in one case */
#define MH_CONFORM_BESIDE_MAX    256        /* beside one operation */
#define MH_CONFORM_PAGES_MAX     (1u << 22) /* that one step may allocate */

/* From when on, and how often, a callback gives an answer to an event; before and after it answers DONE. */
struct mh_conform_answer {
	int value;
	uint64_t skip;  /* calls that answer DONE first */
	uint64_t times; /* calls that answer @value; 0 = all from then on */
};

struct mh_conform_callback {
	unsigned id;
	bool on_memory, on_nodes; /* the chains that it is on */
	int priority, node_priority;
	struct mh_conform_answer answers[MH_EVENT_COUNT];
};

enum mh_conform_word {
	MH_CONFORM_RET,
	MH_CONFORM_ADD,
	MH_CONFORM_DEL,
	MH_CONFORM_DUP,
	MH_CONFORM_NADD,
	MH_CONFORM_NDEL,
	MH_CONFORM_NDUP,
	MH_CONFORM_DELAY,
	MH_CONFORM_ALLOC,
	MH_CONFORM_FREE,
	MH_CONFORM_BALLOON,
	MH_CONFORM_TRYALLOC,
	MH_CONFORM_PROBE,
	MH_CONFORM_UNPROBE,
	MH_CONFORM_SIG, /* beside an operation only, as the next */
	MH_CONFORM_OP,
	MH_CONFORM_WORDS,
};

/* "ret 0 GOING_ONLINE BAD 2 1": what is not of its word is 0. */
struct mh_conform_control {
	enum mh_conform_word word;
	unsigned callback;
	int priority;
	enum mh_event event;
	struct mh_conform_answer answer;
	uint64_t delay_ms;
	int nid;
	uint32_t count; /* pages */
	enum mh_page_kind kind;
	int signal;
	uint32_t block;
	char value[32]; /* of op */
};

/* What is done beside an operation. */
struct mh_conform_beside {
	uint64_t after_ms; /* since the operation began; ascending */
	struct mh_conform_control control;
	bool fired;
};

enum mh_conform_target {
	MH_CONFORM_STATE,
	MH_CONFORM_ONLINE,
	MH_CONFORM_PATH,
	MH_CONFORM_PLUG,
	MH_CONFORM_UNPLUG,
};

struct mh_conform_operation {
	enum mh_conform_target target;
	uint32_t block;    /* state and online */
	const char *path;  /* path */
	const char *value; /* what is written; may hold NULs */
	size_t length;
	char dimm[32]; /* plug and unplug */
	uint32_t mib;
	int nid;
	struct mh_conform_beside *beside; /* NULL: nothing */
	size_t beside_count;
};

enum mh_conform_step_kind {
	MH_CONFORM_OPERATION,
	MH_CONFORM_CONTROL,
	MH_CONFORM_WRITE,
	MH_CONFORM_QUERY,
	MH_CONFORM_INSMOD,
	MH_CONFORM_RMMOD,
	MH_CONFORM_USE,
};

enum mh_conform_use { MH_CONFORM_ANON, MH_CONFORM_MLOCK, MH_CONFORM_TMPFS, MH_CONFORM_HUGETLB, MH_CONFORM_USES };

struct mh_conform_step {
	enum mh_conform_step_kind kind;
	char place[128];      /* "setup[3]", "op", "post[0]" */
	const json_t *object; /* the step as recorded, with its results */
	struct mh_conform_operation operation;
	struct mh_conform_control control;
	const char *path, *value; /* write and query; insmod and rmmod: module and parameters */
	enum mh_conform_use use;
	int nid;
	uint32_t mib;
};

struct mh_conform_case {
	json_t *root; /* owns every text */
	const char *name, *world, *kernel;
	bool deterministic;
	enum mh_compat compat;
	struct mh_conform_callback *callbacks;
	size_t callback_count;
	struct mh_conform_step *steps; /* set-up, the principal operation, post */
	size_t step_count;
};

/**
 * mh_conform_case_load - a case from one line
 * @root: kept until mh_conform_case_release(), also on failure
 *
 * Return: 0; -EINVAL with a sentence, a step or value that no recording has; -ENOMEM.
 */
int mh_conform_case_load(struct mh_conform_case *recorded, json_t *root, struct mh_error *reterr);
void mh_conform_case_release(struct mh_conform_case *recorded);

struct mh_json_get;
/* The words of a control step or of what is done beside an operation; failures into @get. conform_control.c */
void mh_conform_control_parse(struct mh_json_get *get, const char *text, struct mh_conform_control *ret_control);

#endif
