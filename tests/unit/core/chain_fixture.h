/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The twelve ways to keep a chain, and a chain with recording listeners for tests of it.
 */
#ifndef TESTS_UNIT_CORE_CHAIN_FIXTURE_H
#define TESTS_UNIT_CORE_CHAIN_FIXTURE_H

#include "core/notifier.h"

#define CHAIN_COMBINATIONS 12

/* (rcu-array, rcu-list) x five domains, rwlock, mutex. */
extern const struct mh_chain_config chain_combinations[CHAIN_COMBINATIONS];
/* "rcu-array/memb", "mutex"; valid until the next call. */
const char *chain_combination_name(const struct mh_chain_config *config);
bool chain_combination_is_rcu(const struct mh_chain_config *config);

struct chain_fixture;

/* A listener that writes its letter down and answers @answer; @inside runs in its callback first. */
struct chain_listener {
	struct notifier_block nb;
	char letter;
	int answer;
	struct chain_fixture *fixture;
	void (*inside)(struct chain_listener *self);
	unsigned long seen_action;
	void *seen_data;
};

struct chain_fixture {
	struct mh_chain chain;
	struct mh_chain_config config;
	char calls[64]; /* letters in the order of the calls */
	unsigned call_count;
	int walked; /* listeners called in the last chain_walk */
	void *data; /* for the test's own use */
};

/* Also registers this thread for RCU and enters the chain's domain. */
void chain_fixture_begin(struct chain_fixture *fixture, const struct mh_chain_config *config);
void chain_fixture_end(struct chain_fixture *fixture);

void chain_listener_init(struct chain_listener *listener, struct chain_fixture *fixture, char letter, int priority);
/* Init and register; asserts success. */
void chain_listener_add(struct chain_listener *listener, struct chain_fixture *fixture, char letter, int priority);
/* Forgets the calls so far, walks once with the action 1, and returns the walk's value. */
int chain_walk(struct chain_fixture *fixture);

/* Another thread that does one thing to the chain; the test's callback can wait for its progress. */
struct chain_thread {
	struct mh_thread thread;
	struct chain_fixture *fixture;
	void (*run)(struct chain_thread *self);
	struct notifier_block *nb;
	atomic_bool started, returned;
	int result;
};

void chain_thread_start(struct chain_thread *thread, struct chain_fixture *fixture,
			void (*run)(struct chain_thread *self), struct notifier_block *nb);
void chain_thread_register(struct chain_thread *self);
void chain_thread_unregister(struct chain_thread *self);
/* Spins until @flag is set. */
void chain_wait_for(const atomic_bool *flag);

#endif
