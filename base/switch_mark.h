/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Has this thread been switched out since a moment? For one store at that moment, and no system call.
 *
 * The kernel keeps a pointer of each thread's own (restartable sequences, Linux 4.18; registered by glibc since 2.35)
 * and clears it when the thread comes back from the scheduler outside of the code that the pointer describes. A mark
 * is such a pointer to code that never runs: it stands until the scheduler took the CPU away, for a wait of the
 * thread's own as much as for another thread. A signal clears it, too.
 */
#ifndef BASE_SWITCH_MARK_H
#define BASE_SWITCH_MARK_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__) && __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#define MH_SWITCH_MARKS 1
#else
#define MH_SWITCH_MARKS 0
#endif

/* Tried out in this thread, which sleeps for a moment: false where marks mean nothing, and then nothing is known. */
bool mh_switch_mark_works(void);

#if MH_SWITCH_MARKS

extern const struct rseq_cs mh_switch_mark;

/* The kernel's word of this thread. Volatile: the kernel writes it behind the compiler's back. */
static inline volatile __u64 *mh_switch_mark_word(void)
{
	char *thread;

	__asm__("mov %%fs:0, %0" : "=r"(thread));
	return &((volatile struct rseq *)(thread + __rseq_offset))->rseq_cs;
}

/* Only where mh_switch_mark_works(). */
static inline void mh_switch_mark_set(void)
{
	*mh_switch_mark_word() = (uint64_t)(uintptr_t)&mh_switch_mark;
}

static inline bool mh_switch_mark_stands(void)
{
	return *mh_switch_mark_word() != 0;
}

#else

static inline void mh_switch_mark_set(void)
{
}

static inline bool mh_switch_mark_stands(void)
{
	return true;
}

#endif

#endif
