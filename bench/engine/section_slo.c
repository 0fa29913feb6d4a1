/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section `slo`: absolute thresholds. Whether their metrics exist is checked by metric_check.c. */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct mh_scenario_slo, field)

static const struct mh_schema_row slo_rows[] = {
	{.key = "expr",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(threshold),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "METRIC OP VALUE, such as \"steady/response.p99 < 500us\"; OP is one of < <= > >= == !="},
	{.key = "require",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(require),
	 .default_text = "ucb95",
	 .help = "which runs must hold it, else exit 1: the bound of their median, the median, all, k/n; false: none"},
	{.key = "abort",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(abort),
	 .default_text = "false",
	 .help = "a breach at the end of its phase ends the run before the next phase"},
	{.key = "after",
	 .type = MH_VALUE_DURATION,
	 .offset = AT(after_ns),
	 .min = "1ms",
	 .help = "with `abort`: not only at the end of its phase, but as soon as so much of it is over"},
};

const struct mh_schema mh_slo_schema = {
	.name = "slo",
	.rows = slo_rows,
	.count = sizeof(slo_rows) / sizeof(slo_rows[0]),
	.size = sizeof(struct mh_scenario_slo),
};

int mh_threshold_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_error error = {0};
	int ret;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "expr", "METRIC OP VALUE"))
		return -EINVAL;
	ret = mh_threshold_parse(node->text, value, &error);
	if (ret == -EINVAL)
		mh_diagnose(&binder->reader->diagnostics, node->place, "expr: %s", error.text);
	return ret;
}

/* "3/5": at least so many of each so many runs. */
static bool share_read(const char *text, struct mh_scenario_require *require)
{
	int length = 0;

	if (sscanf(text, "%u/%u%n", &require->share_of, &require->share_count, &length) != 2 || text[length])
		return false;
	require->runs = MH_SLO_SHARE;
	return require->share_of >= 1 && require->share_of <= require->share_count;
}

int mh_require_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	static const struct {
		const char *word;
		struct mh_scenario_require require;
	} words[] = {
		{"ucb95", {.can_fail = true, .runs = MH_SLO_UCB95}},
		{"true", {.can_fail = true, .runs = MH_SLO_UCB95}},
		{"median", {.can_fail = true, .runs = MH_SLO_MEDIAN}},
		{"all", {.can_fail = true, .runs = MH_SLO_ALL}},
		{"false", {.can_fail = false, .runs = MH_SLO_UCB95}},
	};
	struct mh_scenario_require share = {.can_fail = true};

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "require", "ucb95, median, all, k/n or false"))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, node->text) == 0) {
			*(struct mh_scenario_require *)value = words[i].require;
			return 0;
		}
	}
	if (share_read(node->text, &share)) {
		*(struct mh_scenario_require *)value = share;
		return 0;
	}
	mh_diagnose(&binder->reader->diagnostics, node->place,
		    "require: '%s' is none of ucb95, median, all, k/n such as 4/5, and false", node->text);
	return -EINVAL;
}

/* Before the end of a phase there are only series. */
static int after_check(struct mh_binder *binder, const struct mh_node *map, const struct mh_scenario_slo *slo)
{
	const struct mh_node *after = mh_node_find(map, "after");

	if (!slo->after_ns || (slo->abort && slo->threshold.metric.kind == MH_METRIC_SERIES))
		return 0;
	mh_diagnose(&binder->reader->diagnostics, after->place,
		    slo->abort ? "after: '%s' is known only when its phase is over: only series are looked at before"
			       : "after: '%s' has no 'abort: true': nothing is ended by it",
		    slo->threshold.metric.text);
	return -EINVAL;
}

int mh_slos_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	void *items = NULL;
	int ret;

	(void)value;
	ret = mh_bind_list(binder, "slo", node, &mh_slo_schema, &items, &scenario->slo_count, ret_resolved);
	scenario->slos = items;
	for (size_t i = 0; ret == 0 && i < scenario->slo_count; i++)
		ret = after_check(binder, node->items[i], &scenario->slos[i]);
	return ret;
}

void mh_slos_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->slo_count; i++)
		mh_bind_release(&mh_slo_schema, &scenario->slos[i]);
	free(scenario->slos);
}
