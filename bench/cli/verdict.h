/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a command ended: the exit code, a word for it, and the last line on stderr.
 */
#ifndef BENCH_CLI_VERDICT_H
#define BENCH_CLI_VERDICT_H

#include "bench/engine/run.h"
#include "results/gate.h"
#include "results/result.h"

/* 130, 143, or 7 for the time-out's SIGALRM. */
int mh_verdict_signal_code(int signal_number);
/* The exit code of one run: how it ended and what its result says. */
int mh_verdict_code(enum mh_run_end end, int signal_number, const struct mh_result *result);
/* "correct", "incorrect", "invalid", "breached", "refused", "aborted", "interrupted", … */
const char *mh_verdict_word(int code);
/* "pass", "regressed" …; "compared" where nothing is judged. */
const char *mh_verdict_gate_word(bool compare, enum mh_verdict verdict);
/* The same with a word of the command's own: "pass", "regressed" … */
void mh_verdict_print_word(const char *word, int code, const char *seed, const char *repro);
/* memhp-bench: verdict=… exit=… seed=… repro='…' */
void mh_verdict_print(int code, const char *seed, const char *repro);

#endif
