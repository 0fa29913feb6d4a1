/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/show_merged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/statistics/cluster_bootstrap.h"

/* NULL: no memory. */
static struct mh_merged_cell *find_cell(struct mh_merged_cells *cells, const char *cell)
{
	for (size_t i = 0; i < cells->count; i++)
		if (strcmp(cells->items[i].sum.cell, cell) == 0)
			return &cells->items[i];
	if (cells->count == cells->capacity) {
		size_t capacity = cells->capacity ? 2 * cells->capacity : 8;
		struct mh_merged_cell *items = realloc(cells->items, capacity * sizeof(*items));

		if (!items)
			return NULL;
		cells->items = items;
		cells->capacity = capacity;
	}
	struct mh_merged_cell *item = &cells->items[cells->count++];

	*item = (struct mh_merged_cell){.run_count = 0};
	mh_result_init(&item->sum);
	item->sum.cell = mh_result_text(&item->sum, cell);
	return item;
}

static void add_phase(struct mh_result *sum, const struct mh_result_phase *from)
{
	struct mh_result_phase *phase = NULL;

	for (size_t i = 0; i < sum->phase_count; i++)
		if (strcmp(sum->phases[i].name, from->name) == 0)
			phase = &sum->phases[i];
	if (!phase) {
		phase = mh_result_add_phase(sum);
		if (!phase)
			return;
		phase->name = mh_result_text(sum, from->name);
		phase->role = mh_result_text(sum, from->role);
		phase->recovery_ns = MH_NOT_AVAILABLE;
	}
	phase->t1_ns += from->t1_ns - from->t0_ns; /* from 0: all runs together */
}

static void add_series(struct mh_merged_cell *cell, const struct mh_result_series *from)
{
	for (size_t i = 0; i < cell->sum.series_count; i++)
		if (strcmp(cell->sum.series[i].tag, from->tag) == 0) {
			cell->left_out += mh_histogram_merge(&cell->sum.series[i].histogram, &from->histogram) < 0;
			return;
		}
	(void)mh_result_add_series(&cell->sum, from->tag, &from->histogram); /* sum.failed remembers */
}

int mh_merged_add(struct mh_merged_cells *cells, const struct mh_result *run)
{
	struct mh_merged_cell *cell;

	if (run->status == MH_RUN_ABORTED)
		return 0;
	cell = find_cell(cells, run->cell ? run->cell : "main");
	if (!cell)
		return -ENOMEM;
	cell->run_count++;
	if (cell - cells->items >= MH_MERGED_CELLS_MAX)
		return 0;
	for (size_t i = 0; i < run->phase_count; i++)
		add_phase(&cell->sum, &run->phases[i]);
	for (size_t i = 0; i < run->series_count; i++)
		add_series(cell, &run->series[i]);
	cell->sum.oversubscribed |= run->oversubscribed;
	if (cell->run_count > MH_CLUSTER_RUNS_MAX) /* what was kept is not shown then */
		return cell->sum.failed ? -ENOMEM : 0;
	return cell->sum.failed ? -ENOMEM : mh_kept_add(&cell->kept, run);
}

static void show_cell(const struct mh_merged_cell *cell, const struct mh_show *show)
{
	mh_text_add(show->text, "\n");
	mh_show_clean(show, cell->sum.cell);
	mh_text_add(show->text, ": %zu runs added up, by operations\n", cell->run_count);
	for (size_t i = 0; i < cell->sum.phase_count; i++)
		mh_show_phase(show, &cell->sum, &cell->sum.phases[i]);
	if (cell->run_count <= MH_CLUSTER_RUNS_MAX)
		mh_kept_show(&cell->kept, show);
	if (cell->left_out)
		mh_text_add(show->text, "  %zu histograms have another layout and are left out\n", cell->left_out);
}

void mh_merged_show(const struct mh_merged_cells *cells, const struct mh_show *show)
{
	size_t left_out = 0;

	for (size_t i = 0; i < cells->count; i++) {
		if (cells->items[i].run_count < 2)
			continue;
		if (i < MH_MERGED_CELLS_MAX)
			show_cell(&cells->items[i], show);
		else
			left_out++;
	}
	if (left_out)
		mh_text_add(show->text, "\nand %zu more cells of several runs\n", left_out);
}

void mh_merged_release(struct mh_merged_cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		mh_kept_release(&cells->items[i].kept);
		mh_result_release(&cells->items[i].sum);
	}
	free(cells->items);
	*cells = (struct mh_merged_cells){.count = 0};
}
