/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a cgroup, of version 2 or 1, does to the CPU time and to the memory of this process. */
#ifndef RESULTS_CGROUP_H
#define RESULTS_CGROUP_H

#include <stddef.h>
#include <stdint.h>

/* "QUOTA PERIOD" in us or "max PERIOD", of the nearest group that states one; "" when none does. */
void mh_cgroup_cpu_max(const char *root, char *buffer, size_t size);
/* Periods in which that group used up its quota, since it was made; MH_NOT_AVAILABLE. */
int64_t mh_cgroup_throttle_count(const char *root);
/* Bytes that this process may have: the least of what its group and those above it state; MH_NOT_AVAILABLE: none does.
 */
int64_t mh_cgroup_memory_max(const char *root);

#endif
