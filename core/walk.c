/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The measured walk. Per listener: I26 before and after the call, I01 and I02 by comparing with the listener before,
 * I03 by what stands in for it, the answer's encoding, the hook, the stamp. Per walk: I04, I09 once over the argument.
 */
#include "core/walk.h"

#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/hook_ask.h"
#include "core/operation_check.h"
#include "core/sieve.h"
#include "core/walk_check.h"

/* Looked up once a walk: none of it changes while an operation runs. */
struct walk {
	struct mh_machine *machine;
	struct mh_operation *operation;
	struct mh_trace *trace;
	const struct mh_hook *hook; /* or NULL */
	struct mh_hook_site *site;  /* for the hook; only its listener changes from call to call */
	const struct mh_listener *previous;
	uint64_t previous_sequence;
	uint64_t whitener, factor, identity, limit; /* VISIT_SIEVED */
	unsigned heeded;                            /* calls that the hook has counted, or nobody */
	struct mh_stamp *next;                      /* untimed: where in the trace */
	uint64_t event_word;                        /* untimed: the event's part of mh_stamp_word */
	void *data;                                 /* what the callbacks get */
	unsigned long action;
	enum mh_event event;
	bool pair;
};

/* chain.cancel: heard: of those that were not passed over. */
struct heard_walk {
	struct walk walk; /* first: what visit() gets */
	int called, value;
};

/* The argument of an event. */
static inline void *data_of(struct mh_operation *operation, enum mh_event event)
{
	if (__builtin_expect(event <= MH_OFFLINE, 1))
		return &operation->arg;
	return mh_event_is_node(event) ? (void *)&operation->node_arg : (void *)&operation->prepare_arg;
}

/* After an answer with the stop bit: what stands for its listener in the check of the next one. */
static inline void note_stop(struct walk *walk)
{
	walk->previous = &mh_listener_stopped;
	walk->previous_sequence = MH_STOPPED_SEQUENCE;
}

static __attribute__((noinline)) void heed_apart(struct mh_operation *operation, const struct mh_listener *listener,
						 enum mh_event event, int value)
{
	if (!mh_answer_is_well_formed(value))
		mh_operation_found_answer(operation, listener, event, value);
}

/* An answer that is neither DONE nor OK. The function that is apart does not get the walk: were its address taken, none
 * of it would stay in registers. */
static inline __attribute__((always_inline)) void heed(struct walk *walk, const struct mh_listener *listener, int value)
{
	heed_apart(walk->operation, listener, walk->event, value);
	if (value & NOTIFY_STOP_MASK)
		note_stop(walk);
}

/* What a visitor is made for; what it need not do costs it neither a test nor a register. */
enum visit_as {
	VISIT_PLAIN,  /* one of the six events, nothing armed, no pairs of stamps */
	VISIT_HOOKED, /* the same, with a hook */
	VISIT_SIEVED, /* the same, with a hook that is called for what its sieve lets through */
	VISIT_ANY,
};

static struct mh_hook_site site_of(struct mh_operation *operation, enum mh_event event)
{
	return (struct mh_hook_site){
		.operation = operation,
		.point = MH_HOOK_LISTENER,
		.event = event,
		.event_number = operation->event_count,
		.arg = mh_hook_arg(operation, event),
		.node = operation->node,
		.zone = operation->zone,
		.block = operation->block,
		.pages = operation->pages,
	};
}

/* The draw is the hook's. It gets what it needs piece by piece: were the walk's address taken, none of it would stay in
 * registers. */
static __attribute__((noinline)) int ask_let_through(const struct mh_hook *hook, struct mh_operation *operation,
						     enum mh_event event, const struct mh_listener *listener, int value)
{
	struct mh_hook_site site = site_of(operation, event);

	site.listener = listener;
	return hook->run(hook->data, &site, value);
}

static inline __attribute__((always_inline)) int sift(struct walk *walk, const struct mh_listener *listener, int value)
{
	uint64_t draw = mh_rng_mix_unfolded(walk->whitener, walk->factor, walk->identity + listener->salt);

	if (__builtin_expect(draw >= walk->limit, 1))
		return value;
	walk->heeded++;
	value = ask_let_through(walk->hook, walk->operation, walk->event, listener, value);
	if (value & NOTIFY_STOP_MASK)
		note_stop(walk);
	return value;
}

static inline __attribute__((always_inline)) int visit_as(struct walk *walk, const struct mh_chain_entry *entry,
							  enum visit_as as)
{
	const struct mh_listener *listener = entry->listener;
	/* Kept over the call: when the grace period was missing, the entry is freed memory after it. */
	const uint64_t sequence = entry->sequence;
	int value;

	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was called after its unregister returned");
	mh_check_order(walk->machine, walk->operation, walk->previous, walk->previous_sequence, listener, sequence);
	walk->previous = listener;
	walk->previous_sequence = sequence;
	if (as == VISIT_ANY && walk->pair)
		mh_trace_add(walk->trace, MH_STAMP_CALL_BEGIN, walk->event, listener->id, 0);
	value = entry->call(entry->nb, walk->action, as == VISIT_ANY ? walk->data : &walk->operation->arg);
	if ((as == VISIT_HOOKED || as == VISIT_ANY) && walk->hook) {
		if (__builtin_expect(!mh_answer_is_well_formed(value), 0))
			mh_operation_found_answer(walk->operation, listener, walk->event, value);
		walk->site->listener = listener;
		value = walk->hook->run(walk->hook->data, walk->site, value);
		if (__builtin_expect(value & NOTIFY_STOP_MASK, 0))
			note_stop(walk);
	} else if (__builtin_expect((unsigned)value > NOTIFY_OK, 0)) {
		heed(walk, listener, value);
	}
	if (as == VISIT_SIEVED)
		value = sift(walk, listener, value);
	mh_trace_add(walk->trace, MH_STAMP_CALLED, walk->event, listener->id, value);
	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was still running when its unregister returned");
	return value;
}

static inline __attribute__((always_inline)) int visit(void *context, const struct mh_chain_entry *entry)
{
	return visit_as(context, entry, VISIT_ANY);
}

static inline __attribute__((always_inline)) int visit_plain(void *context, const struct mh_chain_entry *entry)
{
	return visit_as(context, entry, VISIT_PLAIN);
}

/* As visit_plain, in a trace that has room for it. The answer is heeded last, where the walk asks of it whether it
 * stops. */
static inline __attribute__((always_inline)) int visit_untimed(void *context, const struct mh_chain_entry *entry)
{
	struct walk *walk = context;
	const struct mh_listener *listener = entry->listener;
	const uint64_t sequence = entry->sequence; /* kept over the call, as in visit_as */
	int value;

	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was called after its unregister returned");
	mh_check_order(walk->machine, walk->operation, walk->previous, walk->previous_sequence, listener, sequence);
	value = entry->call(entry->nb, walk->action, &walk->operation->arg);
	walk->previous = listener;
	walk->previous_sequence = sequence;
	mh_trace_put(walk->trace, &walk->next, walk->event_word | listener->called | (uint32_t)value);
	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was still running when its unregister returned");
	if (__builtin_expect((unsigned)value > NOTIFY_OK, 0))
		heed(walk, listener, value);
	return value;
}

static inline __attribute__((always_inline)) int visit_hooked(void *context, const struct mh_chain_entry *entry)
{
	return visit_as(context, entry, VISIT_HOOKED);
}

static inline __attribute__((always_inline)) int visit_sieved(void *context, const struct mh_chain_entry *entry)
{
	return visit_as(context, entry, VISIT_SIEVED);
}

static inline __attribute__((always_inline)) struct walk walk_of(struct mh_machine *machine,
								 struct mh_operation *operation, enum mh_event event)
{
	return (struct walk){
		.machine = machine,
		.operation = operation,
		.trace = operation->trace,
		.hook = mh_hook_armed(machine, MH_HOOK_LISTENER),
		.previous = &mh_listener_none,
		.data = data_of(operation, event),
		.action = machine->protocol->actions[event],
		.event = event,
		.pair = operation->trace->level == MH_STAMPS_PAIR,
	};
}

/* Any chain, any event. Apart, and with a walk of its own, as the next one: the plain walk then has the registers to
 * itself. */
static __attribute__((noinline)) int walk_any(struct mh_machine *machine, struct mh_operation *operation,
					      enum mh_event event, int *ret_call_count)
{
	struct walk walk = walk_of(machine, operation, event);
	struct mh_hook_site site = site_of(operation, event);
	struct mh_chain *chain = mh_machine_event_chain(machine, event);

	walk.site = &site;
	if (chain->type == MH_CHAIN_RCU_ARRAY)
		return mh_rcu_array_walk(chain, -1, ret_call_count, visit, &walk);
	return mh_chain_list_walk(chain, -1, ret_call_count, visit, &walk);
}

static __attribute__((noinline)) int walk_sieved(struct mh_machine *machine, struct mh_operation *operation,
						 enum mh_event event, struct mh_sieve *sieve, int *ret_call_count)
{
	struct walk walk = walk_of(machine, operation, event);
	int value;

	walk.limit = walk.hook->sieves->limit;
	walk.whitener = mh_rng_whitener(sieve->base);
	walk.factor = mh_rng_factor(sieve->base);
	walk.identity = mh_sieve_identity(&operation->identity, event);
	value = mh_rcu_array_walk(&machine->chain, -1, ret_call_count, visit_sieved, &walk);
	sieve->passed += (unsigned)*ret_call_count - walk.heeded;
	return value;
}

static __attribute__((noinline)) int walk_hooked(struct mh_machine *machine, struct mh_operation *operation,
						 enum mh_event event, int *ret_call_count)
{
	struct walk walk = walk_of(machine, operation, event);
	struct mh_hook_site site = site_of(operation, event);

	walk.site = &site;
	return mh_rcu_array_walk(&machine->chain, -1, ret_call_count, visit_hooked, &walk);
}

static inline __attribute__((always_inline)) int walk_armed(struct mh_machine *machine, struct mh_operation *operation,
							    enum mh_event event, const struct mh_hook *hook,
							    int *ret_call_count)
{
	struct mh_sieve *sieve = mh_sieve_of(hook->sieves, operation);

	if (__builtin_expect(sieve != NULL, 1))
		return walk_sieved(machine, operation, event, sieve, ret_call_count);
	return walk_hooked(machine, operation, event, ret_call_count);
}

/* Over the memory chain's array. */
static inline __attribute__((always_inline)) int walk_array(struct mh_machine *machine, struct mh_operation *operation,
							    enum mh_event event, int *ret_call_count)
{
	const struct mh_hook *hook = mh_hook_armed(machine, MH_HOOK_LISTENER);
	struct walk walk;

	if (__builtin_expect(event > MH_OFFLINE || operation->trace->level == MH_STAMPS_PAIR, 0))
		return walk_any(machine, operation, event, ret_call_count);
	if (hook && !(hook->deaf_events >> event & 1))
		return walk_armed(machine, operation, event, hook, ret_call_count);
	walk = walk_of(machine, operation, event);
	return mh_rcu_array_walk(&machine->chain, -1, ret_call_count, visit_plain, &walk);
}

#define CANCEL_EVENTS                                                                                                  \
	(1u << MH_CANCEL_ONLINE | 1u << MH_CANCEL_OFFLINE | 1u << MH_NODE_CANCEL_ADDING_FIRST_MEMORY |                 \
	 1u << MH_NODE_CANCEL_REMOVING_LAST_MEMORY)
/* Those, and the events that they cancel. */
#define HEARD_EVENTS                                                                                                   \
	(CANCEL_EVENTS | 1u << MH_GOING_ONLINE | 1u << MH_GOING_OFFLINE | 1u << MH_NODE_ADDING_FIRST_MEMORY |          \
	 1u << MH_NODE_REMOVING_LAST_MEMORY)

static struct mh_heard *heard_of(const struct walk *walk)
{
	return mh_event_is_node(walk->event) ? &walk->operation->node_heard : &walk->operation->heard;
}

/* Before the call: the listener itself may change its registration. */
static int visit_going(void *context, const struct mh_chain_entry *entry)
{
	struct heard_walk *walk = context;
	struct mh_heard *heard = heard_of(&walk->walk);

	heard->last_priority = entry->listener->priority;
	heard->last_sequence = entry->sequence;
	if (heard->newest_sequence < entry->sequence)
		heard->newest_sequence = entry->sequence;
	walk->called++;
	walk->value = visit(context, entry);
	return walk->value;
}

static bool has_heard(const struct mh_heard *heard, const struct mh_chain_entry *entry)
{
	int priority = entry->listener->priority;

	if (entry->sequence > heard->newest_sequence)
		return false;
	return priority > heard->last_priority ||
	       (priority == heard->last_priority && entry->sequence <= heard->last_sequence);
}

static int visit_cancel(void *context, const struct mh_chain_entry *entry)
{
	struct heard_walk *walk = context;

	if (!has_heard(heard_of(&walk->walk), entry))
		return NOTIFY_DONE;
	walk->called++;
	walk->value = visit(context, entry);
	return walk->value;
}

/* chain.cancel: heard, where it makes a difference. */
static __attribute__((noinline)) int walk_heard(struct mh_machine *machine, struct mh_operation *operation,
						enum mh_event event, int *ret_call_count)
{
	struct heard_walk heard = {.walk = walk_of(machine, operation, event), .value = NOTIFY_DONE};
	struct mh_hook_site site = site_of(operation, event);
	struct mh_chain *chain = mh_machine_event_chain(machine, event);
	mh_visit_fn visitor = CANCEL_EVENTS >> event & 1 ? visit_cancel : visit_going;
	int ignored;

	heard.walk.site = &site;
	if (chain->type == MH_CHAIN_RCU_ARRAY)
		(void)mh_rcu_array_walk(chain, -1, &ignored, visitor, &heard);
	else
		(void)mh_chain_list_walk(chain, -1, &ignored, visitor, &heard);
	*ret_call_count = heard.called;
	return heard.value;
}

/* Another chain than rcu-array, chain.cancel: heard or verify: full. */
static __attribute__((noinline)) int walk_apart(struct mh_machine *machine, struct mh_operation *operation,
						enum mh_event event, int *ret_call_count)
{
	bool heard = machine->config.cancel == MH_CANCEL_HEARD && (HEARD_EVENTS >> event & 1);
	int value;

	if (machine->full)
		mh_walk_check_begin(machine, operation, event);
	mh_trace_add(operation->trace, MH_STAMP_WALK_BEGIN, event, 0, 0);
	value = heard ? walk_heard(machine, operation, event, ret_call_count)
		      : walk_any(machine, operation, event, ret_call_count);
	if (machine->full)
		mh_walk_check_end(machine, operation, event, heard && (CANCEL_EVENTS >> event & 1));
	return value;
}

/* What is judged when a walk has ended. */
static inline __attribute__((always_inline)) void
check_walked(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, int value, int call_count)
{
	operation->check.checked += 3 + 4 * (uint64_t)call_count;
	if (__builtin_expect((unsigned)value > NOTIFY_OK, 0))
		mh_operation_found_refusal(operation, event, value);
	mh_check_argument(machine, operation);
}

static __attribute__((noinline)) int walk_stamped(struct mh_machine *machine, struct mh_operation *operation,
						  enum mh_event event, int *ret_call_count)
{
	struct mh_trace *trace = operation->trace;
	int value;

	if (machine->walks_apart) {
		value = walk_apart(machine, operation, event, ret_call_count);
	} else {
		mh_trace_add(trace, MH_STAMP_WALK_BEGIN, event, 0, 0);
		value = walk_array(machine, operation, event, ret_call_count);
	}
	mh_check_walk_value(machine, operation, value, *ret_call_count);
	mh_trace_add_at(trace, MH_STAMP_WALK_END, event, (uint16_t)*ret_call_count, value, mh_trace_last_ticks(trace));
	check_walked(machine, operation, event, value, *ret_call_count);
	if (__builtin_expect(event > MH_OFFLINE, 0))
		mh_check_other_argument(machine, operation, event);
	return value;
}

/* Over the memory chain's array, without times: whether anybody armed hears of the calls is another question. */
static inline __attribute__((always_inline)) bool is_untimed(const struct mh_machine *machine,
							     const struct mh_operation *operation, enum mh_event event)
{
	return !machine->walks_apart && event <= MH_OFFLINE && operation->trace->level < MH_STAMPS_EVENT;
}

/* Does no draw of the walk reach the hook? All of them before the first call: in a row they overlap, and the walk
 * itself keeps its registers. */
static inline __attribute__((always_inline)) bool
lets_none_through(const struct mh_chain_array *array, const struct mh_sieve *sieve, uint64_t limit, uint64_t identity)
{
	const uint64_t whitener = mh_rng_whitener(sieve->base), factor = mh_rng_factor(sieve->base);
	const struct mh_chain_entry *end = array->entries + (limit ? array->count : 0);
	uint64_t least = UINT64_MAX;

	for (const struct mh_chain_entry *entry = array->entries; entry < end; entry++) {
		uint64_t draw = mh_rng_mix_unfolded(whitener, factor, identity + entry->listener->salt);

		least = draw < least ? draw : least;
	}
	return least >= limit;
}

/* Over an array that a read-side section keeps, in a trace that has room for all of it. Return: how many were called.
 */
static inline __attribute__((always_inline)) int walk_over_untimed(struct walk *walk,
								   const struct mh_chain_array *array, int *value)
{
	walk->next = mh_trace_next(walk->trace);
	walk->event_word = mh_stamp_word((enum mh_stamp_kind)0, walk->event, 0, 0);
	mh_trace_put(walk->trace, &walk->next,
		     walk->event_word | mh_stamp_word(MH_STAMP_WALK_BEGIN, 0, 0, NOTIFY_DONE));
	return mh_rcu_array_walk_over(array, -1, visit_untimed, walk, value);
}

static inline __attribute__((always_inline)) void end_untimed(struct walk *walk, int value, int called)
{
	/* As if it were another one: the compiler would keep it over the walk in two registers, extended and not. */
	__asm__("" : "+r"(value));
	mh_check_last_value(walk->machine, walk->operation, walk->next - 1, value, called);
	mh_trace_put(walk->trace, &walk->next,
		     walk->event_word | mh_stamp_word(MH_STAMP_WALK_END, 0, 0, value) | (uint64_t)called << 32);
	check_walked(walk->machine, walk->operation, walk->event, value, called);
}

/*
 * With a sieve that stands before a hook hardly ever does a draw reach the hook: then it is the same walk.
 * What is drawn for and what is walked must be one array, or a listener that comes in between would be called without
 * a draw.
 */
static inline __attribute__((always_inline)) int walk_untimed(struct mh_machine *machine,
							      struct mh_operation *operation, enum mh_event event,
							      struct mh_sieve *sieve, int *ret_call_count)
{
	struct walk walk = walk_of(machine, operation, event);
	unsigned section = mh_rcu_read_lock(&machine->chain.rcu);
	const struct mh_chain_array *array = mh_rcu_dereference(machine->chain.array);
	int value = NOTIFY_DONE, called;

	/* Room for a stamp of each call, of the walk's beginning and of its end. */
	if (__builtin_expect(!array || !mh_trace_has_room(walk.trace, array->count + 2) ||
				     (sieve && !lets_none_through(array, sieve, walk.hook->sieves->limit,
								  mh_sieve_identity(&operation->identity, event))),
			     0)) {
		mh_rcu_read_unlock(&machine->chain.rcu, section);
		return walk_stamped(machine, operation, event, ret_call_count);
	}
	called = walk_over_untimed(&walk, array, &value);
	mh_rcu_read_unlock(&machine->chain.rcu, section);
	end_untimed(&walk, value, called);
	if (sieve)
		sieve->passed += (unsigned)called;
	*ret_call_count = called;
	return value;
}

/* Most walks. Apart from the choice of it, which then needs no registers saved. */
static __attribute__((noinline)) int walk_plain(struct mh_machine *machine, struct mh_operation *operation,
						enum mh_event event, int *ret_call_count)
{
	return walk_untimed(machine, operation, event, NULL, ret_call_count);
}

static __attribute__((noinline)) int walk_sifted(struct mh_machine *machine, struct mh_operation *operation,
						 enum mh_event event, int *ret_call_count)
{
	struct mh_sieve *sieve = mh_sieve_of(mh_hook_armed(machine, MH_HOOK_LISTENER)->sieves, operation);

	if (!sieve)
		return walk_stamped(machine, operation, event, ret_call_count);
	return walk_untimed(machine, operation, event, sieve, ret_call_count);
}

/* An event that may come. */
static inline __attribute__((always_inline)) int
walk_foreseen(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, int *ret_call_count)
{
	const struct mh_hook *hook = mh_hook_armed(machine, MH_HOOK_LISTENER);

	if (__builtin_expect(!is_untimed(machine, operation, event), 0))
		return walk_stamped(machine, operation, event, ret_call_count);
	if (!hook || (hook->deaf_events >> event & 1))
		return walk_plain(machine, operation, event, ret_call_count);
	return walk_sifted(machine, operation, event, ret_call_count);
}

static __attribute__((noinline)) int walk_unforeseen(struct mh_machine *machine, struct mh_operation *operation,
						     enum mh_event event, int *ret_call_count)
{
	mh_check_found_event(machine, operation, event);
	return walk_foreseen(machine, operation, event, ret_call_count);
}

static inline __attribute__((always_inline)) int walk_once(struct mh_machine *machine, struct mh_operation *operation,
							   enum mh_event event, int *ret_call_count)
{
	operation->event_count++;
	if (!mh_check_event_may_come(operation, event))
		return walk_unforeseen(machine, operation, event, ret_call_count);
	return walk_foreseen(machine, operation, event, ret_call_count);
}

/* As often as the hook says. A walk that is left out is as none to the checks, too: what then misses an event is found.
 */
static __attribute__((noinline)) int walk_as_asked(struct mh_machine *machine, struct mh_operation *operation,
						   enum mh_event event, int *ret_call_count)
{
	int times = mh_hook_ask_event(machine, operation, event), value = NOTIFY_DONE;

	*ret_call_count = 0;
	for (; times > 0; times--)
		value = walk_once(machine, operation, event, ret_call_count);
	return value;
}

int mh_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, int *ret_call_count)
{
	if (__builtin_expect(mh_hook_armed(machine, MH_HOOK_EVENT) != NULL, 0))
		return walk_as_asked(machine, operation, event, ret_call_count);
	return walk_once(machine, operation, event, ret_call_count);
}
