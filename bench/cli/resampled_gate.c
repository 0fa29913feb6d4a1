/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All cells draw the same pairs: what disturbed one cell of a pair is likely to have disturbed the others. */
#include "bench/cli/resampled_gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/rng.h"

struct drawing {
	const struct mh_gate_cell *recorded;
	size_t cell_count, pairs_max, pairs_recorded;
	struct mh_gate_cell *cells;
	const struct mh_result **runs; /* of each cell pairs_max bases, then as many candidates */
};

static const struct mh_result **runs_of(const struct drawing *drawing, size_t cell, bool candidate)
{
	return &drawing->runs[(2 * cell + candidate) * drawing->pairs_max];
}

static int drawing_init(struct drawing *drawing, const struct mh_gate_rule *rule, const struct mh_gate_cell *cells,
			size_t cell_count)
{
	*drawing = (struct drawing){.recorded = cells,
				    .cell_count = cell_count,
				    .pairs_max = (size_t)rule->looks[rule->look_count - 1],
				    .pairs_recorded = cells[0].base_count};
	drawing->cells = calloc(cell_count, sizeof(*drawing->cells));
	drawing->runs = calloc(2 * cell_count * drawing->pairs_max, sizeof(*drawing->runs));
	return drawing->cells && drawing->runs ? 0 : -ENOMEM;
}

static void draw(struct drawing *drawing, const struct mh_resampling *resampling, uint64_t decision)
{
	struct mh_rng rng;

	mh_rng_init(&rng, resampling->seed, "resampled-gate", decision);
	for (size_t i = 0; i < drawing->pairs_max; i++) {
		const size_t pair = (size_t)mh_rng_below(&rng, drawing->pairs_recorded);
		const bool exchanged = resampling->exchange && mh_rng_below(&rng, 2);

		for (size_t cell = 0; cell < drawing->cell_count; cell++) {
			const struct mh_gate_cell *from = &drawing->recorded[cell];

			runs_of(drawing, cell, exchanged)[i] = from->base[pair];
			runs_of(drawing, cell, !exchanged)[i] = from->candidate[pair];
		}
	}
}

/* The cells as they are when @pairs have been run. */
static const struct mh_gate_cell *show_cells(struct drawing *drawing, size_t pairs)
{
	for (size_t i = 0; i < drawing->cell_count; i++)
		drawing->cells[i] = (struct mh_gate_cell){
			.id = drawing->recorded[i].id,
			.base = runs_of(drawing, i, false),
			.candidate = runs_of(drawing, i, true),
			.base_count = pairs,
			.candidate_count = pairs,
		};
	return drawing->cells;
}

/* As `gate` goes through its looks. */
static int decide(struct drawing *drawing, const struct mh_gate_rule *rule, enum mh_verdict *ret_verdict,
		  struct mh_error *reterr)
{
	struct mh_gate_report report = {0};
	size_t look = 0;
	bool again;

	do {
		int ret = mh_gate_judge(rule, show_cells(drawing, (size_t)rule->looks[look]), drawing->cell_count, look,
					&report, reterr);

		if (ret < 0)
			return ret;
		again = report.wants_more;
		look = report.look_next;
		*ret_verdict = report.verdict;
		mh_gate_report_release(&report);
		report = (struct mh_gate_report){0};
	} while (again);
	return 0;
}

/* What is the same in each of hundreds of judgements is found once, what no verdict needs not at all. */
static int prepare_rule(struct mh_gate_rule *rule, const struct mh_gate_cell *cells, size_t cell_count,
			double levels[MH_GATE_LOOKS_MAX], struct mh_error *reterr)
{
	struct mh_gate_report report = {0};
	int ret = mh_gate_judge(rule, cells, cell_count, rule->look_count - 1, &report, reterr);

	if (ret < 0)
		return ret;
	rule->terse = true;
	if (rule->look_count <= MH_GATE_LOOKS_MAX) {
		mh_gate_pass_levels(rule, report.family, levels);
		rule->pass_levels = levels;
	}
	mh_gate_report_release(&report);
	return 0;
}

static int decide_often(struct drawing *drawing, const struct mh_gate_rule *rule,
			const struct mh_resampling *resampling, uint64_t verdicts[MH_VERDICTS], struct mh_error *reterr)
{
	const uint64_t begin_ns = mh_clock_monotonic_ns();
	int ret = 0;

	for (uint64_t i = 0; ret == 0 && i < resampling->decisions; i++) {
		enum mh_verdict verdict = MH_VERDICT_NONE;

		if (resampling->ns_max && mh_clock_monotonic_ns() - begin_ns >= resampling->ns_max)
			break;
		draw(drawing, resampling, i);
		ret = decide(drawing, rule, &verdict, reterr);
		verdicts[verdict] += ret == 0;
	}
	return ret;
}

int mh_resample_gate(const struct mh_gate_rule *rule_given, const struct mh_gate_cell *cells, size_t cell_count,
		     const struct mh_resampling *resampling, uint64_t ret_verdicts[MH_VERDICTS],
		     struct mh_error *reterr)
{
	struct mh_gate_rule rule = *rule_given;
	double levels[MH_GATE_LOOKS_MAX];
	struct drawing drawing;
	int ret = drawing_init(&drawing, &rule, cells, cell_count);

	memset(ret_verdicts, 0, MH_VERDICTS * sizeof(ret_verdicts[0]));
	if (ret == 0)
		ret = prepare_rule(&rule, cells, cell_count, levels, reterr);
	if (ret == 0)
		ret = decide_often(&drawing, &rule, resampling, ret_verdicts, reterr);
	free(drawing.cells);
	free(drawing.runs);
	return ret;
}
