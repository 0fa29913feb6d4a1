/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preset has the names, priorities and order of a booted Linux 6.1. */
#include <criterion/criterion.h>

#include "core/event.h"
#include "core/listeners.h"

Test(listeners, preset_is_the_chain_of_linux_6_1)
{
	static const struct {
		int priority;
		const char *name;
	} chain[] = {
		{100, "ksm_memory_callback"},
		{100, "memtier_hotplug_callback"},
		{10, "cpuset_track_online_nodes"},
		{10, "mm_compute_batch_notifier"},
		{1, "slab_memory_callback"},
		{0, "reserve_mem_notifier"},
		{0, "kcore_callback"},
	};
	const struct mh_listener_preset *preset = mh_listener_preset("linux-6.1");

	cr_assert_not_null(preset);
	cr_assert_eq(preset->count, sizeof(chain) / sizeof(chain[0]), "%zu", preset->count);
	for (size_t i = 0; i < preset->count; i++) {
		cr_expect_str_eq(preset->listeners[i].name, chain[i].name);
		cr_expect_eq(preset->listeners[i].priority, chain[i].priority, "%s: %d, expected %d", chain[i].name,
			     preset->listeners[i].priority, chain[i].priority);
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
