/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what was seen to the rules. Whatever is told names the listener's own doing: what its neighbours answered is not
 * judged.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/engine/contract_try.h"
#include "core/kapi_lock.h"
#include "core/module_data.h"
#include "core/operation_check.h"

#define EVENTS_ONLINE  (1u << MH_GOING_ONLINE | 1u << MH_PREPARE_ONLINE | 1u << MH_NODE_ADDING_FIRST_MEMORY)
#define EVENTS_OFFLINE (1u << MH_GOING_OFFLINE | 1u << MH_NODE_REMOVING_LAST_MEMORY)
/* Events that ask, and the others. */
#define EVENTS_ASKING (EVENTS_ONLINE | EVENTS_OFFLINE)
#define EVENTS_FINAL  (((1u << MH_EVENT_COUNT) - 1) & ~EVENTS_ASKING)

void mh_contract_exercise(struct mh_contract_try *try, enum mh_contract_rule rule)
{
	if (!try->learning)
		try->result->findings[rule].exercised++;
}

void mh_contract_break(struct mh_contract_try *try, enum mh_contract_rule rule, bool events, const char *format, ...)
{
	struct mh_contract_finding *finding = &try->result->findings[rule];
	/* What breaks while it is learnt from breaks in the first case, too; but if it cannot be unloaded none comes.
	 */
	const struct mh_contract_case first = {.listener = try->of.listener};
	va_list arguments;

	if (try->learning && rule != MH_CONTRACT_REGISTRATION)
		return;
	finding->exercised++;
	if (finding->broken++)
		return;
	va_start(arguments, format);
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
	va_end(arguments);
	mh_contract_case_name(try->plan, try->learning ? &first : &try->of, finding->case_name,
			      sizeof(finding->case_name));
	if (!events)
		return;
	mh_check_tell_events(try->world.machine, &try->world.operation, finding->events, sizeof(finding->events));
	/* The line feed in front is for text that it follows. */
	memmove(finding->events, finding->events + 1, strlen(finding->events));
}

/* Whether a listener is one of ours, who stand around the module's. */
static bool is_neighbour(const struct mh_contract_try *try, const struct mh_listener *listener)
{
	const char *nb = (const char *)listener->nb, *world = (const char *)&try->world;

	return nb >= world && nb < world + sizeof(try->world);
}

uintptr_t mh_contract_callback(const struct mh_listener *listener)
{
	uintptr_t call = (uintptr_t)listener->nb->notifier_call;
	Dl_info info;

	return dladdr((void *)call, &info) ? call - (uintptr_t)info.dli_fbase : 0;
}

/* By name, or, of a block that is allocated at each load and gets a new name with a new address, by its callback. */
static bool is_wanted(const struct mh_contract_try *try, const struct mh_listener *listener)
{
	const struct mh_contract_listener *wanted = &try->plan->listeners[try->of.listener];

	if (strcmp(listener->name, wanted->name) == 0)
		return true;
	return atomic_load(&listener->sequence) && !is_neighbour(try, listener) &&
	       mh_contract_callback(listener) == wanted->callback;
}

static void judge_encoding(struct mh_contract_try *try, const struct mh_listener *listener, const char *event,
			   int value)
{
	int error = notifier_to_errno(value);

	if (error)
		mh_contract_break(
			try, MH_CONTRACT_RETURN, true,
			"'%s' answered %s with %d (%#x), which Linux decodes to %d: say notifier_from_errno()",
			listener->name, event, value, (unsigned)value, error);
	else
		mh_contract_break(
			try, MH_CONTRACT_RETURN, true,
			"'%s' answered %s with a raw %d, which Linux takes for success%s: say "
			"notifier_from_errno(%d)",
			listener->name, event, value,
			value & NOTIFY_STOP_MASK ? ", and which hides the event from the listeners below" : "", value);
}

static void judge_answer(struct mh_contract_try *try, const struct mh_listener *listener, enum mh_event event,
			 int value)
{
	const char *name = mh_event_kernel_names[event];

	mh_contract_exercise(try, MH_CONTRACT_RETURN);
	mh_contract_exercise(try, MH_CONTRACT_STOP);
	mh_contract_exercise(try, MH_CONTRACT_ARGUMENT);
	mh_contract_exercise(try, MH_CONTRACT_WARNING);
	mh_contract_exercise(try, MH_CONTRACT_RETURNS);
	if (!mh_event_can_veto(event))
		mh_contract_exercise(try, MH_CONTRACT_REFUSAL);
	if (!mh_answer_is_well_formed(value))
		judge_encoding(try, listener, name, value);
	else if (notifier_to_errno(value) && !mh_event_can_veto(event))
		mh_contract_break(
			try, MH_CONTRACT_REFUSAL, true,
			"'%s' refused %s (errno %d), where nothing can be refused any more: the kernel ignores "
			"it, and the listeners below do not hear the event",
			listener->name, name, notifier_to_errno(value));
	else if (value & NOTIFY_STOP_MASK && !notifier_to_errno(value))
		mh_contract_break(try, MH_CONTRACT_STOP, true,
				  "'%s' answered %s with NOTIFY_STOP: the listeners below do not hear of it",
				  listener->name, name);
}

static void judge_answers(struct mh_contract_try *try)
{
	const struct mh_trace *trace = &try->world.trace;

	try->heard = 0;
	for (uint32_t i = 0; i < trace->count; i++) {
		const struct mh_stamp *stamp = &trace->stamps[i];
		const struct mh_listener *listener;

		if (stamp->kind != MH_STAMP_CALLED)
			continue;
		listener = mh_machine_listener(try->world.machine, (enum mh_event)stamp->event, stamp->listener);
		if (is_wanted(try, listener))
			try->heard |= 1u << stamp->event;
		if (!is_neighbour(try, listener))
			judge_answer(try, listener, (enum mh_event)stamp->event, stamp->value);
	}
}

static void judge_reports(struct mh_contract_try *try, bool events)
{
	mh_mutex_lock(&try->misdeed_lock);
	for (unsigned i = 0; i < try->misdeed_count; i++) {
		/* Who is kept from a final event goes on with what it took: no listener can know better. */
		if (try->starved && try->misdeeds[i].rule == MH_CONTRACT_LOCK)
			continue;
		mh_contract_break(try, try->misdeeds[i].rule, events, "%s", try->misdeeds[i].text);
	}
	try->misdeed_count = 0;
	mh_mutex_unlock(&try->misdeed_lock);
}

void mh_contract_judge_reports(struct mh_contract_try *try)
{
	judge_reports(try, false);
}

/* What the machine found wrong in the operation; what follows from a changed argument is not told beside it. */
static void judge_violations(struct mh_contract_try *try)
{
	struct mh_check *check = mh_machine_check(try->world.machine);
	bool argument = false;

	for (unsigned i = 0; i < check->kept; i++)
		argument |= mh_contract_rule_of(check->violations[i].invariant) == MH_CONTRACT_ARGUMENT;
	for (unsigned i = 0; i < check->kept; i++) {
		const struct mh_violation *violation = &check->violations[i];
		enum mh_contract_rule rule = mh_contract_rule_of(violation->invariant);
		size_t length = strcspn(violation->detail, "\n");

		/* Answers are judged by whose they are. */
		if (strcmp(violation->invariant, "return-encoding") == 0 || (argument && rule == MH_CONTRACT_PROTOCOL))
			continue;
		mh_contract_break(try, rule, true, "%s: %.*s", violation->invariant, (int)length, violation->detail);
	}
	check->kept = 0;
	atomic_store_explicit(&check->violation_count, 0, memory_order_relaxed);
	mh_contract_exercise(try, MH_CONTRACT_PROTOCOL);
}

struct held_lock {
	char text[MH_KAPI_HELD_TEXT]; /* of the first */
	unsigned count;
};

static void note_lock(void *data, const struct mh_kapi_held *held, const struct mh_kapi_holder *holder)
{
	struct held_lock *found = data;

	/* What a thread of the module's own is about is its own: it is in the midst of it. */
	if (!holder->is_caller)
		return;
	if (found->count++ == 0)
		mh_kapi_held_text(held, found->text, sizeof(found->text));
}

/* The operation is over: whatever is still held was forgotten. It is let go, so that the next operation can begin. */
static void judge_locks(struct mh_contract_try *try)
{
	struct held_lock found = {.count = 0};

	mh_kapi_locks_held(note_lock, &found);
	if (!found.count)
		return;
	if (!try->starved)
		mh_contract_break(try, MH_CONTRACT_LOCK, true, "the operation is over with %s", found.text);
	mh_kapi_locks_drop();
}

/* What an operation that told of the first tells of one of the others, too; what is prepared in 6.12 is finished when
 * the block goes offline again. */
static const struct {
	enum mh_event first;
	unsigned others;
} sequels[] = {
	{MH_GOING_ONLINE, 1u << MH_ONLINE | 1u << MH_CANCEL_ONLINE},
	{MH_GOING_OFFLINE, 1u << MH_OFFLINE | 1u << MH_CANCEL_OFFLINE},
	{MH_PREPARE_ONLINE, 1u << MH_ONLINE | 1u << MH_FINISH_OFFLINE},
	{MH_NODE_ADDING_FIRST_MEMORY, 1u << MH_NODE_ADDED_FIRST_MEMORY | 1u << MH_NODE_CANCEL_ADDING_FIRST_MEMORY},
	{MH_NODE_REMOVING_LAST_MEMORY, 1u << MH_NODE_REMOVED_LAST_MEMORY | 1u << MH_NODE_CANCEL_REMOVING_LAST_MEMORY},
};

static void note_starving(struct mh_contract_try *try)
{
	if (try->of.registration != MH_REGISTRATION_STAYS)
		return;
	for (unsigned i = 0; i < sizeof(sequels) / sizeof(sequels[0]); i++)
		if (try->heard >> sequels[i].first & 1 && !(try->heard & sequels[i].others))
			try->starved = true;
	if (try->plan->protocol->prepares && try->heard >> MH_OFFLINE & 1 && !(try->heard >> MH_FINISH_OFFLINE & 1))
		try->starved = true;
}

/* Whether there was anything to go wrong with locks and sleeping. */
static void exercise_locks(struct mh_contract_try *try)
{
	uint64_t locks, atomic;

	mh_kapi_locks_taken(&locks, &atomic);
	if (locks > try->locks_taken)
		mh_contract_exercise(try, MH_CONTRACT_LOCK);
	if (atomic > try->atomic_taken)
		mh_contract_exercise(try, MH_CONTRACT_SLEEP);
	try->locks_taken = locks;
	try->atomic_taken = atomic;
}

void mh_contract_judge_operation(struct mh_contract_try *try)
{
	try->result->operations++;
	judge_answers(try);
	note_starving(try);
	judge_reports(try, true);
	judge_violations(try);
	judge_locks(try);
	exercise_locks(try);
}

static bool was_asked(const struct mh_contract_try *try)
{
	return try->heard & EVENTS_ASKING;
}

static bool was_told(const struct mh_contract_try *try)
{
	return try->heard & EVENTS_FINAL;
}

static void break_word(struct mh_contract_try *try, enum mh_contract_rule rule, size_t word, const char *why)
{
	char name[128];

	(void)mh_module_variable(try->module, mh_contract_word_address(try->module, word), name, sizeof(name));
	mh_contract_break(try, rule, true, "variable '%s' was %d before the operation and is %d after it: %s", name,
			  (int)try->before.words[word], (int)try->after.words[word], why);
}

void mh_contract_judge_undo(struct mh_contract_try *try, bool failed)
{
	bool online = mh_contract_case_is_online(&try->of);
	size_t word;

	if (try->prepares && was_told(try) && !was_asked(try))
		mh_contract_exercise(try, MH_CONTRACT_UNDO_ONCE);
	if (try->prepares && failed && was_told(try) && was_asked(try))
		mh_contract_exercise(try, MH_CONTRACT_UNDO);
	if (!failed || try->starved || try->of.registration != MH_REGISTRATION_STAYS)
		return;
	word = mh_contract_habit_broken(&try->cancelled[online], &try->before, &try->after);
	/* What is taken back when all goes well, and never when it does not, is no habit of cancelled operations. */
	if (word == SIZE_MAX && was_asked(try))
		word = mh_contract_habit_broken(&try->done[online], &try->before, &try->after);
	if (word == SIZE_MAX)
		return;
	if (was_asked(try))
		break_word(try, MH_CONTRACT_UNDO, word, "what was prepared is not undone");
	else
		break_word(try, MH_CONTRACT_UNDO_ONCE, word, "it undid what it had not prepared");
}

void mh_contract_judge_cycle(struct mh_contract_try *try, unsigned heard)
{
	size_t word;
	bool orphan = !(heard & EVENTS_ONLINE) || !(heard & EVENTS_OFFLINE);

	if (try->starved || try->of.registration != MH_REGISTRATION_STAYS)
		return;
	word = mh_contract_habit_broken(&try->cycle, &try->before, &try->after);
	if (word == SIZE_MAX)
		return;
	break_word(try, orphan ? MH_CONTRACT_UNDO_ONCE : MH_CONTRACT_UNDO, word,
		   orphan ? "a final event undid what no GOING event had prepared"
			  : "online and offline do not take each other back");
}

void mh_contract_judge_growth(struct mh_contract_try *try, bool failed, bool other_block)
{
	const struct mh_contract_place *place;
	uint64_t more;

	if (try->starved || try->of.registration != MH_REGISTRATION_STAYS || (other_block && try->keeps))
		return;
	place = mh_contract_state_grown(&try->earlier, &try->after, &more);
	if (!place)
		return;
	mh_contract_break(try, failed ? MH_CONTRACT_UNDO : MH_CONTRACT_LEAK, true,
			  "%s leaves %llu allocation%s more, made at %s%s", //
			  failed ? "each operation that is cancelled" : "each online and offline of the block",
			  (unsigned long long)more, more == 1 ? "" : "s", place->where,
			  other_block ? ", a new one for each block" : "");
}
