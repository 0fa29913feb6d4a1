/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU data of modules, where a thread is a CPU. For the headers below kernel/linux/.
 *
 * The copies of an object lie MEMHP_CPU_STRIDE bytes apart in an area of the host. A pointer to per-CPU data is that of
 * CPU 0's copy; static data lie in a section of the module, of which the host makes the copies.
 */
#ifndef MEMHP_KAPI_PERCPU_H
#define MEMHP_KAPI_PERCPU_H

#include <stddef.h>

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_CPUS       64          /* a power of two */
#define MEMHP_CPU_STRIDE (1ul << 19) /* bytes of all per-CPU data together */

/*
 * This thread's CPU: its own among the first 64 threads, then shared. While preemption is off no other thread that
 * turns it off is on it.
 */
MEMHP_EXPORT unsigned memhp_cpu(void);
/* NULL: no room. Zeroed. */
MEMHP_EXPORT void *memhp_percpu_new(size_t size, size_t align, const char *where);
MEMHP_EXPORT void memhp_percpu_free(void *data, const char *where);
/* CPU 0's copy of what lies in [@start, @start + @size) of a module, with its values in every copy. */
MEMHP_EXPORT char *memhp_percpu_section(char *start, size_t size);

#ifdef __cplusplus
}
#endif

#endif
