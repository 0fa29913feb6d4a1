/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of one parameter of a sweep: a list, or {from, to, mul} or {from, to, add}.
 */
#ifndef BENCH_ENGINE_SWEEP_VALUES_H
#define BENCH_ENGINE_SWEEP_VALUES_H

#include "bench/engine/sweep.h"

/* 0; -EINVAL, told; -ENOMEM, with the diagnostics marked as failed. */
int mh_sweep_values_read(struct mh_reader *reader, const struct mh_pair *pair,
			 struct mh_sweep_parameter *ret_parameter);

#endif
