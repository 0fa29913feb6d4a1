/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fixture.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"

static void add_series(struct mh_result *result, const char *tag, uint64_t from_ns, size_t count)
{
	struct mh_histogram_layout layout = {.lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS, .digits = 3};
	struct mh_histogram histogram;

	MH_ASSERT(mh_histogram_init(&histogram, &layout) == 0);
	for (uint64_t i = 0; i < count; i++)
		mh_histogram_record(&histogram, from_ns + i);
	MH_ASSERT(mh_result_add_series(result, tag, &histogram) == 0);
	mh_histogram_release(&histogram);
}

static void add_phase(struct mh_result *result, const char *name, const char *role)
{
	struct mh_result_phase *phase = mh_result_add_phase(result);
	struct mh_result_workload *workload;

	phase->name = name;
	phase->role = role;
	phase->t0_ns = 1000000000 * result->phase_count;
	phase->t1_ns = phase->t0_ns + 1000000000;
	phase->recovery_ns = MH_NOT_AVAILABLE;
	workload = mh_result_add_workload(result, phase);
	workload->name = "toggle";
	workload->kind = "hotplug-cycle";
	workload->threads = 2;
	workload->ops = (struct mh_result_ops){.ok = 990, .expected_fail = 10};
}

static void make_result(struct mh_result *result, size_t index)
{
	mh_result_init(result);
	result->suite = "fixture";
	result->cell = "main";
	result->seed = 0x5eed;
	result->start_unix_ns = UINT64_C(1767225600000000000) + 10000000000 * index;
	result->duration_ns = 3000000000;
	snprintf(result->run_id, sizeof(result->run_id), "01TEST%zu", index);
	snprintf(result->environment.host, sizeof(result->environment.host), "host");
	result->environment.nproc = 8;
	result->environment.aslr = MH_NOT_AVAILABLE;
	result->environment.load_avg_before[0] = MH_LOAD_NOT_AVAILABLE;
	result->verify.level = "fast";
	add_phase(result, "warm", "warmup");
	add_phase(result, "steady", "measure");
	add_series(result, "warm/response", 1, 10);
	add_series(result, "steady/service", 500, 1000);
	add_series(result, "steady/response", 1000, 1000);
	add_series(result, "steady/empty", 0, 0);
}

void fixture_init(struct fixture *fixture, size_t count)
{
	static const char *const names[] = {"run-001", "run-002", "run-003", "run-004"};

	MH_ASSERT(count <= FIXTURE_RUNS_MAX);
	*fixture = (struct fixture){.text = MH_TEXT_INIT, .notes = MH_TEXT_INIT};
	fixture->export = (struct mh_export){
		.scenario = "fixture",
		.version = "1.0",
		.runs = fixture->runs,
		.run_count = count,
		.notes = &fixture->notes,
	};
	for (size_t i = 0; i < count; i++) {
		fixture->runs[i] = (struct mh_export_run){.cell = "main", .name = names[i], .read = true};
		make_result(&fixture->runs[i].result, i);
	}
}

void fixture_release(struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->export.run_count; i++)
		mh_result_release(&fixture->runs[i].result);
	mh_text_release(&fixture->text);
	mh_text_release(&fixture->notes);
}

int fixture_write(struct fixture *fixture, const char *format, struct mh_error *reterr)
{
	const struct mh_export_format *found;

	MH_ASSERT(mh_export_find(format, &found, NULL) == 0);
	return mh_export_write(found, &fixture->export, &fixture->text, reterr);
}

size_t fixture_count(const struct mh_text *text, const char *part)
{
	size_t count = 0;

	for (const char *at = strstr(text->data, part); at; at = strstr(at + 1, part))
		count++;
	return count;
}

void fixture_has(const struct mh_text *text, const char *part)
{
	cr_expect(strstr(text->data, part), "there is no '%s' in:\n%s", part, text->data);
}

void fixture_gate(struct mh_gate_report *ret_report, struct mh_gate_line lines[FIXTURE_LINES],
		  struct mh_gate_rule *ret_rule)
{
	static const struct mh_gate_line line = {
		.kind = MH_LINE_TIME,
		.gated = true,
		.cell = "main",
		.name = "steady/response.p99",
		.unit = MH_UNIT_NS,
		.base = 1000,
		.candidate = 1079,
		.base_count = 16,
		.candidate_count = 16,
		.ratio = {.estimate = 1.079, .lower = 1.041, .upper = 1.118, .attained = true},
		.tolerance = 0.05,
		.p = 0.0001,
		.p_adjusted = 0.0004,
		.detectable = NAN,
		.words = "some words",
	};

	for (int i = 0; i < FIXTURE_LINES; i++) {
		lines[i] = line;
		lines[i].verdict = i < MH_VERDICTS ? (enum mh_verdict)i : MH_VERDICT_REGRESSED;
		lines[i].gated = i < MH_VERDICT_NONE;
		lines[i].next = i > MH_VERDICT_IMPROVED ? "memhp-bench gate again" : NULL;
	}
	lines[MH_VERDICT_INCONCLUSIVE].runs_needed = 9;
	lines[MH_VERDICT_INVALID].kind = MH_LINE_DATA;
	lines[MH_VERDICT_INCORRECT].kind = MH_LINE_CORRECTNESS;
	lines[MH_VERDICT_INCORRECT].base = NAN;
	lines[MH_VERDICT_UNDERPOWERED].ratio =
		(struct mh_interval){.estimate = NAN, .lower = -INFINITY, .upper = INFINITY};
	*ret_report = (struct mh_gate_report){.verdict = MH_VERDICT_INCORRECT,
					      .summary = "it is not right",
					      .lines = lines,
					      .line_count = FIXTURE_LINES};
	*ret_rule = (struct mh_gate_rule){.paired = true, .seed = 0x5eed, .command = "memhp-bench gate s.yaml"};
}
