/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exact counts, one by one: they are a function of the scenario and the seed, so that one run a side decides, and two
 * runs of a side that differ decide nothing.
 *
 * All counts of all runs of a cell are sorted by name; a *group* is one name. A count that a run does not have is 0: it
 * counts things that did not happen.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/show_private.h"

struct count_entry {
	const char *name;
	size_t run; /* the base's runs first, then the candidate's */
	uint64_t value;
	const char *inexact;
};

struct count_table {
	const struct mh_gate_cell *cell;
	struct count_entry *entries; /* by name, then by run */
	size_t entry_count, run_count;
	size_t *first_of_seed; /* of each run: the first run of its side with its seed */
	size_t *partner;       /* of each candidate's run: a base's run with its seed; SIZE_MAX: none */
	uint64_t *values;      /* of each run, of the group at hand */
	size_t exact, equal, inexact;
	const char *inexact_name, *inexact_reason; /* the first */
};

struct count_group {
	const struct count_entry *entries;
	size_t count;
	const char *name, *inexact; /* the first reason; NULL: exact in all runs */
};

static const struct mh_result *run_at(const struct mh_gate_cell *cell, size_t index)
{
	return index < cell->base_count ? cell->base[index] : cell->candidate[index - cell->base_count];
}

static int compare_entries(const void *a, const void *b)
{
	const struct count_entry *left = a, *right = b;
	int names = strcmp(left->name, right->name);

	return names ? names : (left->run > right->run) - (left->run < right->run);
}

static void find_seeds(struct count_table *table)
{
	const struct mh_gate_cell *cell = table->cell;

	for (size_t i = 0; i < table->run_count; i++) {
		size_t first = i < cell->base_count ? 0 : cell->base_count, j = first;

		while (run_at(cell, j)->seed != run_at(cell, i)->seed)
			j++;
		table->first_of_seed[i] = j;
		for (j = 0; j < cell->base_count && run_at(cell, j)->seed != run_at(cell, i)->seed;)
			j++;
		table->partner[i] = j < cell->base_count ? j : SIZE_MAX;
	}
}

static bool make_table(struct mh_gate *gate, const struct mh_gate_cell *cell, struct count_table *table)
{
	size_t total = 0;

	*table = (struct count_table){.cell = cell, .run_count = cell->base_count + cell->candidate_count};
	for (size_t i = 0; i < table->run_count; i++)
		total += run_at(cell, i)->count_count;
	table->entries = mh_gate_allocate(gate, total * sizeof(*table->entries));
	table->first_of_seed = mh_gate_allocate(gate, table->run_count * sizeof(*table->first_of_seed));
	table->partner = mh_gate_allocate(gate, table->run_count * sizeof(*table->partner));
	table->values = mh_gate_allocate(gate, table->run_count * sizeof(*table->values));
	if (gate->failed)
		return false;
	for (size_t i = 0; i < table->run_count; i++) {
		const struct mh_result *run = run_at(cell, i);

		for (size_t j = 0; j < run->count_count; j++)
			table->entries[table->entry_count++] = (struct count_entry){
				run->counts[j].name, i, run->counts[j].value, run->counts[j].inexact};
	}
	if (total)
		qsort(table->entries, total, sizeof(*table->entries), compare_entries);
	find_seeds(table);
	return true;
}

/* The group that begins at @from; its length is at least 1. */
static struct count_group group_at(const struct count_table *table, size_t from)
{
	struct count_group group = {.entries = &table->entries[from], .name = table->entries[from].name};

	while (from + group.count < table->entry_count && strcmp(group.entries[group.count].name, group.name) == 0) {
		if (!group.inexact)
			group.inexact = group.entries[group.count].inexact;
		group.count++;
	}
	return group;
}

/* False when a run has the count twice: nobody knows which of them is meant. */
static bool spread_values(struct count_table *table, const struct count_group *group)
{
	for (size_t i = 0; i < table->run_count; i++)
		table->values[i] = 0;
	for (size_t i = 0; i < group->count; i++) {
		if (i > 0 && group->entries[i].run == group->entries[i - 1].run)
			return false;
		table->values[group->entries[i].run] = group->entries[i].value;
	}
	return true;
}

static struct mh_gate_line *add_line(struct mh_gate *gate, const struct mh_gate_cell *cell, enum mh_verdict verdict,
				     const char *name)
{
	struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_COUNT, verdict, cell->id, name);

	/* A comparison says what is different, and not what that means. */
	if (!line->gated)
		line->verdict = MH_VERDICT_NONE;
	line->unit = MH_UNIT_COUNT;
	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	return line;
}

/* The number that a run is called by on its side, from 1. */
static size_t run_number(const struct mh_gate_cell *cell, size_t run)
{
	return run < cell->base_count ? run + 1 : run - cell->base_count + 1;
}

/* True when all runs of a side with the same seed agree; else a line says which do not. */
static bool check_agreement(struct mh_gate *gate, const struct count_table *table, const char *name)
{
	const struct mh_gate_cell *cell = table->cell;
	char one[MH_SHOW_CELL], other[MH_SHOW_CELL];

	for (size_t i = 0; i < table->run_count; i++) {
		size_t first = table->first_of_seed[i];

		if (table->values[i] == table->values[first])
			continue;
		struct mh_gate_line *line = add_line(gate, cell, MH_VERDICT_INVALID, name);

		line->words = mh_gate_format(
			gate, "runs %zu and %zu of the %s differ, %s and %s, in what the scenario and the seed decide",
			run_number(cell, first), run_number(cell, i), i < cell->base_count ? "base" : "candidate",
			mh_show_exact(one, table->values[first]), mh_show_exact(other, table->values[i]));
		line->next = mh_gate_next(gate, "--counts");
		return false;
	}
	return true;
}

/* The greatest increase that a rule allows this count. */
static uint64_t allowed_increase(const struct mh_gate_rule *rule, const char *name)
{
	uint64_t allowed = 0;

	for (size_t i = 0; i < rule->count_count; i++)
		if (rule->counts[i].increase_max > allowed && mh_glob_match(rule->counts[i].glob, name))
			allowed = rule->counts[i].increase_max;
	return allowed;
}

/* Calls of the listener for the event that a count belongs to, where both sides have as many. */
static uint64_t find_calls(const struct count_table *table, const char *name, size_t base, size_t candidate)
{
	char calls[512];
	uint64_t values[2] = {0, 0};
	size_t runs[2] = {base, candidate};

	if (!mh_gate_count_calls(name, calls, sizeof(calls)))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		struct count_entry key = {.name = calls, .run = runs[i]};
		const struct count_entry *found =
			bsearch(&key, table->entries, table->entry_count, sizeof(*table->entries), compare_entries);

		values[i] = found ? found->value : 0;
	}
	return values[0] == values[1] ? values[0] : 0;
}

/* The candidate's run in which the count rises most; else one in which it falls; SIZE_MAX: it is equal. */
static size_t find_change(const struct count_table *table)
{
	size_t changed = SIZE_MAX;
	uint64_t rise = 0;

	for (size_t i = table->cell->base_count; i < table->run_count; i++) {
		uint64_t before, now = table->values[i];

		if (table->partner[i] == SIZE_MAX)
			continue;
		before = table->values[table->partner[i]];
		if (now > before && now - before > rise) {
			rise = now - before;
			changed = i;
		} else if (now < before && changed == SIZE_MAX) {
			changed = i;
		}
	}
	return changed;
}

static void tell_change(struct mh_gate *gate, const struct count_table *table, const char *name, size_t run)
{
	uint64_t before = table->values[table->partner[run]], now = table->values[run];
	uint64_t allowed = allowed_increase(gate->rule, name);
	struct mh_gate_count count = {name, before, now, find_calls(table, name, table->partner[run], run)};
	struct mh_text words = MH_TEXT_INIT;
	char number[MH_SHOW_CELL];
	enum mh_verdict verdict = now < before              ? MH_VERDICT_IMPROVED
				  : now - before <= allowed ? MH_VERDICT_PASS
							    : MH_VERDICT_REGRESSED;
	struct mh_gate_line *line = add_line(gate, table->cell, verdict, name);

	mh_gate_count_words(&count, &words);
	if (now > before && allowed)
		mh_text_add(&words, "; %s more are allowed", mh_show_exact(number, allowed));
	gate->failed |= words.failed;
	line->base = (double)before;
	line->candidate = (double)now;
	line->limit = (double)before + (double)allowed;
	line->words = mh_gate_format(gate, "%s", words.data);
	if (line->verdict == MH_VERDICT_REGRESSED)
		line->next = mh_gate_next(gate, "%s", gate->rule->counts_only ? "" : "--counts");
	mh_text_release(&words);
}

static void note_rules(struct mh_gate *gate, const struct count_group *group)
{
	for (size_t i = 0; i < gate->rule->count_count; i++) {
		if (!mh_glob_match(gate->rule->counts[i].glob, group->name))
			continue;
		if (group->inexact)
			gate->count_uses[i].inexact++;
		else
			gate->count_uses[i].exact++;
	}
}

/* It was exact on the whole of the base's side, and has a reason on the candidate's: what was gated no longer is. */
static bool has_become_inexact(const struct count_table *table, const struct count_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->entries[i].run < table->cell->base_count && group->entries[i].inexact)
			return false;
	return group->entries[0].run < table->cell->base_count;
}

static void note_inexact(struct mh_gate *gate, struct count_table *table, const struct count_group *group)
{
	if (has_become_inexact(table, group)) {
		struct mh_gate_line *line = add_line(gate, table->cell, MH_VERDICT_NONE, group->name);

		line->gated = false;
		line->words = mh_gate_format(gate, "exact in the base and not in the candidate, so not gated: %s",
					     group->inexact);
	} else if (table->inexact++ == 0) {
		table->inexact_name = group->name;
		table->inexact_reason = group->inexact;
	}
}

static void judge_group(struct mh_gate *gate, struct count_table *table, const struct count_group *group)
{
	note_rules(gate, group);
	if (group->inexact) {
		note_inexact(gate, table, group);
		return;
	}
	table->exact++;
	if (!spread_values(table, group)) {
		add_line(gate, table->cell, MH_VERDICT_INVALID, group->name)->words =
			mh_gate_format(gate, "a run has this count twice");
		return;
	}
	if (!check_agreement(gate, table, group->name))
		return;
	size_t changed = find_change(table);

	if (changed == SIZE_MAX)
		table->equal++;
	else
		tell_change(gate, table, group->name, changed);
}

/* Counts are a function of the seed: runs of other seeds say nothing of each other. */
static bool check_partners(struct mh_gate *gate, const struct count_table *table)
{
	const struct mh_gate_cell *cell = table->cell;

	for (size_t i = cell->base_count; i < table->run_count; i++) {
		if (table->partner[i] != SIZE_MAX)
			continue;
		struct mh_gate_line *line = add_line(gate, cell, MH_VERDICT_INVALID, "seed");

		line->words = mh_gate_format(gate,
					     "no run of the base has the seed 0x%llx of %s, so their counts cannot be "
					     "compared",
					     (unsigned long long)run_at(cell, i)->seed,
					     mh_gate_run_name(gate, cell, true, i - cell->base_count));
		line->next = mh_gate_next(gate, "--seed 0x%llx", (unsigned long long)cell->base[0]->seed);
		return false;
	}
	return true;
}

static void tell_equal(struct mh_gate *gate, const struct count_table *table)
{
	char number[MH_SHOW_CELL];
	struct mh_gate_line *line;

	if (!table->equal)
		return;
	line = add_line(gate, table->cell, MH_VERDICT_PASS, "exact counts");
	line->words = mh_gate_format(gate, "%s exact count%s equal on both sides", mh_show_exact(number, table->equal),
				     table->equal == 1 ? " is" : "s are");
}

static void tell_inexact(struct mh_gate *gate, const struct count_table *table)
{
	char number[MH_SHOW_CELL];
	struct mh_gate_line *line;

	if (!table->inexact)
		return;
	line = add_line(gate, table->cell, MH_VERDICT_NONE, "inexact counts");
	line->gated = false;
	line->words = mh_gate_format(gate, "%s count%s not gated, as '%s': %s", mh_show_exact(number, table->inexact),
				     table->inexact == 1 ? " is" : "s are", table->inexact_name, table->inexact_reason);
}

/* Where times are gated, too, a cell without exact counts is told; where they are not, nothing would be gated. */
static void tell_none(struct mh_gate *gate, const struct count_table *table)
{
	bool times = !gate->rule->counts_only && gate->rule->times_required;
	struct mh_gate_line *line =
		add_line(gate, table->cell, times ? MH_VERDICT_NONE : MH_VERDICT_INVALID, "exact counts");

	line->gated = line->gated && !times;
	line->words = mh_gate_format(gate, "the runs hold no exact count%s", times ? ": only times are gated" : "");
	if (!times)
		line->next = mh_gate_next(gate, "-D workloads.NAME.threads=1");
}

void mh_gate_counts(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	struct count_table table;

	if (!make_table(gate, cell, &table))
		return;
	if (table.entry_count && !check_partners(gate, &table))
		return;
	for (size_t from = 0; from < table.entry_count;) {
		struct count_group group = group_at(&table, from);

		judge_group(gate, &table, &group);
		from += group.count;
	}
	tell_equal(gate, &table);
	if (!table.exact)
		tell_none(gate, &table);
	tell_inexact(gate, &table);
}

void mh_gate_count_rules(struct mh_gate *gate)
{
	for (size_t i = 0; i < gate->rule->count_count; i++) {
		const char *glob = gate->rule->counts[i].glob;

		if (gate->count_uses[i].exact)
			continue;
		struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_COUNT, MH_VERDICT_INVALID, "", glob);

		line->unit = MH_UNIT_COUNT;
		line->words =
			mh_gate_format(gate,
				       gate->count_uses[i].inexact ? "gate.counts: '%s' names only counts that depend "
								     "on how threads interleave, or on time"
								   : "gate.counts: '%s' names no count of any run",
				       glob);
		line->next = mh_gate_next(gate, "--counts");
	}
}
