/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recording listeners and a second thread for the tests of the chain.
 */
#include "chain_fixture.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

const struct mh_chain_config chain_combinations[CHAIN_COMBINATIONS] = {
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB}, {MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR}, {MH_CHAIN_RCU_ARRAY, MH_RCU_BP},
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MB},   {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}, {MH_CHAIN_RCU_LIST, MH_RCU_MEMB},
	{MH_CHAIN_RCU_LIST, MH_RCU_QSBR},  {MH_CHAIN_RCU_LIST, MH_RCU_BP},    {MH_CHAIN_RCU_LIST, MH_RCU_MB},
	{MH_CHAIN_RCU_LIST, MH_RCU_SRCU},  {MH_CHAIN_RWLOCK, MH_RCU_MEMB},    {MH_CHAIN_MUTEX, MH_RCU_MEMB},
};

bool chain_combination_is_rcu(const struct mh_chain_config *config)
{
	return config->type == MH_CHAIN_RCU_ARRAY || config->type == MH_CHAIN_RCU_LIST;
}

const char *chain_combination_name(const struct mh_chain_config *config)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s%s%s", mh_chain_type_names[config->type],
		 chain_combination_is_rcu(config) ? "/" : "",
		 chain_combination_is_rcu(config) ? mh_rcu_flavour_names[config->rcu] : "");
	return name;
}

void chain_fixture_begin(struct chain_fixture *fixture, const struct mh_chain_config *config)
{
	struct mh_error error;

	memset(fixture, 0, sizeof(*fixture));
	fixture->config = *config;
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	cr_assert_eq(mh_chain_init(&fixture->chain, config, &error), 0);
	mh_rcu_thread_enter(&fixture->chain.rcu);
}

void chain_fixture_end(struct chain_fixture *fixture)
{
	mh_rcu_thread_leave(&fixture->chain.rcu);
	mh_chain_release(&fixture->chain);
}

static int record_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct chain_listener *listener =
		(struct chain_listener *)(void *)((char *)nb - offsetof(struct chain_listener, nb));
	struct chain_fixture *fixture = listener->fixture;

	listener->seen_action = action;
	listener->seen_data = data;
	if (fixture->call_count < sizeof(fixture->calls) - 1)
		fixture->calls[fixture->call_count++] = listener->letter;
	if (listener->inside)
		listener->inside(listener);
	return listener->answer;
}

void chain_listener_init(struct chain_listener *listener, struct chain_fixture *fixture, char letter, int priority)
{
	*listener = (struct chain_listener){
		.nb = {.notifier_call = record_call, .priority = priority},
		.letter = letter,
		.answer = NOTIFY_OK,
		.fixture = fixture,
	};
}

void chain_listener_add(struct chain_listener *listener, struct chain_fixture *fixture, char letter, int priority)
{
	int ret;

	chain_listener_init(listener, fixture, letter, priority);
	ret = mh_chain_register(&fixture->chain, &listener->nb, NULL);
	cr_assert_eq(ret, 0, "register of %c: %d, expected 0", letter, ret);
}

int chain_walk(struct chain_fixture *fixture)
{
	memset(fixture->calls, 0, sizeof(fixture->calls));
	fixture->call_count = 0;
	return mh_chain_call(&fixture->chain, 1, fixture, -1, &fixture->walked);
}

static void thread_run(void *data)
{
	struct chain_thread *thread = data;

	mh_rcu_thread_enter(&thread->fixture->chain.rcu);
	atomic_store(&thread->started, true);
	thread->run(thread);
	atomic_store(&thread->returned, true);
	mh_rcu_thread_leave(&thread->fixture->chain.rcu);
}

void chain_thread_start(struct chain_thread *thread, struct chain_fixture *fixture,
			void (*run)(struct chain_thread *self), struct notifier_block *nb)
{
	thread->fixture = fixture;
	thread->run = run;
	thread->nb = nb;
	atomic_init(&thread->started, false);
	atomic_init(&thread->returned, false);
	cr_assert_eq(mh_thread_start(&thread->thread, "writer", -1, thread_run, thread, NULL), 0);
}

void chain_thread_register(struct chain_thread *self)
{
	self->result = mh_chain_register(&self->fixture->chain, self->nb, NULL);
}

void chain_thread_unregister(struct chain_thread *self)
{
	self->result = mh_chain_unregister(&self->fixture->chain, self->nb);
}

void chain_wait_for(const atomic_bool *flag)
{
	unsigned turns = 0;

	while (!atomic_load(flag))
		mh_spin_turn(&turns);
}
