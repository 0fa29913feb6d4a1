/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody behind the files of a made-up tree who answers as a kernel does: blocks 32 to 35 of node 3, walks in the
 * trace, the injector heeded; or, where a test says so, as no kernel does.
 */
#ifndef TESTS_UNIT_BENCH_KERNEL_MADE_UP_KERNEL_H
#define TESTS_UNIT_BENCH_KERNEL_MADE_UP_KERNEL_H

#include "core/protocol.h"
#include "made_up_tree.h"

enum misdeed {
	MISDEED_NONE,
	MISDEED_NO_CANCEL,     /* a refused operation is not cancelled */
	MISDEED_WRONG_ERRNO,   /* the writer gets EIO instead of the refusal's */
	MISDEED_DEAF_INJECTOR, /* armed, it does not answer */
	MISDEED_STATE_KEPT,    /* an operation succeeds, and the state does not change */
	MISDEED_SILENT,        /* nothing is traced */
	MISDEED_GARBLED_TRACE, /* lines that cannot be read */
	MISDEED_LOST_EVENTS,   /* the buffer tells that it lost some */
	MISDEED_OTHER_WRITER,  /* another thread's walk in each operation */
};

struct made_up_kernel {
	struct made_up_tree made_up;
	enum mh_compat compat;
	enum misdeed misdeed;
	unsigned online_count; /* of node 3 */
	unsigned writes;       /* to states, so far */
	/* Where functions are probed: calls of some of them, each line of the trace 7 us after the one before. */
	bool traces_calls;
	unsigned kill_at; /* the process is killed in this write, from 1; 0: never */
};

/* @release decides the protocol. */
void made_up_kernel_init(struct made_up_kernel *kernel, const char *release);
void made_up_kernel_release(struct made_up_kernel *kernel);

#endif
