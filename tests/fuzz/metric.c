/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of a metric, with and without globs, and its value in a result that has nothing. */
#include "results/metric.h"

#include "results/result.h"
#include "tests/fuzz/fuzz.h"

static void look_up(const struct mh_metric *metric)
{
	struct mh_result result;
	struct mh_error error;
	double value;

	mh_result_init(&result);
	MH_ASSERT(mh_metric_value(metric, &result, &value, &error) < 0);
	mh_result_release(&result);
}

static void read_name(const char *text, bool globs)
{
	struct mh_metric metric;
	struct mh_error error;

	if (mh_metric_parse(text, globs, &metric, &error) < 0)
		return;
	MH_ASSERT(strcmp(metric.text, text) == 0);
	MH_ASSERT(metric.stat != MH_STAT_QUANTILE || (metric.quantile >= 0 && metric.quantile <= 1));
	(void)mh_metric_unit(&metric);
	if (!globs)
		look_up(&metric);
	mh_metric_release(&metric);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_string(data, size);

	read_name(text, false);
	read_name(text, true);
	free(text);
	return 0;
}
