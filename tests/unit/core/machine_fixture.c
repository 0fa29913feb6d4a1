/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building and freeing of the machine that tests work on, and its recording listeners.
 */
#include "machine_fixture.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/topology/topology.h"

static const char *const short_names[MH_EVENT_COUNT] = {"GO", "CO", "ON", "GF", "CF", "OF"}; /* of Linux 6.1 */

struct mh_machine_config fixture_config(void)
{
	return (struct mh_machine_config){.block_size_bytes = UINT64_C(128) << 20};
}

void fixture_begin(struct fixture *fixture, const char *topology, const struct mh_machine_config *config)
{
	struct mh_machine_config whole = *config;
	struct mh_error error;
	int ret;

	memset(fixture, 0, sizeof(*fixture));
	fixture->last_event = -1;
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	mh_clock_init(&fixture->clock, MH_CLOCK_MONOTONIC);
	ret = mh_topology_load(topology, 0, &fixture->topology, &error);
	cr_assert_eq(ret, 0, "topology '%s': %s", topology, error.text);
	whole.topology = fixture->topology;
	whole.clock = &fixture->clock;
	ret = mh_machine_new(&whole, &fixture->machine, &error);
	cr_assert_eq(ret, 0, "machine '%s': %s", topology, error.text);
	mh_rcu_thread_enter(&mh_machine_chain(fixture->machine)->rcu);
	cr_assert_eq(mh_trace_init(&fixture->trace, 256, MH_STAMPS_EVENT, &fixture->clock), 0);
	fixture->operation = (struct mh_operation){.trace = &fixture->trace};
}

static enum mh_event event_of(unsigned long action)
{
	int event = mh_protocol_event(mh_protocol_of(MH_COMPAT_V6_1), false, action);

	cr_assert_geq(event, 0, "an action that is no event: %lu", action);
	return (enum mh_event)event;
}

static void end_event(struct fixture *fixture)
{
	size_t length = strlen(fixture->heard);
	const struct memory_notify *arg = &fixture->operation.arg;

	if (fixture->last_event >= 0)
		snprintf(fixture->heard + length, sizeof(fixture->heard) - length, "{%d,%d}", arg->status_change_nid,
			 arg->status_change_nid_normal);
	fixture->last_event = -1;
}

static int record_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct fixture_listener *listener =
		(struct fixture_listener *)(void *)((char *)nb - offsetof(struct fixture_listener, nb));
	struct fixture *fixture = listener->fixture;
	enum mh_event event = event_of(action);
	size_t length;

	if (fixture->last_event != (int)event) {
		end_event(fixture);
		fixture->last_event = (int)event;
		length = strlen(fixture->heard);
		snprintf(fixture->heard + length, sizeof(fixture->heard) - length, "%s%s:", length ? " " : "",
			 short_names[event]);
	}
	length = strlen(fixture->heard);
	snprintf(fixture->heard + length, sizeof(fixture->heard) - length, "%c", listener->letter);
	if (listener->inside)
		listener->inside(listener, event, data);
	return listener->answers[event];
}

void fixture_listen(struct fixture *fixture)
{
	for (int i = 0; i < LISTENER_COUNT; i++) {
		struct fixture_listener *listener = &fixture->listeners[i];
		char name[2] = {(char)('A' + i), 0};

		*listener = (struct fixture_listener){
			.nb = {.notifier_call = record_event, .priority = 30 - 10 * i},
			.letter = name[0],
			.fixture = fixture,
		};
		for (int event = 0; event < MH_EVENT_COUNT; event++)
			listener->answers[event] = NOTIFY_OK;
		cr_assert_eq(mh_chain_register(mh_machine_chain(fixture->machine), &listener->nb, name), 0);
	}
}

void fixture_forget(struct fixture *fixture)
{
	fixture->heard[0] = 0;
	fixture->last_event = -1;
}

void fixture_end(struct fixture *fixture)
{
	struct mh_chain *chain = mh_machine_chain(fixture->machine);

	for (int i = 0; i < LISTENER_COUNT; i++)
		(void)mh_chain_unregister(chain, &fixture->listeners[i].nb); /* -ENOENT where the test did it */
	mh_rcu_thread_leave(&chain->rcu);
	mh_machine_free(fixture->machine);
	mh_topology_free(fixture->topology);
	mh_trace_release(&fixture->trace);
}

int fixture_online(struct fixture *fixture, uint32_t block, enum mh_online_type type)
{
	int ret;

	mh_trace_reset(&fixture->trace);
	fixture->operation.identity.index++;
	ret = mh_block_online(fixture->machine, &fixture->operation, block, type);
	end_event(fixture);
	return ret;
}

int fixture_offline(struct fixture *fixture, uint32_t block)
{
	int ret;

	mh_trace_reset(&fixture->trace);
	fixture->operation.identity.index++;
	ret = mh_block_offline(fixture->machine, &fixture->operation, block);
	end_event(fixture);
	return ret;
}

unsigned fixture_violations(struct fixture *fixture, const char *invariant)
{
	const struct mh_check *check = mh_machine_check(fixture->machine);
	unsigned found = 0;

	for (unsigned i = 0; i < check->kept; i++)
		found += strcmp(check->violations[i].invariant, invariant) == 0;
	return found;
}

uint64_t fixture_violation_count(struct fixture *fixture)
{
	return atomic_load(&mh_machine_check(fixture->machine)->violation_count);
}

const char *fixture_first_violation(struct fixture *fixture)
{
	const struct mh_check *check = mh_machine_check(fixture->machine);

	return check->kept ? check->violations[0].detail : "";
}

void fixture_expect_sound(struct fixture *fixture, const char *label)
{
	(void)mh_check_machine(fixture->machine);
	cr_expect_eq(fixture_violation_count(fixture), 0, "%s: %llu violations, the first: %s", label,
		     (unsigned long long)fixture_violation_count(fixture), fixture_first_violation(fixture));
}
