/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several things can be wrong at once; mh_exit_combine() says which one the exit code tells.
 */
#include "bench/cli/verdict.h"

#include <signal.h>
#include <stdio.h>

#include "bench/cli/exit_codes.h"

int mh_verdict_signal_code(int signal_number)
{
	if (signal_number == SIGALRM)
		return MH_EXIT_ABORTED;
	return signal_number == SIGTERM ? MH_EXIT_TERMINATED : MH_EXIT_INTERRUPTED;
}

static int code_of_end(enum mh_run_end end, int signal_number)
{
	switch (end) {
	case MH_RUN_ENDED:
		return MH_EXIT_DONE;
	case MH_RUN_ENDED_BY_SIGNAL:
		return mh_verdict_signal_code(signal_number);
	case MH_RUN_ENDED_BY_LIMIT:
	case MH_RUN_ENDED_BY_WATCHDOG:
		return MH_EXIT_ABORTED;
	case MH_RUN_ENDED_BY_CRASH:
		return MH_EXIT_INTERNAL;
	case MH_RUN_REFUSED_INPUT:
		return MH_EXIT_USAGE;
	case MH_RUN_REFUSED_ENVIRONMENT:
		return MH_EXIT_ENVIRONMENT;
	}
	return MH_EXIT_INTERNAL;
}

static int code_of_status(enum mh_run_status status)
{
	if (status == MH_RUN_INCORRECT)
		return MH_EXIT_INCORRECT;
	return status == MH_RUN_INVALID ? MH_EXIT_INCONCLUSIVE : MH_EXIT_DONE;
}

int mh_verdict_code(enum mh_run_end end, int signal_number, const struct mh_result *result)
{
	int code = mh_exit_combine(code_of_end(end, signal_number), code_of_status(result->status));

	for (size_t i = 0; i < result->slo_count; i++)
		if (result->slos[i].require && !result->slos[i].ok)
			code = mh_exit_combine(code, MH_EXIT_REGRESSED);
	return result->failed ? mh_exit_combine(code, MH_EXIT_ENVIRONMENT) : code;
}

const char *mh_verdict_word(int code)
{
	switch (code) {
	case MH_EXIT_DONE:
		return "correct";
	case MH_EXIT_REGRESSED:
		return "breached";
	case MH_EXIT_USAGE:
		return "refused";
	case MH_EXIT_INCORRECT:
		return "incorrect";
	case MH_EXIT_INCONCLUSIVE:
		return "invalid";
	case MH_EXIT_NOT_COMPARABLE:
		return "not-comparable";
	case MH_EXIT_ENVIRONMENT:
		return "cannot-run";
	case MH_EXIT_ABORTED:
		return "aborted";
	case MH_EXIT_INTERRUPTED:
	case MH_EXIT_TERMINATED:
		return "interrupted";
	default:
		return "internal-error";
	}
}

const char *mh_verdict_gate_word(bool compare, enum mh_verdict verdict)
{
	static const char *const words[MH_VERDICTS] = {
		[MH_VERDICT_PASS] = "pass",
		[MH_VERDICT_IMPROVED] = "improved",
		[MH_VERDICT_REGRESSED] = "regressed",
		[MH_VERDICT_INCONCLUSIVE] = "inconclusive",
		[MH_VERDICT_UNDERPOWERED] = "underpowered",
		[MH_VERDICT_INVALID] = "invalid",
		[MH_VERDICT_INCORRECT] = "incorrect",
		[MH_VERDICT_NONE] = "none",
	};

	return compare ? "compared" : words[verdict];
}

void mh_verdict_print_word(const char *word, int code, const char *seed, const char *repro)
{
	fprintf(stderr, "memhp-bench: verdict=%s exit=%d seed=%s repro='%s'\n", word, code, seed, repro);
}

void mh_verdict_print(int code, const char *seed, const char *repro)
{
	mh_verdict_print_word(mh_verdict_word(code), code, seed, repro);
}
