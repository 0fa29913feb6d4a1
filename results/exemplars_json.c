/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exemplars of a run as JSON: in run.json and, alone, in exemplars.json. */
#include "results/exemplars_json.h"

#include "base/io.h"
#include "results/run_json.h"

/* null: not known, which is not 0. */
static void put_switched(struct mh_json_put *put, json_t *object, int64_t switched)
{
	if (switched == MH_NOT_AVAILABLE)
		mh_json_put_null(put, object, "switched_out");
	else
		mh_json_put_bool(put, object, "switched_out", switched != 0);
}

static void put_longest(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar)
{
	json_t *list = mh_json_put_list(put, object, "longest_of");

	for (size_t i = 0; i < exemplar->longest_count; i++) {
		json_t *item = mh_json_add_object(put, list);

		mh_json_put_text(put, item, "series", exemplar->longest[i].series);
		mh_json_put_u64(put, item, "value_ns", exemplar->longest[i].value_ns);
	}
}

static void put_firings(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar)
{
	json_t *list = mh_json_put_list(put, object, "faults");

	for (size_t i = 0; i < exemplar->firing_count; i++) {
		const struct mh_result_firing *firing = &exemplar->firings[i];
		json_t *item = mh_json_add_object(put, list);

		mh_json_put_text(put, item, "fault", firing->fault);
		mh_json_put_text(put, item, "event", firing->event);
		mh_json_put_text(put, item, "listener", firing->listener);
		mh_json_put_i64(put, item, "value", firing->value);
		mh_json_put_u64(put, item, "delay_ns", firing->delay_ns);
	}
	mh_json_put_u64(put, object, "fired", exemplar->fired);
}

static void put_steps(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar)
{
	json_t *steps = mh_json_put_list(put, object, "steps");

	for (size_t i = 0; i < exemplar->step_count; i++) {
		json_t *step = mh_json_add_object(put, steps);

		mh_json_put_text(put, step, "kind", mh_step_kind_names[exemplar->steps[i].kind]);
		mh_json_put_text(put, step, "name", exemplar->steps[i].name);
		mh_json_put_u64(put, step, "begin_ns", exemplar->steps[i].begin_ns);
		mh_json_put_u64(put, step, "end_ns", exemplar->steps[i].end_ns);
	}
	mh_json_put_u64(put, object, "steps_cut", exemplar->steps_cut);
}

void mh_exemplar_put(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar)
{
	mh_json_put_text(put, object, "phase", exemplar->phase);
	mh_json_put_text(put, object, "workload", exemplar->workload);
	mh_json_put_text(put, object, "operation", exemplar->operation);
	mh_json_put_u64(put, object, "worker", exemplar->worker);
	mh_json_put_u64(put, object, "seq", exemplar->seq);
	if (exemplar->block == UINT64_MAX)
		mh_json_put_null(put, object, "block");
	else
		mh_json_put_u64(put, object, "block", exemplar->block);
	mh_json_put_u64(put, object, "intended_ns", exemplar->intended_ns);
	mh_json_put_u64(put, object, "start_ns", exemplar->start_ns);
	mh_json_put_u64(put, object, "wait_ns", exemplar->wait_ns);
	mh_json_put_u64(put, object, "service_ns", exemplar->service_ns);
	mh_json_put_u64(put, object, "response_ns", exemplar->response_ns);
	mh_json_put_i64(put, object, "result", exemplar->result);
	mh_json_put_text(put, object, "outcome", exemplar->outcome);
	mh_json_put_text(put, object, "class", exemplar->class);
	put_switched(put, object, exemplar->switched);
	put_longest(put, object, exemplar);
	put_firings(put, object, exemplar);
	put_steps(put, object, exemplar);
}

void mh_exemplars_put(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	json_t *list = mh_json_put_list(put, root, "exemplars");

	for (size_t i = 0; i < result->exemplar_count; i++)
		mh_exemplar_put(put, mh_json_add_object(put, list), &result->exemplars[i]);
	mh_json_put_text(put, root, "repro", result->repro);
}

int mh_exemplars_json_save(const struct mh_result *result, const char *path, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_json_put put = {0};
	json_t *root = json_object();
	int ret;

	mh_json_put_text(&put, root, "schema", "memhp-bench/exemplars");
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "run_id", result->run_id);
	mh_exemplars_put(&put, root, result);
	ret = mh_json_finish(&put, root, &text, reterr);
	if (ret == 0)
		ret = mh_file_write(path, text.data, text.length, reterr);
	mh_text_release(&text);
	return ret;
}
