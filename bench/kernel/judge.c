/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sequences are those of every recorded operation of Linux 6.1, 6.12 and 7.3. A refusal before the first event,
 * such as pages that cannot be isolated, has none in all of them.
 */
#include "bench/kernel/judge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <memhp/kernel.h>

#define SEQUENCE_MAX 5

struct sequence {
	enum mh_compat compat;
	bool online, done; /* done: the write succeeded */
	enum mh_event events[SEQUENCE_MAX];
	unsigned count;
};

#define GO   MH_GOING_ONLINE
#define CO   MH_CANCEL_ONLINE
#define ON   MH_ONLINE
#define GF   MH_GOING_OFFLINE
#define CF   MH_CANCEL_OFFLINE
#define OF   MH_OFFLINE
#define PO   MH_PREPARE_ONLINE
#define FO   MH_FINISH_OFFLINE
#define ADD  MH_NODE_ADDING_FIRST_MEMORY
#define ADDD MH_NODE_ADDED_FIRST_MEMORY
#define ADDC MH_NODE_CANCEL_ADDING_FIRST_MEMORY
#define REM  MH_NODE_REMOVING_LAST_MEMORY
#define REMD MH_NODE_REMOVED_LAST_MEMORY
#define REMC MH_NODE_CANCEL_REMOVING_LAST_MEMORY

/* clang-format off */
static const struct sequence sequences[] = {
	{MH_COMPAT_V6_1, true, true, {GO, ON}, 2},
	{MH_COMPAT_V6_1, true, false, {GO, CO}, 2},
	{MH_COMPAT_V6_1, false, true, {GF, OF}, 2},
	{MH_COMPAT_V6_1, false, false, {GF, CF}, 2},
	{MH_COMPAT_V6_12, true, true, {PO, GO, ON}, 3},
	{MH_COMPAT_V6_12, true, false, {PO}, 1},
	{MH_COMPAT_V6_12, true, false, {PO, GO, CO, FO}, 4},
	{MH_COMPAT_V6_12, false, true, {GF, OF, FO}, 3},
	{MH_COMPAT_V6_12, false, false, {GF, CF}, 2},
	{MH_COMPAT_V7_3, true, true, {GO, ON}, 2},
	{MH_COMPAT_V7_3, true, true, {ADD, GO, ADDD, ON}, 4},
	{MH_COMPAT_V7_3, true, false, {GO, CO}, 2},
	{MH_COMPAT_V7_3, true, false, {ADD, CO, ADDC}, 3},
	{MH_COMPAT_V7_3, true, false, {ADD, GO, CO, ADDC}, 4},
	{MH_COMPAT_V7_3, false, true, {GF, OF}, 2},
	{MH_COMPAT_V7_3, false, true, {REM, GF, REMD, OF}, 4},
	{MH_COMPAT_V7_3, false, false, {GF, CF}, 2},
	{MH_COMPAT_V7_3, false, false, {REM, CF, REMC}, 3},
	{MH_COMPAT_V7_3, false, false, {REM, GF, CF, REMC}, 4},
};
/* clang-format on */

/* What is being judged, and what came of it so far. */
struct judging {
	const struct mh_kernel_operation *operation;
	mh_kernel_finding_fn found;
	void *data;
	unsigned checked, unchecked, broken;
};

static const char *verb(const struct mh_kernel_operation *operation)
{
	return operation->online ? "online" : "offline";
}

/* A rule that was held against the operation: broken, with its sentence, unless @holds. */
static void __attribute__((format(printf, 4, 5)))
hold(struct judging *judging, bool holds, const char *invariant, const char *format, ...)
{
	char detail[512];
	va_list arguments;
	int length;

	judging->checked++;
	if (holds)
		return;
	judging->broken++;
	length = snprintf(detail, sizeof(detail), "%s of block %u (errno %d): ", verb(judging->operation),
			  judging->operation->block->index, -judging->operation->write.error);
	va_start(arguments, format);
	(void)vsnprintf(detail + length, sizeof(detail) - (size_t)length, format, arguments);
	va_end(arguments);
	judging->found(judging->data, invariant, detail);
}

/* Whose sequences a kernel keeps to: of which events there are, however it numbers them. */
static enum mh_compat order_of(const struct mh_protocol *protocol)
{
	if (protocol->node_chain)
		return MH_COMPAT_V7_3;
	return protocol->prepares ? MH_COMPAT_V6_12 : MH_COMPAT_V6_1;
}

static bool is_sequence(const struct sequence *sequence, const struct mh_kernel_operation *operation)
{
	if (order_of(operation->protocol) != sequence->compat || operation->online != sequence->online ||
	    (operation->write.error == 0) != sequence->done || operation->walk_count != sequence->count)
		return false;
	for (unsigned i = 0; i < sequence->count; i++)
		if (operation->walks[i].event != sequence->events[i])
			return false;
	return true;
}

static bool keeps_order(const struct mh_kernel_operation *operation)
{
	if (operation->write.error && !operation->walk_count)
		return true;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (is_sequence(&sequences[i], operation))
			return true;
	return false;
}

static void judge_order(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;
	struct mh_text walks = MH_TEXT_INIT;

	mh_kernel_walks_show(operation->walks, operation->walk_count, &walks);
	hold(judging, keeps_order(operation), "I05", "its walks were %s, which is no order of Linux %s", walks.data,
	     operation->protocol->name);
	mh_text_release(&walks);
	for (unsigned i = 0; i < operation->walk_count; i++)
		hold(judging, operation->walks[i].returned, "I05", "the walk of %s has no end in the trace",
		     mh_event_kernel_names[operation->walks[i].event]);
}

static bool same_argument(const struct mh_kernel_walk *a, const struct mh_kernel_walk *b)
{
	if (a->start_pfn != b->start_pfn || a->nr_pages != b->nr_pages)
		return false;
	/* One of the two does not tell its nids. */
	if (a->nid == INT32_MIN || b->nid == INT32_MIN)
		return true;
	return a->nid == b->nid && a->nid_normal == b->nid_normal;
}

/* The first walk of the memory chain. */
static const struct mh_kernel_walk *first_of_memory(const struct mh_kernel_operation *operation)
{
	for (unsigned i = 0; i < operation->walk_count; i++)
		if (!mh_event_is_node(operation->walks[i].event))
			return &operation->walks[i];
	return NULL;
}

/* A block that keeps its own description in its first pages tells its listeners of the rest only. */
static void judge_range(struct judging *judging, const struct mh_kernel_walk *walk)
{
	const struct mh_kernel_operation *operation = judging->operation;
	const uint64_t begin = operation->block->index * operation->block_pages, end = begin + operation->block_pages;

	hold(judging, walk->start_pfn >= begin && walk->start_pfn < end && walk->start_pfn + walk->nr_pages == end,
	     "I09", "%s told of pages %" PRIu64 " to %" PRIu64 ", the block has %" PRIu64 " to %" PRIu64,
	     mh_event_kernel_names[walk->event], walk->start_pfn, walk->start_pfn + walk->nr_pages, begin, end);
}

static void judge_argument(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;
	const struct mh_kernel_walk *first = first_of_memory(operation);

	if (!first)
		return;
	judge_range(judging, first);
	for (unsigned i = 0; i < operation->walk_count; i++) {
		const struct mh_kernel_walk *walk = &operation->walks[i];

		if (mh_event_is_node(walk->event))
			hold(judging, operation->block->node < 0 || walk->nid == operation->block->node, "I09",
			     "%s told of node %d, the block is of node %d", mh_event_kernel_names[walk->event],
			     walk->nid, operation->block->node);
		else
			hold(judging, same_argument(first, walk), "I09", "%s had another argument than %s",
			     mh_event_kernel_names[walk->event], mh_event_kernel_names[first->event]);
	}
}

/* The walk that was answered by a refusal, if one was. */
static const struct mh_kernel_walk *refusal_of(const struct mh_kernel_operation *operation)
{
	for (unsigned i = 0; i < operation->walk_count; i++)
		if (mh_event_can_veto(operation->walks[i].event) && notifier_to_errno(operation->walks[i].value) < 0)
			return &operation->walks[i];
	return NULL;
}

bool mh_kernel_was_heard(const struct mh_kernel_walk *walks, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (walks[i].event == MH_GOING_ONLINE || walks[i].event == MH_GOING_OFFLINE)
			return true;
	return false;
}

/* An offline that was not refused may still end by a signal, a page that stays in use, or a huge page. */
static bool may_fail_unrefused(const struct mh_kernel_operation *operation)
{
	const int error = -operation->write.error;

	return !operation->online && (error == EINTR || error == EBUSY || error == ENOMEM);
}

static void judge_errno(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;
	const struct mh_kernel_walk *refusal = refusal_of(operation);

	if (refusal)
		hold(judging, operation->write.error == notifier_to_errno(refusal->value), "I32",
		     "%s was refused with errno %d", mh_event_kernel_names[refusal->event],
		     -notifier_to_errno(refusal->value));
	else if (operation->write.error && operation->walk_count)
		hold(judging, may_fail_unrefused(operation), "I32", "no listener refused it");
}

/* Armed and heard, the injector answers, unless a listener before it cut the walk. */
static void judge_injector(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;

	for (unsigned i = 0; operation->armed && i < operation->walk_count; i++) {
		const struct mh_kernel_walk *walk = &operation->walks[i];

		if (walk->event == MH_GOING_ONLINE || walk->event == MH_GOING_OFFLINE)
			hold(judging, walk->value & NOTIFY_STOP_MASK, "I32",
			     "the injector was armed with errno %d, but %s went by without it", operation->armed,
			     mh_event_kernel_names[walk->event]);
	}
}

static bool tells_node(const struct mh_kernel_operation *operation)
{
	const struct mh_kernel_walk *first = first_of_memory(operation);

	if (operation->protocol->node_chain)
		return operation->walk_count && mh_event_is_node(operation->walks[0].event);
	for (unsigned i = 0; i < operation->walk_count; i++)
		if (operation->walks[i].nid != INT32_MIN)
			return operation->walks[i].nid >= 0;
	return first && first->nid >= 0;
}

/* What a success changes: the first memory of a node, or the last. */
static void judge_masks(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;
	const bool before = operation->masks_before.memory, after = operation->masks_after.memory;
	const bool told = tells_node(operation);

	if (operation->write.error) {
		hold(judging, before == after && operation->masks_before.normal == operation->masks_after.normal, "I12",
		     "it failed, but has_memory or has_normal_memory of node %d changed", operation->block->node);
		return;
	}
	hold(judging, after == (operation->online || (before && !told)), operation->online ? "I10" : "I11",
	     "node %d is %sin has_memory after it", operation->block->node, after ? "" : "not ");
	if (operation->online)
		hold(judging, told == !before, "I10", "listeners were %stold of first memory, node %d had %s",
		     told ? "" : "not ", operation->block->node, before ? "some" : "none");
}

static void judge_state(struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;
	const enum mh_block_state wanted = operation->write.error ? operation->before
					   : operation->online    ? MH_BLOCK_ONLINE
								  : MH_BLOCK_OFFLINE;

	hold(judging, operation->write.after == wanted, operation->write.error ? "I24" : "I40",
	     "its state is %s after it, not %s", mh_block_state_names[operation->write.after],
	     mh_block_state_names[wanted]);
}

static void judge_walks(struct judging *judging)
{
	judge_order(judging);
	judge_argument(judging);
	judge_errno(judging);
	judge_injector(judging);
}

static enum mh_kernel_outcome outcome_of(const struct judging *judging)
{
	const struct mh_kernel_operation *operation = judging->operation;

	if (judging->broken)
		return MH_KERNEL_UNEXPECTED;
	if (!operation->write.error)
		return MH_KERNEL_DONE;
	if (!operation->armed || operation->write.error != -operation->armed)
		return MH_KERNEL_FAILED;
	return !operation->walks_known || refusal_of(operation) ? MH_KERNEL_INJECTED : MH_KERNEL_FAILED;
}

struct mh_kernel_judgement mh_kernel_judge(const struct mh_kernel_operation *operation, mh_kernel_finding_fn found,
					   void *data)
{
	struct judging judging = {.operation = operation, .found = found, .data = data};

	if (operation->write.after_known)
		judge_state(&judging);
	else
		judging.unchecked++;
	if (operation->walks_known)
		judge_walks(&judging);
	else
		judging.unchecked++;
	if (operation->walks_known && operation->alone && operation->masks_before.known && operation->masks_after.known)
		judge_masks(&judging);
	else
		judging.unchecked++;
	return (struct mh_kernel_judgement){outcome_of(&judging), judging.checked, judging.unchecked};
}
