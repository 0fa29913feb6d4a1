/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callbacks that answer as a row tells them, and write down what they hear in the notation of semantics.md 9:
 *
 *	"GO:A,B {0,0}; CO:A,B,C {0,0}"
 *
 * Behind the callbacks {status_change_nid, status_change_nid_normal} as they found them, on the chain of nodes {nid};
 * where these change between two callbacks of one walk, behind each group. Then, if it is not the one that was
 * written to, the block; if events speak of a part of it, " start+v nr-v"; and what the row wants to see.
 */
#ifndef TESTS_UNIT_CORE_CASE_LISTENER_H
#define TESTS_UNIT_CORE_CASE_LISTENER_H

#include "base/text.h"
#include "core/machine.h"

enum case_sight {
	CASE_SEE_PRESENT = 1 << 0,   /* " present N": pages of node 0 */
	CASE_SEE_DAEMONS = 1 << 1,   /* " kswapd on" */
	CASE_SEE_ISOLATION = 1 << 2, /* " isolated" or " open" */
	CASE_SEE_MIGRATED = 1 << 3,  /* pages, behind the final state */
};

#define CASE_SUFFIX_SIZE 96
#define CASE_NO_BLOCK    UINT32_MAX

struct case_log {
	struct mh_machine *machine;
	unsigned sights;      /* enum case_sight */
	uint32_t named_block; /* the one that needs no name */
	struct mh_text text;
	int last_event; /* whose callbacks text ends with; -1: none */
	char last_suffix[CASE_SUFFIX_SIZE];
};

struct case_answer {
	int value;
	bool once;      /* then OK again */
	uint32_t block; /* only for it, or CASE_NO_BLOCK for all */
};

struct case_listener {
	struct notifier_block nb;
	char letter;
	bool node; /* on the chain of nodes */
	struct case_log *log;
	struct case_answer answers[MH_EVENT_COUNT];
	/* Runs in the callback, after it was written down; may change the argument. */
	void (*inside)(struct case_listener *self, enum mh_event event, void *arg);
	void *data;
};

void case_log_begin(struct case_log *log);
/* No walk runs: ends the last one's words. */
void case_log_end(struct case_log *log);

/* Answers OK to everything. */
void case_listener_init(struct case_listener *listener, struct case_log *log, char letter, int priority, bool node);
/* "GO=BAD", "CANCEL_ADDING=STOP once", "GF=errno -16 for b3", "GO=raw 0x7fff", "*=DONE". */
void case_listener_answer(struct case_listener *listener, const char *text);
/* The event of a short name; asserts that there is one. */
enum mh_event case_event(const char *name);

#endif
