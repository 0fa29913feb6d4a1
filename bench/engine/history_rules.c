/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk is a run of calls with one event. The places of the walks in an operation rise; which of them there may be
 * says its result (semantics.md 2 and 3).
 */
#include "bench/engine/history_rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <memhp/kernel.h>

#define WALKS_MAX   16 /* twice what any operation has */
#define DETAIL_SIZE 320

struct walk {
	enum mh_event event;
	size_t first, count; /* calls of the line */
};

struct checking {
	const struct mh_history_rules *rules;
	const struct mh_history_line *line;
	struct walk walks[WALKS_MAX];
	size_t walk_count;
	uint64_t checks;
};

/* By direction, 1: online: when an event comes, from 1; 0: never. */
static const unsigned char places[2][MH_EVENT_COUNT] = {
	[0] = {[MH_NODE_REMOVING_LAST_MEMORY] = 2,
	       [MH_GOING_OFFLINE] = 3,
	       [MH_NODE_REMOVED_LAST_MEMORY] = 4,
	       [MH_OFFLINE] = 5,
	       [MH_CANCEL_OFFLINE] = 6,
	       [MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = 7,
	       [MH_FINISH_OFFLINE] = 8},
	[1] = {[MH_PREPARE_ONLINE] = 1,
	       [MH_NODE_ADDING_FIRST_MEMORY] = 2,
	       [MH_GOING_ONLINE] = 3,
	       [MH_NODE_ADDED_FIRST_MEMORY] = 4,
	       [MH_ONLINE] = 5,
	       [MH_CANCEL_ONLINE] = 6,
	       [MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = 7,
	       [MH_FINISH_OFFLINE] = 8},
};

static void found(const struct checking *checking, const char *invariant, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void found(const struct checking *checking, const char *invariant, const char *format, ...)
{
	char detail[DETAIL_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(detail, sizeof(detail), format, arguments);
	va_end(arguments);
	checking->rules->found(checking->rules->data, invariant, detail);
}

static const char *name_of(const struct walk *walk)
{
	return mh_event_kernel_names[walk->event];
}

static const struct mh_history_line_call *call_of(const struct checking *checking, const struct walk *walk,
						  size_t index)
{
	return &checking->line->calls[walk->first + index];
}

static int answer_of(const struct checking *checking, const struct walk *walk)
{
	return call_of(checking, walk, walk->count - 1)->value;
}

static bool is_cut(const struct checking *checking, const struct walk *walk)
{
	return answer_of(checking, walk) & NOTIFY_STOP_MASK;
}

/* NULL: nobody heard it. */
static const struct walk *find_walk(const struct checking *checking, enum mh_event event)
{
	for (size_t i = 0; i < checking->walk_count; i++)
		if (checking->walks[i].event == event)
			return &checking->walks[i];
	return NULL;
}

/* False: there are more than any operation has. */
static bool split(struct checking *checking)
{
	const struct mh_history_line *line = checking->line;

	for (size_t i = 0; i < line->call_count; i++) {
		struct walk *last = checking->walk_count ? &checking->walks[checking->walk_count - 1] : NULL;

		if (last && last->event == line->calls[i].event) {
			last->count++;
			continue;
		}
		if (checking->walk_count == WALKS_MAX) {
			found(checking, "I05", "it has more than %d events", WALKS_MAX);
			return false;
		}
		checking->walks[checking->walk_count++] =
			(struct walk){.event = line->calls[i].event, .first = i, .count = 1};
	}
	return true;
}

/* I05, I06: each event at its place. */
static void check_places(struct checking *checking)
{
	unsigned last = 0;

	for (size_t i = 0; i < checking->walk_count; i++) {
		const struct walk *walk = &checking->walks[i];
		unsigned place = places[checking->line->online][walk->event];

		checking->checks++;
		if (!place)
			found(checking, "I06", "%s in an operation that takes a block %s", name_of(walk),
			      checking->line->online ? "online" : "offline");
		else if (place <= last)
			found(checking, "I05", "%s comes after %s", name_of(walk), name_of(walk - 1));
		last = place;
	}
}

/* Two calls of one walk that follow each other: I01, I02, I03. */
static void check_pair(struct checking *checking, const struct walk *walk, size_t index)
{
	const struct mh_history_line_call *before = call_of(checking, walk, index - 1);
	const struct mh_history_line_call *call = call_of(checking, walk, index);

	checking->checks++;
	if (before->value & NOTIFY_STOP_MASK)
		found(checking, "I03", "%s: '%.64s' was called after '%.64s' answered %#x, which stops", name_of(walk),
		      call->listener, before->listener, (unsigned)before->value);
	else if (strcmp(before->listener, call->listener) == 0 && !checking->rules->chain_changes)
		found(checking, "I02", "%s: '%.64s' was called twice", name_of(walk), call->listener);
	else if (before->has_priority && call->has_priority && before->priority < call->priority)
		found(checking, "I01", "%s: '%.64s' (priority %lld) was called after '%.64s' (priority %lld)",
		      name_of(walk), call->listener, (long long)call->priority, before->listener,
		      (long long)before->priority);
}

/* DONE, OK, STOP, BAD, or made by notifier_from_errno() of -1 to -4095. */
static bool is_well_formed(int value)
{
	return value == NOTIFY_DONE || value == NOTIFY_OK ||
	       (value >= NOTIFY_STOP && value <= (NOTIFY_STOP_MASK | (NOTIFY_OK + 4095)));
}

static void check_answer(struct checking *checking, const struct walk *walk, size_t index)
{
	const struct mh_history_line_call *call = call_of(checking, walk, index);

	checking->checks++;
	/* A fault may answer what no listener may. */
	if (!checking->line->faults && !is_well_formed(call->value))
		found(checking, "return-encoding", "%s: '%.64s' answered a raw %d", name_of(walk), call->listener,
		      call->value);
}

static void check_walks(struct checking *checking)
{
	for (size_t i = 0; i < checking->walk_count; i++)
		for (size_t index = 0; index < checking->walks[i].count; index++) {
			if (index)
				check_pair(checking, &checking->walks[i], index);
			check_answer(checking, &checking->walks[i], index);
		}
}

/*
 * I07, I27: a final event goes over the chain that heard GOING, from its top: where nobody came or went, those who
 * heard GOING hear it first and in the same order, all of them unless an answer cuts it; and nobody else, unless GOING
 * was cut above him.
 */
static void check_heard(struct checking *checking, const struct walk *going, const struct walk *final)
{
	size_t both = going->count < final->count ? going->count : final->count;

	for (size_t i = 0; i < both; i++) {
		const char *heard = call_of(checking, going, i)->listener,
			   *told = call_of(checking, final, i)->listener;

		checking->checks++;
		if (strcmp(heard, told) == 0)
			continue;
		found(checking, "I07", "call %zu of %s was '%.64s', of %s '%.64s'", i + 1, name_of(going), heard,
		      name_of(final), told);
		return;
	}
	if (final->count < going->count && !is_cut(checking, final))
		found(checking, "I07", "'%.64s' heard %s and not %s", call_of(checking, going, both)->listener,
		      name_of(going), name_of(final));
	if (final->count > going->count && !is_cut(checking, going))
		found(checking, "I27", "'%.64s' heard %s and not %s", call_of(checking, final, both)->listener,
		      name_of(final), name_of(going));
}

/* Its GOING event, the final one of success, and that of failure; of one chain. */
struct sequence {
	enum mh_event going, done, cancel;
};

/* [0] of the memory chain, [1] of the chain of nodes. */
static const struct sequence sequences[2][2] = {
	[0] = {{MH_GOING_OFFLINE, MH_OFFLINE, MH_CANCEL_OFFLINE},
	       {MH_NODE_REMOVING_LAST_MEMORY, MH_NODE_REMOVED_LAST_MEMORY, MH_NODE_CANCEL_REMOVING_LAST_MEMORY}},
	[1] = {{MH_GOING_ONLINE, MH_ONLINE, MH_CANCEL_ONLINE},
	       {MH_NODE_ADDING_FIRST_MEMORY, MH_NODE_ADDED_FIRST_MEMORY, MH_NODE_CANCEL_ADDING_FIRST_MEMORY}},
};

/* I05, I06: GOING and just the final event that the result asks for. */
static void check_final(struct checking *checking, const struct sequence *sequence)
{
	const bool failed = checking->line->result != 0;
	const struct walk *going = find_walk(checking, sequence->going);
	const struct walk *final = find_walk(checking, failed ? sequence->cancel : sequence->done);
	const struct walk *wrong = find_walk(checking, failed ? sequence->done : sequence->cancel);
	/* The chain of nodes refused before the memory chain was asked; CANCEL goes to both (Linux 7.3). */
	const bool unasked = checking->line->outcome == MH_OUTCOME_NODE_VETOED && !mh_event_is_node(sequence->going);

	checking->checks += 3;
	if (wrong)
		found(checking, "I05", "%s although the operation %s", name_of(wrong), failed ? "failed" : "succeeded");
	if (checking->rules->chain_changes)
		return;
	if (going && !final)
		found(checking, "I05", "%s is followed by no %s", name_of(going),
		      mh_event_kernel_names[failed ? sequence->cancel : sequence->done]);
	if (final && !going && !unasked)
		found(checking, "I06", "%s comes without %s", name_of(final), mh_event_kernel_names[sequence->going]);
	if (going && final)
		check_heard(checking, going, final);
}

/* I10, I11: the chain of nodes hears of a node's first and last memory only. */
static void check_node(struct checking *checking)
{
	const struct mh_history_line *line = checking->line;

	for (size_t i = 0; line->has_first_memory && !line->first_memory && i < checking->walk_count; i++) {
		checking->checks++;
		if (mh_event_is_node(checking->walks[i].event))
			found(checking, line->online ? "I10" : "I11", "%s although the node %s other memory",
			      name_of(&checking->walks[i]), line->online ? "had" : "has");
	}
}

/* The first refusal, as an errno; 0: nobody refused. */
static int refusal_of(const struct checking *checking)
{
	int refusal = 0;

	for (size_t i = 0; !refusal && i < checking->walk_count; i++)
		if (mh_event_can_veto(checking->walks[i].event))
			refusal = notifier_to_errno(answer_of(checking, &checking->walks[i]));
	return refusal;
}

static bool outcome_is_refusal(enum mh_outcome outcome)
{
	return outcome == MH_OUTCOME_VETOED || outcome == MH_OUTCOME_NODE_VETOED;
}

/* The operation ends before anybody is asked. */
static bool outcome_is_silent(enum mh_outcome outcome)
{
	return outcome == MH_OUTCOME_ALREADY || outcome == MH_OUTCOME_ISOLATE || outcome == MH_OUTCOME_ABSENT ||
	       outcome == MH_OUTCOME_HOLES || outcome == MH_OUTCOME_ZONES || outcome == MH_OUTCOME_POISON;
}

/* I32, and that the word for the outcome is the right one. */
static void check_result(struct checking *checking)
{
	const struct mh_history_line *line = checking->line;
	const int refusal = refusal_of(checking);
	const char *outcome = mh_outcome_names[line->outcome];

	checking->checks += 4;
	if ((line->outcome == MH_OUTCOME_DONE) != (line->result == 0))
		found(checking, "I32", "the operation returns %lld and its outcome is '%s'", (long long)line->result,
		      outcome);
	else if (refusal && line->result != refusal)
		found(checking, "I32", "the operation returns %lld, a listener refused with %d",
		      (long long)line->result, refusal);
	else if (!refusal && outcome_is_refusal(line->outcome))
		found(checking, "I32", "its outcome is '%s', and nobody refused", outcome);
	else if (line->outcome == MH_OUTCOME_SIGNAL && line->result != -EINTR)
		found(checking, "I32", "the operation returns %lld, a signal %d", (long long)line->result, -EINTR);
	if (outcome_is_silent(line->outcome) && line->call_count)
		found(checking, "I05", "its outcome is '%s', which nobody hears of, and %s was sent", outcome,
		      name_of(&checking->walks[0]));
}

uint64_t mh_history_rules_check(const struct mh_history_rules *rules, const struct mh_history_line *line)
{
	struct checking checking = {.rules = rules, .line = line};

	if (!split(&checking))
		return 1;
	check_places(&checking);
	check_walks(&checking);
	for (int chain = 0; chain < 2; chain++)
		check_final(&checking, &sequences[line->online][chain]);
	check_node(&checking);
	check_result(&checking);
	return checking.checks;
}
