/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The presets have the names, chains, priorities and order of booted kernels. */
#include <criterion/criterion.h>

#include "core/listeners.h"
#include "core/protocol.h"

struct expected {
	bool node;
	int priority;
	const char *name;
};

static void expect_preset(const char *name, const struct expected *chain, size_t count)
{
	const struct mh_listener_preset *preset = mh_listener_preset(name);

	cr_assert_not_null(preset, "%s", name);
	cr_assert_eq(preset->count, count, "%s has %zu listeners, expected %zu", name, preset->count, count);
	for (size_t i = 0; i < count; i++) {
		const struct mh_listener_facts *facts = &preset->listeners[i];

		cr_expect_str_eq(facts->name, chain[i].name);
		cr_expect_eq(facts->priority, chain[i].priority, "%s: %d, expected %d", facts->name, facts->priority,
			     chain[i].priority);
		cr_expect_eq(facts->node, chain[i].node, "%s of %s is on the wrong chain", facts->name, name);
	}
}

#define EXPECT_PRESET(name, ...)                                                                                       \
	do {                                                                                                           \
		static const struct expected chain_[] = {__VA_ARGS__};                                                 \
		expect_preset(name, chain_, sizeof(chain_) / sizeof(chain_[0]));                                       \
	} while (0)

Test(listeners, preset_is_the_chain_of_linux_6_1)
{
	EXPECT_PRESET("linux-6.1", {false, 100, "ksm_memory_callback"}, {false, 100, "memtier_hotplug_callback"},
		      {false, 10, "cpuset_track_online_nodes"}, {false, 10, "mm_compute_batch_notifier"},
		      {false, 1, "slab_memory_callback"}, {false, 0, "reserve_mem_notifier"},
		      {false, 0, "kcore_callback"});
}

Test(listeners, preset_is_the_chain_of_linux_6_12)
{
	EXPECT_PRESET("linux-6.12", {false, 100, "ksm_memory_callback"}, {false, 100, "memtier_hotplug_callback"},
		      {false, 10, "cpuset_track_online_nodes"}, {false, 10, "mm_compute_batch_notifier"},
		      {false, 1, "slab_memory_callback"}, {false, 0, "crash_memhp_notifier"},
		      {false, 0, "reserve_mem_notifier"}, {false, 0, "kcore_callback"});
}

Test(listeners, preset_is_the_two_chains_of_linux_7_3)
{
	EXPECT_PRESET("linux-7.3", {false, 100, "ksm_memory_callback"}, {false, 10, "mm_compute_batch_notifier"},
		      {false, 0, "crash_memhp_notifier"}, {false, 0, "reserve_mem_notifier"},
		      {false, 0, "kcore_callback"}, {true, 100, "memtier_hotplug_callback"},
		      {true, 10, "cpuset_track_online_nodes"}, {true, 1, "slab_memory_callback"},
		      {true, 0, "wi_node_notifier"});
}

Test(listeners, each_protocol_has_its_preset)
{
	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++) {
		const struct mh_protocol *protocol = mh_protocol_of((enum mh_compat)compat);

		cr_expect_not_null(mh_listener_preset(protocol->listeners), "%s", protocol->name);
	}
}

Test(listeners, each_reacts_to_an_event_that_its_chain_gets)
{
	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++) {
		const struct mh_protocol *protocol = mh_protocol_of((enum mh_compat)compat);
		const struct mh_listener_preset *preset = mh_listener_preset(protocol->listeners);

		for (size_t i = 0; i < preset->count; i++) {
			const struct mh_listener_facts *facts = &preset->listeners[i];
			unsigned heard = facts->node ? MH_EVENTS_NODE : ~MH_EVENTS_NODE;

			cr_expect_neq(facts->events & protocol->events & heard, 0, "%s of %s", facts->name,
				      preset->name);
			cr_expect(protocol->node_chain || !facts->node, "%s of %s", facts->name, preset->name);
		}
	}
}

Test(listeners, only_cpuset_reacts_to_every_event)
{
	const struct mh_listener_preset *preset = mh_listener_preset("linux-6.1");
	const unsigned every = (1u << MH_EVENT_COUNT) - 1;

	for (size_t i = 0; i < preset->count; i++)
		cr_expect_eq(preset->listeners[i].events == every, i == 2, "%s", preset->listeners[i].name);
}

Test(listeners, an_unknown_preset_is_not_found)
{
	cr_expect_null(mh_listener_preset("linux-6"));
	cr_expect_null(mh_listener_preset(""));
}
