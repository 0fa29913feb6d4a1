/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that crashes stands still where it crashed, so that others can tell where and write what they have.
 *
 * For threads that call what others wrote. The locks that it holds stay taken: the process can only be ended then.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <stdbool.h>

/* Where a thread's crash is noted: the signal's number, 0 while it lives. Outlives the thread. */
typedef _Atomic int mh_crash;

/**
 * mh_crash_catch - from here on, the crash of a thread that has called mh_crash_accept keeps it standing
 *
 * Any other thread's ends the process as before. A build with a sanitizer, whose own report says more, catches none.
 * Return: true when crashes are caught.
 */
bool mh_crash_catch(void);
/* This thread's crash is noted in @crash, until its end. */
void mh_crash_accept(mh_crash *crash);
/* The signal's number, with all that the thread wrote before; 0: it has not crashed. */
int mh_crash_number(const mh_crash *crash);

#endif
