/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass over the lines. The lines of a worker come in the order of its operations; those of several workers of a
 * phase in blocks, or mixed; phases one after the other.
 */
#include "bench/engine/history_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/history_replay.h"
#include "bench/engine/history_rules.h"
#include "workloads/workload.h"

/* A begin and a length are each cut to whole ns. */
#define ROUNDING_NS 2

/* One thread of the phase that is read. */
struct worker {
	char workload[128];
	uint64_t worker, last_index, last_end_ns;
};

struct reading {
	const struct mh_result *result;
	const char *name;
	struct mh_history_report *report;
	struct mh_history_rules rules;
	struct mh_history_replay replay;
	struct mh_history_phase *phase; /* that is read; NULL: none yet */
	struct worker *workers;
	size_t worker_count;
	uint64_t number; /* of the line */
	const struct mh_history_line *line;
	bool breaks; /* faults of the run were found to break rules */
	char *text;  /* of a line */
	size_t text_size;
	struct mh_error *reterr;
};

static bool kind_is_hotplug(const char *kind)
{
	const struct mh_workload_kind *found = kind ? mh_workload_kind_find(kind) : NULL;

	return found && found->hotplug;
}

/* Operations that found their block in the wanted state are not in the history. */
static uint64_t already_of(const struct mh_result *result, const char *phase, const struct mh_result_workload *workload)
{
	static const char *const directions[] = {"online", "offline"};
	uint64_t sum = 0;
	bool any = false;

	for (size_t i = 0; i < result->count_count; i++)
		for (size_t d = 0; d < 2; d++) {
			char name[256];

			snprintf(name, sizeof(name), "%s/operations/%s/%s", phase, directions[d],
				 mh_outcome_names[MH_OUTCOME_ALREADY]);
			if (strcmp(result->counts[i].name, name) == 0) {
				sum += result->counts[i].value;
				any = true;
			}
		}
	return any ? sum : workload->already;
}

static uint64_t ran_in(const struct mh_result *result, const struct mh_result_phase *phase, bool *ret_hotplug)
{
	const struct mh_result_workload *last = NULL;
	uint64_t ran = 0, already;

	for (size_t i = 0; i < phase->workload_count; i++) {
		const struct mh_result_workload *workload = &phase->workloads[i];

		if (!kind_is_hotplug(workload->kind))
			continue;
		ran += mh_result_ops_total(&workload->ops);
		last = workload;
	}
	*ret_hotplug = last != NULL;
	already = last ? already_of(result, phase->name, last) : 0;
	return ran > already ? ran - already : 0;
}

static bool is_recorded(const char *role)
{
	return role && (strcmp(role, "measure") == 0 || strcmp(role, "fault") == 0 || strcmp(role, "recover") == 0);
}

static int list_phases(struct reading *reading)
{
	const struct mh_result *result = reading->result;
	struct mh_history_report *report = reading->report;

	report->phases = calloc(result->phase_count + 1, sizeof(report->phases[0]));
	if (!report->phases)
		return mh_error_set(reading->reterr, -ENOMEM, "no memory for the phases of '%s'", reading->name);
	for (size_t i = 0; i < result->phase_count; i++) {
		struct mh_history_phase *phase = &report->phases[report->phase_count];
		bool hotplug;

		phase->ran = ran_in(result, &result->phases[i], &hotplug);
		if (!hotplug || !is_recorded(result->phases[i].role))
			continue;
		snprintf(phase->name, sizeof(phase->name), "%s", result->phases[i].name);
		report->phase_count++;
	}
	return 0;
}

static bool has_fault(const struct mh_result *result, const char *kind)
{
	for (size_t i = 0; i < result->fault_count; i++)
		if (result->faults[i].kind && strcmp(result->faults[i].kind, kind) == 0)
			return true;
	return false;
}

static bool has_workload(const struct mh_result *result, const char *kind)
{
	for (size_t i = 0; i < result->phase_count; i++)
		for (size_t j = 0; j < result->phases[i].workload_count; j++)
			if (result->phases[i].workloads[j].kind &&
			    strcmp(result->phases[i].workloads[j].kind, kind) == 0)
				return true;
	return false;
}

/* A module registered or unregistered a listener in a phase. */
static bool modules_register(const struct mh_result *result)
{
	for (size_t i = 0; i < result->count_count; i++) {
		const char *name = result->counts[i].name;

		if (strstr(name, "register_memory_notifier") && strncmp(name, "init/", 5) != 0 &&
		    strncmp(name, "exit/", 5) != 0)
			return true;
	}
	return false;
}

static bool chain_changes(const struct mh_result *result)
{
	return has_workload(result, "chain-churn") || has_fault(result, "module-unload") ||
	       has_fault(result, "notifier-reenter") || modules_register(result);
}

static void choose_replay(struct reading *reading)
{
	char *why = reading->report->not_replayed;
	const size_t size = sizeof(reading->report->not_replayed);

	if (has_fault(reading->result, "node-flap"))
		snprintf(why, size, "a fault of kind node-flap moves blocks outside of the history");
	else if (has_fault(reading->result, "block-corrupt"))
		snprintf(why, size, "a fault of kind block-corrupt writes to the blocks' states");
	else if (reading->result->status == MH_RUN_ABORTED)
		snprintf(why, size, "the run was aborted, and a thread's last operations may be missing");
}

static void add_finding(struct reading *reading, uint64_t line, const char *invariant, const char *detail)
{
	struct mh_history_report *report = reading->report;
	struct mh_history_finding *finding;

	report->violation_count++;
	if (report->finding_count == MH_HISTORY_FINDINGS_MAX)
		return;
	finding = &report->findings[report->finding_count++];
	*finding = (struct mh_history_finding){.line = line, .invariant = invariant};
	snprintf(finding->detail, sizeof(finding->detail), "%s", detail);
}

/* What a fault of the operation was to break, and was seen to, is no violation. */
static void found_in_line(void *data, const char *invariant, const char *detail)
{
	struct reading *reading = data;

	if (reading->breaks && reading->line->faults)
		reading->report->expected_count++;
	else
		add_finding(reading, reading->number, invariant, detail);
}

static void found_in_replay(void *data, const struct mh_history_change *change)
{
	struct reading *reading = data;
	char detail[256];

	snprintf(detail, sizeof(detail), "phase '%.64s': block %u goes %s, and is so already by the operations before",
		 reading->phase->name, change->block, change->online ? "online" : "offline");
	add_finding(reading, change->line, "I40", detail);
}

static void end_phase(struct reading *reading)
{
	struct mh_history_report *report = reading->report;

	if (!reading->phase || report->not_replayed[0])
		return;
	if (reading->replay.cut)
		snprintf(report->not_replayed, sizeof(report->not_replayed),
			 "phase '%.64s' has more than %u operations to play again", reading->phase->name,
			 MH_HISTORY_REPLAY_MAX);
	else
		reading->phase->replayed = true;
	report->checks += mh_history_replay_check(&reading->replay, found_in_replay, reading);
}

static int not_of_this_run(struct reading *reading, const char *why)
{
	return mh_error_set(reading->reterr, -EINVAL,
			    "'%s': line %llu: %s: the file is not as the run wrote it; run the scenario again",
			    reading->name, (unsigned long long)reading->number, why);
}

/* Phases come in their order, each once. */
static int begin_phase(struct reading *reading, const char *name)
{
	struct mh_history_report *report = reading->report;
	struct mh_history_phase *phase = reading->phase ? reading->phase + 1 : report->phases;

	end_phase(reading);
	while (phase < report->phases + report->phase_count && strcmp(phase->name, name) != 0)
		phase++;
	if (phase == report->phases + report->phase_count)
		return not_of_this_run(reading, "its phase is none of the run's, or over");
	reading->phase = phase;
	reading->worker_count = 0;
	phase->from_ns = UINT64_MAX;
	return 0;
}

static struct worker *find_worker(struct reading *reading, const struct mh_history_line *line)
{
	for (size_t i = reading->worker_count; i-- > 0;)
		if (reading->workers[i].worker == line->worker &&
		    strcmp(reading->workers[i].workload, line->workload) == 0)
			return &reading->workers[i];
	return NULL;
}

/* The first line of a worker: what others did before is not complete where this one's history has lost its beginning.
 */
static int add_worker(struct reading *reading, const struct mh_history_line *line)
{
	struct worker *worker = &reading->workers[reading->worker_count];

	if (reading->worker_count == MH_HISTORY_WORKERS_MAX)
		return not_of_this_run(reading, "the phase has more threads than any");
	if (strlen(line->workload) >= sizeof(worker->workload))
		return not_of_this_run(reading, "its workload has a name that is too long");
	reading->worker_count++;
	*worker = (struct worker){
		.worker = line->worker, .last_index = line->index, .last_end_ns = line->begin_ns + line->service_ns};
	snprintf(worker->workload, sizeof(worker->workload), "%s", line->workload);
	if (line->index > 0 && line->begin_ns > reading->replay.from_ns)
		reading->replay.from_ns = line->begin_ns;
	return 0;
}

static int follow_worker(struct reading *reading, const struct mh_history_line *line)
{
	struct worker *worker = find_worker(reading, line);

	if (!worker)
		return add_worker(reading, line);
	if (line->index <= worker->last_index)
		return not_of_this_run(reading, "its index is not above that of the thread's operation before");
	if (line->begin_ns + ROUNDING_NS < worker->last_end_ns)
		return not_of_this_run(reading, "it began before the thread's operation before had ended");
	worker->last_index = line->index;
	worker->last_end_ns = line->begin_ns + line->service_ns;
	return 0;
}

static void cover(struct reading *reading, const struct mh_history_line *line)
{
	struct mh_history_phase *phase = reading->phase;
	uint64_t end_ns = line->begin_ns + line->service_ns;

	phase->covered++;
	if (line->begin_ns < phase->from_ns)
		phase->from_ns = line->begin_ns;
	if (end_ns > phase->to_ns)
		phase->to_ns = end_ns;
	reading->report->operations++;
	reading->report->calls += line->call_count;
}

static int replay(struct reading *reading, const struct mh_history_line *line)
{
	const struct mh_history_change change = {
		.begin_ns = line->begin_ns,
		.end_ns = line->begin_ns + line->service_ns,
		.line = reading->number,
		.block = (uint32_t)line->block,
		.online = line->online,
	};

	if (line->result != 0 || reading->report->not_replayed[0])
		return 0;
	if (line->block >= MH_BLOCK_NONE)
		return not_of_this_run(reading, "its block is none");
	return mh_history_replay_add(&reading->replay, &change) < 0
		       ? mh_error_set(reading->reterr, -ENOMEM, "no memory to check '%s'", reading->name)
		       : 0;
}

static int check_line(struct reading *reading, const struct mh_history_line *line)
{
	int ret = 0;

	reading->line = line;
	if (!reading->phase || strcmp(reading->phase->name, line->phase) != 0)
		ret = begin_phase(reading, line->phase);
	if (ret == 0)
		ret = follow_worker(reading, line);
	if (ret == 0)
		ret = replay(reading, line);
	if (ret < 0)
		return ret;
	cover(reading, line);
	reading->report->checks += mh_history_rules_check(&reading->rules, line);
	return 0;
}

/* Bytes of the next line without its newline, in reading->text; -ENODATA: there is none, or none whole. */
static int next_text(struct reading *reading, FILE *file, size_t *ret_length)
{
	size_t length = 0;
	int c;

	while ((c = getc_unlocked(file)) != EOF && c != '\n') {
		if (length == MH_HISTORY_LINE_MAX)
			return not_of_this_run(reading, "it is longer than any operation");
		if (length == reading->text_size) {
			size_t size = length ? 2 * length : 4096;
			char *text = realloc(reading->text, size);

			if (!text)
				return mh_error_set(reading->reterr, -ENOMEM, "no memory to read '%s'", reading->name);
			reading->text = text;
			reading->text_size = size;
		}
		reading->text[length++] = (char)c;
	}
	*ret_length = length;
	if (ferror(file))
		return mh_error_set(reading->reterr, -EIO, "cannot read '%s'", reading->name);
	reading->report->cut = c == EOF && length > 0;
	return c == EOF ? -ENODATA : 0;
}

static int read_lines(struct reading *reading, FILE *file)
{
	struct mh_history_line line = {.root = NULL};
	char name[512];
	size_t length;
	int ret;

	for (;;) {
		reading->number++;
		ret = next_text(reading, file, &length);
		if (ret < 0)
			break;
		snprintf(name, sizeof(name), "%.400s:%llu", reading->name, (unsigned long long)reading->number);
		ret = mh_history_line_parse(reading->text, length, name, &line, reading->reterr);
		if (ret == 0)
			ret = check_line(reading, &line);
		mh_history_line_reset(&line);
		if (ret < 0)
			break;
	}
	mh_history_line_release(&line);
	return ret == -ENODATA ? 0 : ret;
}

/* A run that was not killed has ended its last line. */
static int judge_end(struct reading *reading)
{
	if (!reading->report->cut || reading->result->status == MH_RUN_ABORTED)
		return 0;
	return not_of_this_run(reading, "the last line is not whole");
}

int mh_history_check(FILE *file, const char *name, const struct mh_result *result, struct mh_history_report *ret_report,
		     struct mh_error *reterr)
{
	struct mh_history_report report = {.operations = 0};
	struct reading reading = {
		.result = result,
		.name = name,
		.report = &report,
		.breaks = result->verify.expected_count > 0,
		.reterr = reterr,
	};
	int ret;

	reading.rules = (struct mh_history_rules){
		.chain_changes = chain_changes(result), .found = found_in_line, .data = &reading};
	choose_replay(&reading);
	reading.workers = calloc(MH_HISTORY_WORKERS_MAX, sizeof(reading.workers[0]));
	ret = reading.workers ? list_phases(&reading) : mh_error_set(reterr, -ENOMEM, "no memory to check '%s'", name);
	if (ret == 0)
		ret = read_lines(&reading, file);
	if (ret == 0)
		ret = judge_end(&reading);
	if (ret == 0)
		end_phase(&reading);
	free(reading.workers);
	free(reading.text);
	mh_history_replay_release(&reading.replay);
	if (ret < 0)
		mh_history_report_release(&report);
	else
		*ret_report = report;
	return ret;
}

void mh_history_report_release(struct mh_history_report *report)
{
	free(report->phases);
	*report = (struct mh_history_report){.operations = 0};
}
