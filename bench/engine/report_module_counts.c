/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What modules called, into the result: in a phase "PHASE/kapi/LISTENER/EVENT/SYMBOL", or "PHASE/kapi/thread/SYMBOL"
 * for threads of their own, and for their init and exit "init/kapi/MODULE/SYMBOL" and "exit/kapi/MODULE/SYMBOL".
 */
#include <stdio.h>

#include "bench/engine/count_list.h"
#include "bench/engine/exactness.h"
#include "bench/engine/run_private.h"
#include "core/kapi_alloc.h"
#include "core/module.h"

#define NAME_SIZE 256

static const char by_threads[] = "threads of modules call it, as time and the scheduler let them";

/* One list of rows on its way. */
struct report {
	struct mh_run *run;
	const struct mh_phase *phase; /* NULL: of an init or exit */
	const struct mh_kapi_counts *before;
	/* Of callbacks; NULL: exact. */
	const char *inexact;      /* all */
	const char *inexact_wait; /* what they call again until another thread has done something */
	const char *inexact_some; /* what not each call of theirs makes as often */
	const char *inexact_log;  /* lines of log, some of which stop after a while */
};

static int count_one(void *data, const struct mh_kapi_allocation *allocation)
{
	uint64_t *count = data;

	(void)allocation;
	++*count;
	return 0;
}

static uint64_t count_allocations(void)
{
	uint64_t count = 0;

	(void)mh_kapi_alloc_each(count_one, &count);
	return count;
}

/*
 * A restore brings blocks back, not what modules remember: a time-bounded warm-up may have asked for the memory of a
 * section, which now is there. How much they hold tells most of what they remember.
 */
static const char *by_memory(const struct mh_phase *phase)
{
	const struct mh_run *run = phase->run;
	uint64_t now = phase->start.allocations;

	if (!run->first_drift || now == run->first_allocations)
		return NULL;
	return mh_result_format(run->result,
				"not each call makes it, and modules hold %llu allocations since phase '%s', which is "
				"no function of the scenario, and held %llu before: bound that phase by `ops`",
				(unsigned long long)now, run->first_drift, (unsigned long long)run->first_allocations);
}

static const char *by_log(const struct mh_phase *phase)
{
	const char *name = phase->run->first_drift;

	return name ? mh_result_format(phase->run->result,
				       "lines that stop after a while may have stopped in phase '%s', which is no "
				       "function of the scenario",
				       name)
		    : NULL;
}

/* Each call of the callback made it as often: what the module remembers, or its threads do, changes nothing in it. */
static bool is_regular(const struct report *report, const struct mh_kapi_key *key, uint64_t count)
{
	uint64_t calls = report->phase ? mh_phase_calls(report->phase, key->listener, key->event) : 0;

	return calls && count % calls == 0;
}

static const char *why(const struct report *report, const struct mh_kapi_key *key, enum mh_kapi_symbol symbol,
		       uint64_t count)
{
	if (key->caller == MH_KAPI_THREAD)
		return by_threads;
	if (report->inexact)
		return report->inexact;
	if (report->inexact_some && !is_regular(report, key, count))
		return report->inexact_some;
	switch (symbol) {
	case MH_KAPI_CALL_SCHEDULE:
	case MH_KAPI_CALL_PREPARE_TO_WAIT:
	case MH_KAPI_CALL_SPIN_TRYLOCK ... MH_KAPI_CALL_DOWN_READ_TRYLOCK:
	case MH_KAPI_CALL_DOWN_TRYLOCK:
		return report->inexact_wait;
	case MH_KAPI_CALL_PRINTK:
		return report->inexact_log;
	default:
		return NULL;
	}
}

static void caller_name(const struct mh_run *run, const struct mh_kapi_key *key, char *ret_name, size_t size)
{
	static const char *const names[] = {
		[MH_KAPI_INIT] = "init", [MH_KAPI_EXIT] = "exit", [MH_KAPI_THREAD] = "thread"};

	if (key->caller == MH_KAPI_LISTENER)
		snprintf(ret_name, size, "%s/%s", mh_machine_listener(run->machine, key->event, key->listener)->name,
			 mh_event_names[key->event]);
	else
		snprintf(ret_name, size, "%s", names[key->caller]);
}

/* @name: "PHASE/kapi/LISTENER/EVENT". */
static void add_row(const struct report *report, const struct mh_kapi_row *row, const char *name)
{
	for (int symbol = 0; symbol < MH_KAPI_SYMBOLS; symbol++) {
		uint64_t count = mh_kapi_counts_since(report->before, row, (enum mh_kapi_symbol)symbol);

		if (count)
			mh_count_list_add(report->run->result,
					  why(report, &row->key, (enum mh_kapi_symbol)symbol, count), count, "%s/%s",
					  name, mh_kapi_symbol_names[symbol]);
	}
}

static uint64_t count_calls(const struct report *report, const struct mh_kapi_row *row)
{
	uint64_t sum = 0;

	for (int symbol = 0; symbol < MH_KAPI_SYMBOLS; symbol++)
		sum += mh_kapi_counts_since(report->before, row, (enum mh_kapi_symbol)symbol);
	return sum;
}

static bool threads_called(const struct report *report, const struct mh_kapi_counts *now)
{
	for (size_t i = 0; i < now->row_count; i++)
		if (now->rows[i].key.caller == MH_KAPI_THREAD && count_calls(report, &now->rows[i]))
			return true;
	return false;
}

static void add_rows(const struct report *report, const struct mh_kapi_counts *now, const char *phase)
{
	for (size_t i = 0; i < now->row_count; i++) {
		char caller[NAME_SIZE], name[2 * NAME_SIZE];

		/* A row of a chain that is gone has nothing new, and its listener no name. */
		if (!count_calls(report, &now->rows[i]))
			continue;
		caller_name(report->run, &now->rows[i].key, caller, sizeof(caller));
		snprintf(name, sizeof(name), "%.200s/kapi/%s", phase, caller);
		add_row(report, &now->rows[i], name);
	}
}

static void tell_no_memory(struct mh_run *run)
{
	(void)mh_result_add_warning(run->result, "no memory to count what modules call: their counts are missing");
}

void mh_phase_module_counts_begin(struct mh_phase *phase)
{
	phase->start.allocations = count_allocations();
	if (phase->shared.phase == 0)
		phase->run->first_allocations = phase->start.allocations;
	if (mh_kapi_counts_take(&phase->start.kapi) < 0)
		tell_no_memory(phase->run);
}

void mh_phase_report_module_counts(struct mh_phase *phase, const char *inexact)
{
	struct report report = {
		.run = phase->run,
		.phase = phase,
		.before = &phase->start.kapi,
		.inexact = inexact,
		.inexact_some = by_memory(phase),
		.inexact_log = by_log(phase),
	};
	struct mh_kapi_counts now;

	if (!phase->start.kapi.rows)
		return;
	if (mh_kapi_counts_take(&now) < 0) {
		tell_no_memory(phase->run);
		return;
	}
	if (threads_called(&report, &now)) {
		report.inexact_wait = "it is called again until another thread has done something";
		report.inexact_some = "not each call makes it, and threads of modules run beside";
	}
	add_rows(&report, &now, phase->scenario->name);
	mh_kapi_counts_release(&now);
}

void mh_run_report_module(struct mh_run *run, const char *path, enum mh_kapi_caller caller,
			  const struct mh_kapi_counts *before)
{
	const char *when = caller == MH_KAPI_INIT ? "init" : "exit";
	struct report report = {.run = run, .before = before};
	char module[NAME_SIZE], name[2 * NAME_SIZE];
	struct mh_kapi_counts now;

	if (caller == MH_KAPI_EXIT && run->first_drift)
		report.inexact = mh_result_format(
			run->result, "a module's exit meets what phase '%s' left, which is no function of the scenario",
			run->first_drift);
	if (!before->rows || mh_kapi_counts_take(&now) < 0) {
		tell_no_memory(run);
		return;
	}
	mh_module_name(path, module, sizeof(module));
	snprintf(name, sizeof(name), "%s/kapi/%s", when, module);
	for (size_t i = 0; i < now.row_count; i++)
		if (now.rows[i].key.caller == caller)
			add_row(&report, &now.rows[i], name);
	mh_kapi_counts_release(&now);
}
