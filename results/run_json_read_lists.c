/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counts, the thresholds and the exemplars of run.json. */
#include "results/run_json_reading.h"

#include <string.h>

/* Two of one name would have whoever looks it up compare what he happens to find. @names: those before. */
static void read_count(struct mh_reading *reading, const json_t *object, json_t *names)
{
	const char *name = mh_reading_text(reading, object, "name");

	if (reading->get.ret < 0)
		return;
	if (json_object_get(names, name))
		mh_json_get_fail(&reading->get, "'name': two counts are called '%.200s'", name);
	reading->result->failed |= json_object_set_new(names, name, json_true()) < 0;
	(void)mh_result_add_count(reading->result, name, mh_json_get_u64(&reading->get, object, "value"),
				  mh_json_get_optional_text(&reading->get, object, "inexact"));
}

/* Files of before there were counts lack the list. */
void mh_run_json_read_counts(struct mh_reading *reading, const json_t *root)
{
	json_t *names, *list, *object;
	size_t i;

	if (!json_object_get(root, "counts"))
		return;
	list = mh_json_get_list(&reading->get, root, "counts");
	names = json_object();
	reading->result->failed |= !names;
	json_array_foreach(list, i, object)
	{
		mh_json_get_place(&reading->get, "counts", i);
		if (reading->get.ret == 0)
			read_count(reading, object, names);
	}
	json_decref(names);
	reading->get.place[0] = '\0';
}

void mh_run_json_read_slos(struct mh_reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "slo"), *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		struct mh_result_slo *slo = mh_result_add_slo(reading->result);

		mh_json_get_place(&reading->get, "slo", i);
		if (!slo)
			return;
		slo->expr = mh_reading_text(reading, object, "expr");
		slo->has_value = json_is_number(json_object_get(object, "value"));
		slo->value = mh_json_get_optional_double(&reading->get, object, "value", 0);
		slo->limit = mh_json_get_optional_double(&reading->get, object, "limit", 0);
		slo->unit = mh_reading_optional(reading, object, "unit");
		slo->ok = mh_json_get_optional_bool(&reading->get, object, "ok", false);
		slo->require = mh_json_get_optional_bool(&reading->get, object, "require", false);
		slo->reason = mh_reading_optional(reading, object, "reason");
	}
	reading->get.place[0] = '\0';
}

/* Files of before steps had a kind named it, or the event and the listener. */
static enum mh_step_kind read_kind(struct mh_reading *reading, const json_t *object, const char *name)
{
	const char *kind = mh_json_get_optional_text(&reading->get, object, "kind");

	if (!kind && name)
		kind = strchr(name, '/') ? mh_step_kind_names[MH_STEP_LISTENER] : name;
	for (int i = 0; kind && i < MH_STEP_KINDS; i++)
		if (strcmp(kind, mh_step_kind_names[i]) == 0)
			return (enum mh_step_kind)i;
	return MH_STEP_WALK;
}

static void read_steps(struct mh_reading *reading, const json_t *object, struct mh_result_exemplar *exemplar)
{
	json_t *steps = mh_json_get_list(&reading->get, object, "steps"), *item;
	size_t i;

	json_array_foreach(steps, i, item)
	{
		struct mh_result_step *step = mh_result_add_step(reading->result, exemplar);

		if (!step)
			return;
		step->name = mh_reading_text(reading, item, "name");
		step->kind = read_kind(reading, item, step->name);
		step->begin_ns = mh_json_get_u64(&reading->get, item, "begin_ns");
		step->end_ns = mh_json_get_u64(&reading->get, item, "end_ns");
	}
	exemplar->steps_cut = mh_json_get_optional_u64(&reading->get, object, "steps_cut", 0);
}

static void read_firings(struct mh_reading *reading, const json_t *object, struct mh_result_exemplar *exemplar)
{
	json_t *firings = json_object_get(object, "faults"), *item;
	size_t i;

	json_array_foreach(firings, i, item)
	{
		struct mh_result_firing *firing = mh_result_add_firing(reading->result, exemplar);

		if (!firing)
			return;
		firing->fault = mh_reading_text(reading, item, "fault");
		firing->event = mh_reading_optional(reading, item, "event");
		firing->listener = mh_reading_optional(reading, item, "listener");
		firing->value = mh_json_get_optional_i64(&reading->get, item, "value", 0);
		firing->delay_ns = mh_json_get_optional_u64(&reading->get, item, "delay_ns", 0);
	}
	exemplar->fired = mh_json_get_optional_u64(&reading->get, object, "fired", exemplar->firing_count);
}

static void read_longest(struct mh_reading *reading, const json_t *object, struct mh_result_exemplar *exemplar)
{
	json_t *list = json_object_get(object, "longest_of"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		struct mh_result_longest *longest = mh_result_add_longest(reading->result, exemplar);

		if (!longest)
			return;
		longest->series = mh_reading_text(reading, item, "series");
		longest->value_ns = mh_json_get_u64(&reading->get, item, "value_ns");
	}
}

static void read_exemplar(struct mh_reading *reading, const json_t *object)
{
	struct mh_result_exemplar *exemplar = mh_result_add_exemplar(reading->result);

	if (!exemplar)
		return;
	exemplar->phase = mh_reading_optional(reading, object, "phase");
	exemplar->workload = mh_reading_optional(reading, object, "workload");
	exemplar->operation = mh_reading_optional(reading, object, "operation");
	exemplar->worker = mh_json_get_optional_u64(&reading->get, object, "worker", 0);
	exemplar->seq = mh_json_get_optional_u64(&reading->get, object, "seq", 0);
	exemplar->block = mh_json_get_optional_u64(&reading->get, object, "block", UINT64_MAX);
	exemplar->intended_ns = mh_json_get_optional_u64(&reading->get, object, "intended_ns", 0);
	exemplar->start_ns = mh_json_get_optional_u64(&reading->get, object, "start_ns", 0);
	exemplar->wait_ns = mh_json_get_optional_u64(&reading->get, object, "wait_ns", 0);
	exemplar->service_ns = mh_json_get_optional_u64(&reading->get, object, "service_ns", 0);
	exemplar->response_ns = mh_json_get_optional_u64(&reading->get, object, "response_ns", 0);
	exemplar->result = mh_json_get_optional_i64(&reading->get, object, "result", 0);
	exemplar->outcome = mh_reading_optional(reading, object, "outcome");
	exemplar->class = mh_reading_optional(reading, object, "class");
	if (json_is_boolean(json_object_get(object, "switched_out")))
		exemplar->switched = mh_json_get_optional_bool(&reading->get, object, "switched_out", false);
	read_longest(reading, object, exemplar);
	read_firings(reading, object, exemplar);
	read_steps(reading, object, exemplar);
}

void mh_run_json_read_exemplars(struct mh_reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "exemplars"), *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		mh_json_get_place(&reading->get, "exemplars", i);
		read_exemplar(reading, object);
	}
	reading->get.place[0] = '\0';
	reading->result->repro = mh_reading_optional(reading, root, "repro");
}
