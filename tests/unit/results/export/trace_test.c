/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slices nest whatever is in a file, and the whole is JSON. */
#include "results/export/trace.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/rng.h"
#include "fixture.h"

#define SLICES 200

/* Any two lie apart or one within the other. */
static void check_nesting(const struct mh_slice *slices, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		cr_assert_leq(slices[i].begin_ns, slices[i].end_ns);
		for (size_t j = i + 1; j < count; j++)
			cr_assert(slices[j].begin_ns >= slices[i].end_ns || slices[j].end_ns <= slices[i].end_ns,
				  "%lu-%lu overlaps %lu-%lu", slices[i].begin_ns, slices[i].end_ns, slices[j].begin_ns,
				  slices[j].end_ns);
	}
}

Test(trace, slices_nest_whatever_they_were)
{
	struct mh_slice slices[SLICES];
	struct mh_rng rng;

	mh_rng_init(&rng, 7, "slices", 0);
	for (int round = 0; round < 50; round++) {
		for (size_t i = 0; i < SLICES; i++)
			slices[i] = (struct mh_slice){.begin_ns = mh_rng_below(&rng, 100),
						      .end_ns = mh_rng_below(&rng, 100)};
		mh_slices_nest(slices, SLICES);
		check_nesting(slices, SLICES);
	}
}

static struct mh_result_exemplar *add_operation(struct mh_result *result, uint64_t intended, uint64_t start,
						uint64_t service)
{
	struct mh_result_exemplar *exemplar = mh_result_add_exemplar(result);

	exemplar->phase = "steady";
	exemplar->workload = "toggle";
	exemplar->operation = "online";
	exemplar->block = 3;
	exemplar->intended_ns = intended;
	exemplar->start_ns = start;
	exemplar->wait_ns = start - intended;
	exemplar->service_ns = service;
	exemplar->switched = MH_NOT_AVAILABLE;
	return exemplar;
}

static void add_step(struct mh_result *result, struct mh_result_exemplar *exemplar, const char *name, uint64_t begin,
		     uint64_t end)
{
	*mh_result_add_step(result, exemplar) =
		(struct mh_result_step){.kind = MH_STEP_LISTENER, .name = name, .begin_ns = begin, .end_ns = end};
}

static json_t *parse(const struct fixture *fixture)
{
	json_error_t error;
	json_t *root = json_loads(fixture->text.data, 0, &error);

	cr_assert(root, "%s:\n%s", error.text, fixture->text.data);
	return root;
}

/* Of the fixture's document: X slices of one track nest; returns how many there are. */
static size_t check_tracks(const json_t *root)
{
	static struct mh_slice slices[1000];
	const json_t *events = json_object_get(root, "traceEvents");
	size_t all = 0;

	for (json_int_t tid = 0; tid < 100; tid++) {
		size_t count = 0, i;
		json_t *event;

		json_array_foreach(events, i, event)
		{
			if (strcmp(json_string_value(json_object_get(event, "ph")), "X") != 0 ||
			    json_integer_value(json_object_get(event, "tid")) != tid)
				continue;
			double ts = json_number_value(json_object_get(event, "ts")) * 1000;
			double dur = json_number_value(json_object_get(event, "dur")) * 1000;

			slices[count++] = (struct mh_slice){.begin_ns = (uint64_t)(ts + 0.5),
							    .end_ns = (uint64_t)(ts + 0.5) + (uint64_t)(dur + 0.5)};
		}
		check_nesting(slices, count);
		all += count;
	}
	return all;
}

Test(trace, waits_that_overlap_have_tracks_of_their_own)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	add_operation(&fixture.runs[0].result, 1000, 5000, 1000);
	add_operation(&fixture.runs[0].result, 2000, 6000, 1000);
	add_operation(&fixture.runs[0].result, 5000, 7000, 1000);
	cr_assert_eq(fixture_write(&fixture, "trace", &error), 0, "%s", error.text);

	json_t *root = parse(&fixture);

	cr_expect_eq(check_tracks(root), 2u + 3 + 3);
	cr_expect_eq(fixture_count(&fixture.text, "\"name\":\"queue\""), 2u, "%s", fixture.text.data);
	fixture_has(&fixture.text, "\"cat\":\"wait\",\"ts\":1.000,\"dur\":4.000");
	json_decref(root);
	fixture_release(&fixture);
}

Test(trace, nests_steps_of_a_file_that_was_edited)
{
	struct fixture fixture;
	struct mh_result_exemplar *exemplar;
	struct mh_error error;

	fixture_init(&fixture, 1);
	exemplar = add_operation(&fixture.runs[0].result, 1000, 1000, 100);
	add_step(&fixture.runs[0].result, exemplar, FIXTURE_NASTY, 10, 60);
	add_step(&fixture.runs[0].result, exemplar, "overlaps", 50, 70);
	add_step(&fixture.runs[0].result, exemplar, "too long", 90, UINT64_MAX);
	add_step(&fixture.runs[0].result, exemplar, "backwards", 90, 20);
	add_operation(&fixture.runs[0].result, 1050, 1050, UINT64_MAX);
	cr_assert_eq(fixture_write(&fixture, "trace", &error), 0, "%s", error.text);

	json_t *root = parse(&fixture);

	cr_expect_eq(check_tracks(root), 2u + 6);
	json_decref(root);
	fixture_release(&fixture);
}

Test(trace, marks_a_fault_where_its_listener_began)
{
	struct fixture fixture;
	struct mh_result_exemplar *exemplar;
	struct mh_error error;

	fixture_init(&fixture, 1);
	exemplar = add_operation(&fixture.runs[0].result, 1000, 1000, 100);
	add_step(&fixture.runs[0].result, exemplar, "going_online/slab", 40, 60);
	exemplar->fired = 1;
	*mh_result_add_firing(&fixture.runs[0].result, exemplar) =
		(struct mh_result_firing){.fault = "enomem", .event = "going_online", .listener = "slab"};
	cr_assert_eq(fixture_write(&fixture, "trace", &error), 0, "%s", error.text);
	fixture_has(&fixture.text, "\"name\":\"enomem\",\"s\":\"t\",\"cat\":\"fault\",\"ts\":1.040,");
	fixture_has(&fixture.text, "\"args\":{\"count\":1}");
	json_decref(parse(&fixture));
	fixture_release(&fixture);
}

Test(trace, says_what_to_record_where_nothing_was_kept)
{
	struct fixture fixture;
	struct mh_error error;

	fixture_init(&fixture, 1);
	cr_expect_eq(fixture_write(&fixture, "trace", &error), -ENODATA);
	cr_expect(strstr(error.text, "record.exemplars"), "%s", error.text);
	fixture_release(&fixture);
}
