/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rival that is a program: it prints the ns an iteration of the loop that its one argument names.
 */
#ifndef BENCH_MICRO_RIVAL_PROCESS_H
#define BENCH_MICRO_RIVAL_PROCESS_H

#include <stdbool.h>

#include "base/error.h"

/* @folder: where the rivals are; NULL: nowhere. */
bool mh_rival_is_there(const char *folder, const char *program);

/* 0; -EIO it failed or printed no time; -ENOENT; with a sentence. */
int mh_rival_run(const char *folder, const char *program, const char *loop, double *ret_ns, struct mh_error *reterr);

#endif
