/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine from a synthetic topology, one operation to drive it with, and three listeners A (30), B (20), C (10) that
 * write down what they hear: "GO:AB{0,0} CO:ABC{0,0}" as in the tables of semantics.md 9, both nids in braces.
 */
#ifndef TESTS_UNIT_CORE_MACHINE_FIXTURE_H
#define TESTS_UNIT_CORE_MACHINE_FIXTURE_H

#include "core/machine.h"

/* One node with blocks 0, 1, 2 of 128 MiB: the blocks b2, b3, b4 of the tables. */
#define THREE_BLOCKS "pack:1 [numa(memory=384MiB)] core:1 pu:1"
/* Node 0 with blocks 0 … 2, node 1 with blocks 3 … 5. */
#define TWO_NODES "pack:2 [numa(memory=384MiB)] core:1 pu:1"

#define LISTENER_COUNT 3

struct fixture;

struct fixture_listener {
	struct notifier_block nb;
	char letter;
	struct fixture *fixture;
	int answers[MH_EVENT_COUNT];
	/* Runs in the callback; may change the argument. */
	void (*inside)(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg);
};

struct fixture {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct mh_trace trace;
	struct mh_operation operation;
	struct fixture_listener listeners[LISTENER_COUNT];
	char heard[1024];
	int last_event; /* whose letters heard ends with; -1: none */
	void *data;     /* for the test's own use */
};

/* What most tests want: @topology, 128 MiB blocks, nothing online, rcu-array, verify fast. */
struct mh_machine_config fixture_config(void);
/* Builds the machine that @config (whose topology and clock are filled in) and @topology describe; no listener yet. */
void fixture_begin(struct fixture *fixture, const char *topology, const struct mh_machine_config *config);
void fixture_listen(struct fixture *fixture);
/* Unregisters what listens and frees everything. */
void fixture_end(struct fixture *fixture);
void fixture_forget(struct fixture *fixture);

int fixture_online(struct fixture *fixture, uint32_t block, enum mh_online_type type);
int fixture_offline(struct fixture *fixture, uint32_t block);

/* Violations of @invariant that were kept; and all that were counted. */
unsigned fixture_violations(struct fixture *fixture, const char *invariant);
uint64_t fixture_violation_count(struct fixture *fixture);
/* The first kept violation's text, or "" without one. */
const char *fixture_first_violation(struct fixture *fixture);
/* mh_check_machine finds nothing and nothing was found before. */
void fixture_expect_sound(struct fixture *fixture, const char *label);

#endif
