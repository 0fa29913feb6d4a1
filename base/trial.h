/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying in a child process what may crash: a library's parser over a file that somebody else wrote.
 */
#ifndef BASE_TRIAL_H
#define BASE_TRIAL_H

/**
 * mh_trial_run - call @run(@data) in a child process that is silent and bounded
 * @run: returns 0 for success; must touch nothing that another thread of this process may have locked
 * @cpu_s_max: seconds of CPU time after which the child is ended
 *
 * The child has no stderr, writes no core file, and may use MH_TRIAL_MEMORY_MAX of memory. What it computes is lost
 * with it: call @run again here once it is known to be harmless.
 *
 * Return: 0 when @run returned 0; -EINVAL when it returned anything else; -EFAULT when it crashed or ran out of
 * memory; -ETIME when it used up its time; -EAGAIN when no child could be started.
 */
#define MH_TRIAL_MEMORY_MAX (4ull << 30)
int mh_trial_run(int (*run)(void *data), void *data, unsigned cpu_s_max);

#endif
