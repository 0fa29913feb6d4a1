/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sixteen distinct callbacks that do nothing, in a file of their own: one function N times would flatter the branch
 * predictor, one in sight would be inlined, and equal bodies would be merged.
 */
#ifndef BENCH_MICRO_CALLBACKS_H
#define BENCH_MICRO_CALLBACKS_H

#include <memhp/kernel.h>

#define MH_CALLBACK_COUNT 16

extern const notifier_fn_t mh_callbacks[MH_CALLBACK_COUNT];

/* The callback of listener @index: a fixed shuffle of the sixteen, a different one for each sixteen in a row. */
notifier_fn_t mh_callback_of(unsigned index);

#endif
