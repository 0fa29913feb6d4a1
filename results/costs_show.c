/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on recorded costs: words, table, document. */
#include <math.h>
#include <stdio.h>

#include "results/costs_model.h"
#include "results/json_put.h"

#define NS_PER_US 1e3

void mh_costs_verdict_words(const struct mh_costs_verdict *verdict, char ret_words[64])
{
	if (verdict->validated)
		snprintf(ret_words, 64, "validated to %.0f %%", ceil(100 * verdict->difference));
	else
		snprintf(ret_words, 64, "costs: not validated");
}

static void show_reason(const struct mh_cost_prediction *check, struct mh_text *text)
{
	if (!check->enough)
		mh_text_add(text, "  %s: %llu operations are held out, %u are needed: record more\n",
			    mh_cost_class_names[check->class], (unsigned long long)check->held_out,
			    MH_COSTS_HELD_OUT_MIN);
	else if (!check->holds)
		mh_text_add(text, "  %s: p50 %+.0f %% (at most %.0f), p99 %+.0f %% (at most %.0f)\n",
			    mh_cost_class_names[check->class], 100 * check->difference[MH_COST_P50],
			    100 * MH_COSTS_P50_MAX, 100 * check->difference[MH_COST_P99], 100 * MH_COSTS_P99_MAX);
}

static void show_row(const struct mh_cost_prediction *check, unsigned quantile, struct mh_text *text)
{
	mh_text_add(text, "%-26s %-4s %12.0f", quantile ? "" : mh_cost_class_names[check->class],
		    mh_cost_quantile_names[quantile], check->predicted_ns[quantile] / NS_PER_US);
	if (check->held_out)
		mh_text_add(text, " %12.0f %+10.1f %%\n", check->measured_ns[quantile] / NS_PER_US,
			    100 * check->difference[quantile]);
	else
		mh_text_add(text, " %12s %12s\n", "-", "-");
}

void mh_costs_verdict_show(const struct mh_costs *costs, const struct mh_costs_verdict *verdict, struct mh_text *text)
{
	char date[16], words[64];

	mh_costs_date(costs, date);
	mh_costs_verdict_words(verdict, words);
	mh_text_add(text, "%s\n", words);
	for (size_t i = 0; i < verdict->count; i++)
		show_reason(&verdict->predictions[i], text);
	mh_text_add(text, "\nLinux %s, %s%s, %s: %llu operations, of each class the earlier half fitted\n\n",
		    costs->kernel, costs->machine, costs->emulated ? ", emulated" : "", date,
		    (unsigned long long)mh_costs_operations(costs));
	mh_text_add(text, "%-26s %-4s %12s %12s %12s\n", "operation", "", "predicted/us", "measured/us", "difference");
	for (size_t i = 0; i < verdict->count; i++)
		for (unsigned j = 0; j < MH_COST_QUANTILES; j++)
			show_row(&verdict->predictions[i], j, text);
}

static void show_part(const struct mh_cost_series *series, struct mh_text *text)
{
	const uint64_t without = mh_histogram_count_at_or_below(&series->whole, 0);
	char name[MH_COST_NAME + MH_COST_EVENT + 2];

	snprintf(name, sizeof(name), "%s%s%s", series->key.name, series->key.event[0] ? " " : "", series->key.event);
	mh_text_add(text, "  %-44s %10llu %12.0f %12.0f %12.0f\n", name,
		    (unsigned long long)(series->whole.count - without),
		    mh_histogram_quantile(&series->own, 0.5) / NS_PER_US,
		    mh_histogram_quantile(&series->own, 0.99) / NS_PER_US,
		    mh_histogram_quantile(&series->whole, 0.5) / NS_PER_US);
}

static void show_parts_of(const struct mh_costs *costs, unsigned class, struct mh_text *text)
{
	mh_text_add(text, "\n%-46s %10s %12s %12s %12s\n", mh_cost_class_names[class], "above 0", "p50/us", "p99/us",
		    "with inner");
	for (size_t i = 0; i < costs->series_count; i++)
		if (costs->series[i].class == class)
			show_part(&costs->series[i], text);
}

void mh_costs_parts_show(const struct mh_costs *costs, struct mh_text *text)
{
	for (unsigned class = 0; class < MH_COST_CLASSES; class ++)
		if (costs->fitted[class].count)
			show_parts_of(costs, class, text);
	if (costs->unseen_count)
		mh_text_add(text, "\n");
	for (size_t i = 0; i < costs->unseen_count; i++)
		mh_text_add(text, "not seen: %s\n", costs->unseen[i]);
}

static void put_prediction(struct mh_json_put *put, json_t *list, const struct mh_cost_prediction *check)
{
	json_t *object = mh_json_add_object(put, list), *quantiles;

	mh_json_put_text(put, object, "operation", mh_cost_class_names[check->class]);
	mh_json_put_u64(put, object, "held_out_count", check->held_out);
	mh_json_put_bool(put, object, "enough", check->enough);
	mh_json_put_bool(put, object, "holds", check->holds);
	mh_json_put_text(put, object, "unit", "ns");
	quantiles = mh_json_put_object(put, object, "quantiles");
	for (unsigned i = 0; i < MH_COST_QUANTILES; i++) {
		json_t *quantile = mh_json_put_object(put, quantiles, mh_cost_quantile_names[i]);

		mh_json_put_double(put, quantile, "predicted", check->predicted_ns[i]);
		mh_json_put_double(put, quantile, "measured", check->measured_ns[i]);
		mh_json_put_double(put, quantile, "difference", check->difference[i]);
	}
}

int mh_costs_verdict_write(const struct mh_costs *costs, const struct mh_costs_verdict *verdict, struct mh_text *text,
			   struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;

	mh_json_put_text(&put, root, "schema", "memhp-bench/costs-verdict");
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_bool(&put, root, "validated", verdict->validated);
	mh_json_put_double(&put, root, "difference", verdict->difference);
	mh_json_put_text(&put, root, "kernel", costs->kernel);
	mh_json_put_text(&put, root, "machine", costs->machine);
	mh_json_put_bool(&put, root, "emulated", costs->emulated);
	mh_json_put_u64(&put, root, "samples", mh_costs_operations(costs));
	list = mh_json_put_list(&put, root, "operations");
	for (size_t i = 0; i < verdict->count; i++)
		put_prediction(&put, list, &verdict->predictions[i]);
	return mh_json_finish(&put, root, text, reterr);
}
