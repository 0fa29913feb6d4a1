/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instances of a bar in paired rounds, and whether these can be believed.
 */
#include "bench/micro/bar_measure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/thread.h"
#include "bench/micro/quiet_cpu.h"

static __attribute__((format(printf, 2, 3))) void not_measurable(struct mh_bar_outcome *outcome, const char *format,
								 ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(outcome->reason, sizeof(outcome->reason), format, args);
	va_end(args);
}

static bool is_rival(const char *name)
{
	return strncmp(name, MH_BAR_RIVAL, strlen(MH_BAR_RIVAL)) == 0;
}

/* NULL: it is not measured here, for the reason in @outcome. */
static const char *present(const struct mh_bar_context *context, const char *name, const char *instead,
			   struct mh_bar_outcome *outcome)
{
	const struct mh_instance *instance = mh_instances_find(context->instances, name);

	if (!instance && instead)
		return present(context, instead, NULL, outcome);
	if (!instance && is_rival(name)) {
		not_measurable(outcome, "%s", MH_BAR_RIVAL_ABSENT);
		return NULL;
	}
	if (instance && instance->threads > mh_thread_cpu_count()) {
		not_measurable(outcome, "%s: %u threads need as many",
			       mh_thread_cpu_count() == 1 ? "one CPU" : "too few CPUs", instance->threads);
		return NULL;
	}
	return name;
}

/* Share of the rounds that @count is. */
static double share(unsigned count, const struct mh_ratio_rounds *rounds)
{
	return (double)count / rounds->round_count;
}

static bool was_preempted(const struct mh_ratio_rounds *rounds, const struct mh_ratio_subject *subject)
{
	if (subject->instance->threads > 1)
		return subject->preempted > 0;
	return share(subject->preempted, rounds) > MH_BAR_DISTURBED_MAX;
}

bool mh_bar_doubt(const struct mh_ratio_rounds *rounds, struct mh_bar_outcome *outcome)
{
	for (size_t i = 0; i < rounds->subject_count; i++) {
		const struct mh_ratio_subject *subject = &rounds->subjects[i];

		if (subject->skipped)
			not_measurable(outcome, "%s", subject->skipped);
		else if (was_preempted(rounds, subject))
			not_measurable(outcome, "preempted: %u samples of '%s', each taken again and again",
				       subject->preempted, subject->instance->name);
		else
			continue;
		return true;
	}
	if (share(rounds->shared, rounds) > MH_BAR_DISTURBED_MAX) {
		not_measurable(outcome, "core shared: somebody else used it in %u of %u rounds", rounds->shared,
			       rounds->round_count);
		return true;
	}
	return false;
}

static void reach(const struct mh_bar *bar, const struct mh_ratio_rounds *rounds, struct mh_bar_outcome *outcome)
{
	const double times = bar->times > 0 ? bar->times : 1;
	struct mh_round_quartiles figures =
		bar->kind == MH_BAR_RATIO ? mh_ratio_of(rounds, 0, 1) : mh_ratio_ns(rounds, 0);

	if (bar->kind == MH_BAR_MILLIONS)
		figures = (struct mh_round_quartiles){1000 / figures.high, 1000 / figures.median, 1000 / figures.low};
	outcome->reached = times * figures.median;
	outcome->low = times * figures.low;
	outcome->high = times * figures.high;
}

static void tell_rounds(const struct mh_bar_context *context, const struct mh_ratio_rounds *rounds,
			const struct mh_bar_outcome *outcome)
{
	struct mh_text *text = context->details;

	if (!text)
		return;
	mh_text_add(text, "  %.3f … %.3f in half of %u rounds", outcome->low, outcome->high, rounds->round_count);
	for (size_t i = 0; i < rounds->subject_count; i++)
		mh_text_add(text, "; %s %.2f ns", rounds->subjects[i].instance->name, mh_ratio_ns(rounds, i).median);
	mh_text_add(text,
		    "; taken again: %u preempted samples, %u rounds on a shared core; kept all the same: %u of those\n",
		    rounds->retaken, rounds->shared_again, rounds->shared);
}

static int measure_instances(const struct mh_bar_context *context, const struct mh_bar *bar, const char *const *names,
			     struct mh_bar_outcome *outcome, struct mh_error *reterr)
{
	struct mh_ratio_request request = {
		.instances = context->instances,
		.names = names,
		.name_count = names[1] ? 2 : 1,
		.round_count = context->round_count,
		.sample_ns = context->sample_ns,
		.seed = context->seed,
		.timer = context->timer,
		.stop = context->stop,
	};
	struct mh_ratio_rounds rounds;
	bool skipped = false;
	int ret = mh_ratio_run(&request, &rounds, reterr);

	if (ret < 0)
		return ret;
	for (size_t i = 0; i < rounds.subject_count; i++)
		skipped |= rounds.subjects[i].skipped != NULL;
	if (!skipped) {
		reach(bar, &rounds, outcome);
		tell_rounds(context, &rounds, outcome);
	}
	if (skipped || !context->rehearsal)
		(void)mh_bar_doubt(&rounds, outcome);
	mh_ratio_release(&rounds);
	return 0;
}

static int measure(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
		   struct mh_error *reterr)
{
	const char *names[2] = {NULL, NULL};

	if (bar->kind == MH_BAR_FIGURE)
		return bar->figure(context, bar, outcome, reterr);
	names[0] = present(context, bar->of, NULL, outcome);
	if (names[0] && bar->to)
		names[1] = present(context, bar->to, bar->absent, outcome);
	if (outcome->reason[0])
		return 0;
	return measure_instances(context, bar, names, outcome, reterr);
}

static bool has_team(const struct mh_bar_context *context, const char *name)
{
	const struct mh_instance *instance = name ? mh_instances_find(context->instances, name) : NULL;

	return instance && instance->threads > 1;
}

/* What a thread is told, and tells. */
struct task {
	const struct mh_bar_context *context;
	const struct mh_bar *bar;
	struct mh_bar_outcome *outcome;
	struct mh_error *reterr;
	int ret;
};

static void run_task(void *data)
{
	struct task *task = data;

	task->ret = measure(task->context, task->bar, task->outcome, task->reterr);
}

/* In a thread of its own, for the main thread is never bound; programs that it starts run on that CPU, too. */
int mh_bar_measure(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *ret_outcome,
		   struct mh_error *reterr)
{
	struct task task = {context, bar, ret_outcome, reterr, 0};
	struct mh_thread thread;
	int ret;

	*ret_outcome = (struct mh_bar_outcome){.reached = 0};
	if (has_team(context, bar->of) || has_team(context, bar->to))
		return measure(context, bar, ret_outcome, reterr);
	ret = mh_thread_start(&thread, "bar", mh_quiet_cpu(&context->timer->clock), run_task, &task, reterr);
	if (ret < 0)
		return ret;
	mh_thread_join(&thread);
	return task.ret;
}
