/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain, semantics.md 1, each claim for all twelve ways to keep it. The table of 9.3: case_chain_test.c.
 */
#include "core/notifier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "chain_fixture.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(notifier, .timeout = 60);

/* Parameters are indices: Criterion runs each case in a process of its own, where pointers mean nothing. */
static struct criterion_test_params every_combination(void)
{
	static int indices[CHAIN_COMBINATIONS];

	for (int i = 0; i < CHAIN_COMBINATIONS; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CHAIN_COMBINATIONS);
}

#define CHAIN_TEST(name)                                                                                               \
	static void check_##name(struct chain_fixture *chain, const char *combination);                                \
	ParameterizedTestParameters(notifier, name)                                                                    \
	{                                                                                                              \
		return every_combination();                                                                            \
	}                                                                                                              \
	ParameterizedTest(int *index, notifier, name)                                                                  \
	{                                                                                                              \
		struct chain_fixture chain;                                                                            \
                                                                                                                       \
		chain_fixture_begin(&chain, &chain_combinations[*index]);                                              \
		check_##name(&chain, chain_combination_name(&chain.config));                                           \
		chain_fixture_end(&chain);                                                                             \
	}                                                                                                              \
	static void check_##name(struct chain_fixture *chain, const char *combination)

static void expect_walk(struct chain_fixture *chain, const char *combination, const char *calls)
{
	(void)chain_walk(chain);
	cr_expect_str_eq(chain->calls, calls, "%s: called '%s', expected '%s'", combination, chain->calls, calls);
}

static void expect_result(const char *combination, const char *what, int got, int expected)
{
	cr_expect_eq(got, expected, "%s: %s: %d, expected %d", combination, what, got, expected);
}

/* The table of semantics.md 1.1: what the first of two listeners answers. */
struct decode_row {
	int value;
	bool stops;
	int decoded; /* when it was the last answer */
};

static const struct decode_row decode_rows[] = {
	{0, false, 0},         {1, false, 0},
	{0x8001, true, 0},     {0x8000, true, 0},
	{0x8002, true, -1},    {0x800D, true, -12},
	{2, false, -1},        {0x7FFF, false, -32766},
	{-12, true, 0},        {0x8000 | (1 - 5), true, 0},
	{0x9000, true, -4095}, {-32768, true, 0},
};

Test(notifier, decodes_answers_as_the_kernel_does)
{
	for (size_t i = 0; i < sizeof(decode_rows) / sizeof(decode_rows[0]); i++) {
		int got = notifier_to_errno(decode_rows[i].value);

		cr_expect_eq(got, decode_rows[i].decoded, "%#x: decoded to %d, expected %d",
			     (unsigned)decode_rows[i].value, got, decode_rows[i].decoded);
	}
}

Test(notifier, encodes_errnos_as_the_kernel_does)
{
	static const int rows[][2] = {{0, NOTIFY_OK}, {-1, NOTIFY_BAD}, {-12, 0x800D}, {-4095, 0x9000}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(notifier_from_errno(rows[i][0]), rows[i][1], "from_errno(%d): %#x, expected %#x",
			     rows[i][0], (unsigned)notifier_from_errno(rows[i][0]), (unsigned)rows[i][1]);
}

CHAIN_TEST(stops_at_the_stop_bit_and_returns_the_last_answer)
{
	struct chain_listener first, second;

	chain_listener_add(&first, chain, 'A', 2);
	chain_listener_add(&second, chain, 'B', 1);
	for (size_t i = 0; i < sizeof(decode_rows) / sizeof(decode_rows[0]); i++) {
		const struct decode_row *row = &decode_rows[i];
		int expected = row->stops ? row->value : NOTIFY_DONE;

		first.answer = row->value;
		second.answer = NOTIFY_DONE;
		expect_result(combination, "the walk's value", chain_walk(chain), expected);
		cr_expect_str_eq(chain->calls, row->stops ? "A" : "AB", "%s: %#x: called '%s'", combination,
				 (unsigned)row->value, chain->calls);
		first.answer = NOTIFY_OK;
		second.answer = row->value;
		expect_result(combination, "the walk's value", chain_walk(chain), row->value);
	}
}

CHAIN_TEST(empty_chain_is_done_and_calls_nobody)
{
	int called = 7;

	expect_result(combination, "value", mh_chain_call(&chain->chain, 1, NULL, -1, &called), NOTIFY_DONE);
	expect_result(combination, "calls", called, 0);
	expect_result(combination, "value without a counter", mh_chain_call(&chain->chain, 1, NULL, -1, NULL),
		      NOTIFY_DONE);
}

CHAIN_TEST(passes_action_and_data_unchanged)
{
	struct chain_listener listener;
	int data;

	chain_listener_add(&listener, chain, 'A', 0);
	(void)mh_chain_call(&chain->chain, 0xfeed, &data, -1, NULL);
	cr_expect_eq(listener.seen_action, 0xfeed, "%s: action %#lx", combination, listener.seen_action);
	cr_expect_eq(listener.seen_data, &data, "%s: data %p", combination, listener.seen_data);
}

CHAIN_TEST(orders_the_whole_range_of_priorities)
{
	struct chain_listener low, high, middle;

	chain_listener_add(&low, chain, 'L', INT32_MIN);
	chain_listener_add(&high, chain, 'H', INT32_MAX);
	chain_listener_add(&middle, chain, 'M', 0);
	expect_walk(chain, combination, "HML");
}

CHAIN_TEST(a_listener_registered_again_stands_behind_its_equals)
{
	struct chain_listener a, b;

	chain_listener_add(&a, chain, 'A', 1);
	chain_listener_add(&b, chain, 'B', 1);
	expect_result(combination, "unregister", mh_chain_unregister(&chain->chain, &a.nb), 0);
	expect_result(combination, "register", mh_chain_register(&chain->chain, &a.nb, NULL), 0);
	expect_walk(chain, combination, "BA");
}

CHAIN_TEST(one_function_in_two_blocks_is_called_twice)
{
	struct chain_listener a, b;

	chain_listener_add(&a, chain, 'A', 1);
	chain_listener_add(&b, chain, 'A', 1);
	expect_walk(chain, combination, "AA");
}

CHAIN_TEST(counts_the_listener_that_stopped)
{
	struct chain_listener a, b;

	chain_listener_add(&a, chain, 'A', 1);
	chain_listener_add(&b, chain, 'B', 0);
	a.answer = NOTIFY_STOP;
	(void)chain_walk(chain);
	expect_result(combination, "called", chain->walked, 1);
}

/* Of what a listener did inside its callback. */
static int inside_result;

static void register_and_stand_in_line(struct chain_listener *self)
{
	struct chain_thread *thread = self->fixture->data;
	unsigned turns = 0;

	self->inside = NULL;
	chain_thread_start(thread, self->fixture, chain_thread_register, thread->nb);
	while (!mh_chain_change_waits(&self->fixture->chain))
		mh_spin_turn(&turns);
}

/* Many rounds: a lock that whoever comes first takes lets the second walk through in most of them, not in all. */
CHAIN_TEST(a_register_that_waits_for_a_walk_is_before_the_next_walk)
{
	struct chain_listener a, d;
	struct chain_thread thread = {.nb = &d.nb};

	if (chain_combination_is_rcu(&chain->config))
		return; /* nothing waits there */
	chain_listener_add(&a, chain, 'A', 5);
	chain_listener_init(&d, chain, 'D', 1);
	chain->data = &thread;
	for (int round = 0; round < 100; round++) {
		a.inside = register_and_stand_in_line;
		expect_walk(chain, combination, "A");
		expect_walk(chain, combination, "AD");
		mh_thread_join(&thread.thread);
		expect_result(combination, "unregister", mh_chain_unregister(&chain->chain, &d.nb), 0);
	}
	chain->data = NULL;
}

static void count_done(void *data)
{
	atomic_store((atomic_bool *)data, true);
}

static void unregister_self_async(struct chain_listener *self)
{
	inside_result = mh_chain_unregister_async(&self->fixture->chain, &self->nb, count_done, self->fixture->data);
	self->inside = NULL;
}

CHAIN_TEST(async_unregister_inside_a_walk_tells_when_it_is_done)
{
	struct chain_listener a, b;
	atomic_bool done = false;

	chain_listener_add(&a, chain, 'A', 5);
	chain_listener_add(&b, chain, 'B', 3);
	a.inside = unregister_self_async;
	chain->data = &done;
	expect_walk(chain, combination, "AB");
	if (!chain_combination_is_rcu(&chain->config)) {
		expect_result(combination, "async", inside_result, -EOPNOTSUPP);
		expect_walk(chain, combination, "AB");
		return;
	}
	expect_result(combination, "async", inside_result, 0);
	expect_walk(chain, combination, "B");
	mh_rcu_quiescent(&chain->chain.rcu);
	mh_rcu_barrier(&chain->chain.rcu);
	cr_expect(atomic_load(&done), "%s: done was not called", combination);
	expect_result(combination, "register again", mh_chain_register(&chain->chain, &a.nb, NULL), 0);
	expect_walk(chain, combination, "AB");
}

CHAIN_TEST(async_unregister_of_a_stranger_changes_nothing)
{
	struct chain_listener stranger;
	atomic_bool done = false;
	int expected = chain_combination_is_rcu(&chain->config) ? -ENOENT : -EOPNOTSUPP;

	chain_listener_init(&stranger, chain, 'S', 0);
	expect_result(combination, "async", mh_chain_unregister_async(&chain->chain, &stranger.nb, count_done, &done),
		      expected);
	cr_expect(!atomic_load(&done));
}

static void unregister_by_thread(struct chain_listener *self)
{
	struct chain_thread *thread = self->fixture->data;
	unsigned turns = 0;

	self->inside = NULL;
	chain_thread_start(thread, self->fixture, chain_thread_unregister, thread->nb);
	chain_wait_for(&thread->started);
	if (chain_combination_is_rcu(&self->fixture->config))
		while (mh_chain_count(&self->fixture->chain) == 2)
			mh_spin_turn(&turns); /* until it has left the chain; then its thread waits for us */
	else
		mh_sleep_ns(5000000); /* time to go wrong in */
	cr_expect(!atomic_load(&thread->returned), "unregister returned while a walk was running");
}

CHAIN_TEST(a_listener_may_be_freed_once_unregister_has_returned)
{
	struct chain_listener *freed = malloc(sizeof(*freed));

	chain_listener_add(freed, chain, 'A', 0);
	expect_walk(chain, combination, "A");
	expect_result(combination, "unregister", mh_chain_unregister(&chain->chain, &freed->nb), 0);
	memset(freed, 0x5a, sizeof(*freed));
	free(freed);
	expect_walk(chain, combination, "");
}

CHAIN_TEST(two_hundred_registers_without_an_unregister_are_kept_in_order)
{
	static struct chain_listener listeners[200];
	int called;

	for (int i = 0; i < 200; i++)
		chain_listener_add(&listeners[i], chain, 'A', i % 7);
	(void)mh_chain_call(&chain->chain, 1, NULL, -1, &called);
	expect_result(combination, "called", called, 200);
	expect_result(combination, "count", (int)mh_chain_count(&chain->chain), 200);
	for (int i = 0; i < 200; i += 2)
		expect_result(combination, "unregister", mh_chain_unregister(&chain->chain, &listeners[i].nb), 0);
	(void)mh_chain_call(&chain->chain, 1, NULL, -1, &called);
	expect_result(combination, "called", called, 100);
}

CHAIN_TEST(names_listeners_and_keeps_names_and_numbers)
{
	char long_name[MH_LISTENER_NAME_SIZE + 10];
	struct chain_listener a, b;

	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = 0;
	chain_listener_add(&a, chain, 'A', 0);
	chain_listener_init(&b, chain, 'B', 0);
	expect_result(combination, "register", mh_chain_register(&chain->chain, &b.nb, long_name), 0);
	cr_expect_str_eq(mh_chain_listener(&chain->chain, 0)->name, "listener.0");
	cr_expect_eq(strlen(mh_chain_listener(&chain->chain, 1)->name), (size_t)MH_LISTENER_NAME_SIZE - 1);
	expect_result(combination, "unregister", mh_chain_unregister(&chain->chain, &b.nb), 0);
	expect_result(combination, "register", mh_chain_register(&chain->chain, &b.nb, NULL), 0);
	cr_expect_eq(mh_chain_listener(&chain->chain, 1)->nb, &b.nb, "%s: a new record was made", combination);
	cr_expect_eq(mh_chain_listener(&chain->chain, 1)->name[0], 'x', "%s: the name was lost", combination);
	cr_expect_null(mh_chain_listener(&chain->chain, 2));
}

/* Two blocking chains, one walked inside the other; what is refused in the inner callback and behind the inner walk. */
struct two_chains {
	struct chain_fixture outer, inner;
	struct chain_listener in_outer, in_inner, outer_newcomer, inner_newcomer;
	bool inside_both;
};

static int register_in(struct chain_fixture *chain, struct chain_listener *listener)
{
	return mh_chain_register(&chain->chain, &listener->nb, NULL);
}

static void register_in_both(struct chain_listener *self)
{
	struct two_chains *two = self->fixture->data;

	two->inside_both = true;
	expect_result("inside both", "register in the outer", register_in(&two->outer, &two->outer_newcomer), -EDEADLK);
	expect_result("inside both", "register in the inner", register_in(&two->inner, &two->inner_newcomer), -EDEADLK);
	expect_result("inside both", "unregister from the outer",
		      mh_chain_unregister(&two->outer.chain, &two->in_outer.nb), -EDEADLK);
	/* The outer chain again, nested in the inner one: its lock must stay held behind this walk. */
	two->in_outer.inside = NULL;
	expect_result("third walk", "value", mh_chain_call(&two->outer.chain, 2, NULL, -1, NULL), NOTIFY_OK);
}

static void walk_the_inner(struct chain_listener *self)
{
	struct two_chains *two = self->fixture->data;

	(void)chain_walk(&two->inner);
	expect_result("inside the outer", "register in the outer", register_in(&two->outer, &two->outer_newcomer),
		      -EDEADLK);
	expect_result("inside the outer", "register in the inner", register_in(&two->inner, &two->inner_newcomer), 0);
	expect_result("inside the outer", "unregister from the inner",
		      mh_chain_unregister(&two->inner.chain, &two->inner_newcomer.nb), 0);
}

static void expect_two_chains_apart(enum mh_chain_type outer, enum mh_chain_type inner)
{
	struct two_chains two = {.inside_both = false};

	chain_fixture_begin(&two.outer, &(struct mh_chain_config){outer, MH_RCU_MEMB});
	chain_fixture_begin(&two.inner, &(struct mh_chain_config){inner, MH_RCU_MEMB});
	two.outer.data = two.inner.data = &two;
	chain_listener_add(&two.in_outer, &two.outer, 'A', 0);
	chain_listener_add(&two.in_inner, &two.inner, 'B', 0);
	chain_listener_init(&two.outer_newcomer, &two.outer, 'C', -1);
	chain_listener_init(&two.inner_newcomer, &two.inner, 'D', -1);
	two.in_outer.inside = walk_the_inner;
	two.in_inner.inside = register_in_both;
	(void)chain_walk(&two.outer);
	cr_expect(two.inside_both, "the inner chain was not walked");
	expect_result("after both", "register in the outer", register_in(&two.outer, &two.outer_newcomer), 0);
	chain_fixture_end(&two.inner);
	chain_fixture_end(&two.outer);
}

Test(notifier, two_chains_walked_by_one_thread_keep_their_own_locks)
{
	expect_two_chains_apart(MH_CHAIN_RWLOCK, MH_CHAIN_RWLOCK);
	expect_two_chains_apart(MH_CHAIN_RWLOCK, MH_CHAIN_MUTEX);
	expect_two_chains_apart(MH_CHAIN_MUTEX, MH_CHAIN_RWLOCK);
	expect_two_chains_apart(MH_CHAIN_MUTEX, MH_CHAIN_MUTEX);
}

static void walk_the_other(struct chain_listener *self)
{
	(void)chain_walk(self->fixture->data);
}

/* A walk inside another chain's must take its own lock: unregister_by_thread sees whether it does. */
static void expect_the_inner_walk_is_waited_for(enum mh_chain_type type)
{
	struct chain_listener a, b, c;
	struct chain_fixture outer, inner;
	struct chain_thread thread;

	chain_fixture_begin(&outer, &(struct mh_chain_config){MH_CHAIN_RWLOCK, MH_RCU_MEMB});
	chain_fixture_begin(&inner, &(struct mh_chain_config){type, MH_RCU_MEMB});
	chain_listener_add(&a, &outer, 'A', 0);
	chain_listener_add(&b, &inner, 'B', 1);
	chain_listener_add(&c, &inner, 'C', 0);
	outer.data = &inner;
	a.inside = walk_the_other;
	thread.nb = &c.nb;
	inner.data = &thread;
	b.inside = unregister_by_thread;
	(void)chain_walk(&outer);
	mh_thread_join(&thread.thread);
	expect_result(mh_chain_type_names[type], "unregister", thread.result, 0);
	chain_fixture_end(&inner);
	chain_fixture_end(&outer);
}

Test(notifier, unregister_waits_for_a_walk_inside_another_chains)
{
	expect_the_inner_walk_is_waited_for(MH_CHAIN_RWLOCK);
	expect_the_inner_walk_is_waited_for(MH_CHAIN_MUTEX);
}

Test(notifier, refuses_more_listeners_than_a_trace_can_number)
{
	struct chain_fixture chain;
	struct notifier_block *blocks = calloc(MH_LISTENER_COUNT_MAX + 1, sizeof(*blocks));
	int ret = 0;

	chain_fixture_begin(&chain, &(struct mh_chain_config){MH_CHAIN_MUTEX, MH_RCU_MEMB});
	for (uint32_t i = 0; i < MH_LISTENER_COUNT_MAX && ret == 0; i++) {
		ret = mh_chain_register(&chain.chain, &blocks[i], "one");
		if (ret == 0)
			ret = mh_chain_unregister(&chain.chain, &blocks[i]);
	}
	cr_expect_eq(ret, 0, "%d", ret);
	ret = mh_chain_register(&chain.chain, &blocks[MH_LISTENER_COUNT_MAX], "one too many");
	cr_expect_eq(ret, -ENOSPC, "%d, expected %d", ret, -ENOSPC);
	cr_expect_eq(mh_chain_register(&chain.chain, &blocks[0], NULL), 0, "a known one has its number already");
	chain_fixture_end(&chain);
	free(blocks);
}

Test(notifier, refuses_an_unknown_flavour_with_a_sentence)
{
	struct mh_chain chain;
	struct mh_error error = {.code = 0};
	int ret = mh_chain_init(&chain, &(struct mh_chain_config){MH_CHAIN_RCU_ARRAY, MH_RCU_FLAVOURS}, &error);

	cr_expect_eq(ret, -EINVAL, "%d", ret);
	cr_expect_eq(error.code, -EINVAL, "%d", error.code);
}
