/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a tracefs buffer, as far as it is of our probes:
 *
 *   memhp-bench-512     [000] .....    12.345678: mn: (memory_notify+0x0/0x30) ev=8 start=1048576 nr=32768 nidn=3 nid=3
 *   memhp-bench-512     [000] .....    12.345690: mr: (online_pages+0x1/0x2 <- memory_notify) ret=1
 *
 * and, where calls of further functions are watched, those of function 7:
 *
 *   memhp-bench-512     [000] .....    12.345680: c7: (start_isolate_page_range+0x0/0x40)
 *   memhp-bench-512     [000] .....    12.345685: d7: (offline_pages+0x1/0x2 <- start_isolate_page_range)
 */
#ifndef BENCH_KERNEL_TRACE_LINE_H
#define BENCH_KERNEL_TRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The probes' names: of the memory chain's walk and its return, of the node chain's and its return. */
#define MH_KERNEL_PROBE_WALK        "mn"
#define MH_KERNEL_PROBE_WALKED      "mr"
#define MH_KERNEL_PROBE_NODE_WALK   "nn"
#define MH_KERNEL_PROBE_NODE_WALKED "nx"
/* Of a further function's call and of its return, each with the function's number behind it. */
#define MH_KERNEL_PROBE_CALL   'c'
#define MH_KERNEL_PROBE_CALLED 'd'

enum mh_kernel_line_kind {
	MH_KERNEL_LINE_OTHER,  /* somebody else's, a comment, an empty one */
	MH_KERNEL_LINE_BEGIN,  /* a walk begins */
	MH_KERNEL_LINE_END,    /* it has returned */
	MH_KERNEL_LINE_LOST,   /* the buffer was full: lines are missing here */
	MH_KERNEL_LINE_CALL,   /* a further function is called */
	MH_KERNEL_LINE_CALLED, /* it has returned */
};

struct mh_kernel_line {
	enum mh_kernel_line_kind kind;
	int tid;          /* of the thread that walks */
	uint64_t time_ns; /* of trace_clock; a whole number of us */
	bool node;        /* of the chain of nodes */
	/* BEGIN */
	uint64_t action;              /* the event's number in that kernel */
	uint64_t start_pfn, nr_pages; /* memory chain */
	int nid_normal, nid;          /* as the argument has them; INT32_MIN where the kernel's argument has none */
	/* END */
	int value; /* of the walk: that of the last listener called, as it is */
	/* CALL, CALLED */
	unsigned function; /* its number */
	/* LOST */
	uint64_t lost; /* events */
};

/* 0; -EPROTO a line of ours that cannot be read, with a sentence that shows it. */
int mh_kernel_line_parse(const char *text, struct mh_kernel_line *ret_line, struct mh_error *reterr);

#endif
