/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many listeners in and out at once, for all twelve ways to keep a chain. */
#include "core/notifier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "chain_fixture.h"

TestSuite(chain_batch, .timeout = 60);

/* Parameters are indices: Criterion runs each case in a process of its own, where pointers mean nothing. */
static struct criterion_test_params every_combination(void)
{
	static int indices[CHAIN_COMBINATIONS];

	for (int i = 0; i < CHAIN_COMBINATIONS; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CHAIN_COMBINATIONS);
}

#define NEW 4

/* One listener that is there, X at priority 5, and four that come. */
struct batch {
	struct chain_fixture chain;
	struct chain_listener there, listeners[NEW];
	struct mh_chain_newcomer newcomers[NEW];
	struct notifier_block *blocks[NEW];
	const char *combination;
};

static void batch_begin(struct batch *batch, int index)
{
	static const int priorities[NEW] = {5, 9, 5, -1};

	chain_fixture_begin(&batch->chain, &chain_combinations[index]);
	batch->combination = chain_combination_name(&batch->chain.config);
	chain_listener_add(&batch->there, &batch->chain, 'X', 5);
	for (int i = 0; i < NEW; i++) {
		chain_listener_init(&batch->listeners[i], &batch->chain, (char)('A' + i), priorities[i]);
		batch->blocks[i] = &batch->listeners[i].nb;
		batch->newcomers[i] = (struct mh_chain_newcomer){batch->blocks[i], i ? NULL : "first"};
	}
}

static void batch_end(struct batch *batch)
{
	cr_expect_eq(mh_chain_unregister(&batch->chain.chain, &batch->there.nb), 0);
	chain_fixture_end(&batch->chain);
}

static void expect_walk(struct batch *batch, const char *calls)
{
	(void)chain_walk(&batch->chain);
	cr_expect_str_eq(batch->chain.calls, calls, "%s: called '%s', expected '%s'", batch->combination,
			 batch->chain.calls, calls);
}

static uint64_t grace_periods(const struct batch *batch)
{
	return atomic_load(&batch->chain.chain.rcu.grace_periods);
}

#define BATCH_TEST(name)                                                                                               \
	static void check_##name(struct batch *batch, struct mh_chain *chain);                                         \
	ParameterizedTestParameters(chain_batch, name)                                                                 \
	{                                                                                                              \
		return every_combination();                                                                            \
	}                                                                                                              \
	ParameterizedTest(int *index, chain_batch, name)                                                               \
	{                                                                                                              \
		struct batch batch;                                                                                    \
                                                                                                                       \
		batch_begin(&batch, *index);                                                                           \
		check_##name(&batch, &batch.chain.chain);                                                              \
		batch_end(&batch);                                                                                     \
	}                                                                                                              \
	static void check_##name(struct batch *batch, struct mh_chain *chain)

BATCH_TEST(stands_in_the_order_of_single_registers)
{
	cr_assert_eq(mh_chain_register_all(chain, batch->newcomers, NEW), 0);
	expect_walk(batch, "BXACD");
	cr_expect_eq(mh_chain_count(chain), NEW + 1);
	cr_expect_str_eq(mh_chain_listener(chain, 1)->name, "first");
	cr_expect_str_eq(mh_chain_listener(chain, 2)->name, "listener.2");
	cr_assert_eq(mh_chain_unregister_all(chain, batch->blocks, NEW), 0);
	expect_walk(batch, "X");
}

BATCH_TEST(comes_back_after_it_has_left)
{
	for (int turn = 0; turn < 3; turn++) {
		cr_assert_eq(mh_chain_register_all(chain, batch->newcomers, NEW), 0);
		expect_walk(batch, "BXACD");
		cr_assert_eq(mh_chain_unregister_all(chain, batch->blocks + 1, NEW - 1), 0);
		expect_walk(batch, "XA");
		cr_assert_eq(mh_chain_unregister(chain, batch->blocks[0]), 0);
	}
	cr_expect_eq(mh_chain_count(chain), 1);
}

BATCH_TEST(waits_for_one_grace_period)
{
	uint64_t before = grace_periods(batch);

	cr_assert_eq(mh_chain_register_all(chain, batch->newcomers, NEW), 0);
	cr_expect_eq(grace_periods(batch), before, "%s: a register waits for nobody", batch->combination);
	cr_assert_eq(mh_chain_unregister_all(chain, batch->blocks, NEW), 0);
	cr_expect_eq(grace_periods(batch) - before, chain_combination_is_rcu(&batch->chain.config));
}

BATCH_TEST(with_one_given_twice_registers_none)
{
	batch->newcomers[3] = batch->newcomers[0];
	cr_expect_eq(mh_chain_register_all(chain, batch->newcomers, NEW), -EEXIST);
	expect_walk(batch, "X");
	cr_expect_eq(mh_chain_register_all(chain, batch->newcomers, NEW - 1), 0);
	expect_walk(batch, "BXAC");
	cr_expect_eq(mh_chain_unregister_all(chain, batch->blocks, NEW - 1), 0);
}

BATCH_TEST(with_one_that_is_there_registers_none)
{
	batch->newcomers[2].nb = &batch->there.nb;
	cr_expect_eq(mh_chain_register_all(chain, batch->newcomers, NEW), -EEXIST);
	expect_walk(batch, "X");
}

BATCH_TEST(with_one_that_is_not_there_unregisters_none)
{
	struct notifier_block *twice[] = {batch->blocks[0], batch->blocks[1], batch->blocks[0]};

	cr_assert_eq(mh_chain_register_all(chain, batch->newcomers, NEW - 1), 0);
	cr_expect_eq(mh_chain_unregister_all(chain, batch->blocks, NEW), -ENOENT);
	expect_walk(batch, "BXAC");
	cr_expect_eq(mh_chain_unregister_all(chain, twice, 3), -ENOENT);
	expect_walk(batch, "BXAC");
	cr_expect_eq(mh_chain_unregister_all(chain, batch->blocks, NEW - 1), 0);
}

BATCH_TEST(of_none_changes_nothing)
{
	cr_expect_eq(mh_chain_register_all(chain, NULL, 0), 0);
	cr_expect_eq(mh_chain_unregister_all(chain, NULL, 0), 0);
	expect_walk(batch, "X");
}

static void change_inside(struct chain_listener *self)
{
	struct batch *batch = self->fixture->data;

	cr_expect_eq(mh_chain_register_all(&self->fixture->chain, batch->newcomers, NEW), -EDEADLK, "%s",
		     batch->combination);
	cr_expect_eq(mh_chain_unregister_all(&self->fixture->chain, batch->blocks, NEW), -EDEADLK, "%s",
		     batch->combination);
}

BATCH_TEST(does_not_wait_for_its_own_walk)
{
	batch->there.inside = change_inside;
	batch->chain.data = batch;
	expect_walk(batch, "X");
	batch->there.inside = NULL;
	cr_expect_eq(mh_chain_count(chain), 1);
}
