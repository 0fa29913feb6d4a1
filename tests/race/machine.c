/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything at once: threads that online and offline blocks, threads that take pages, a thread that registers and
 * unregisters listeners, one that looks on; then the whole-machine checks.
 */
#include "race_machine.h"

#define LISTENERS 3
#define CHURNED   8

struct machine_case {
	const char *name;
	struct mh_chain_config chain;
	enum mh_hotplug_lock lock;
};

static const struct machine_case cases[] = {
	{"rcu-array/memb, lock node", {MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB}, MH_HOTPLUG_LOCK_NODE},
	{"rcu-array/qsbr, lock node", {MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR}, MH_HOTPLUG_LOCK_NODE},
	{"rcu-array/srcu, lock global", {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}, MH_HOTPLUG_LOCK_GLOBAL},
	{"rcu-list/memb, lock global", {MH_CHAIN_RCU_LIST, MH_RCU_MEMB}, MH_HOTPLUG_LOCK_GLOBAL},
	{"rcu-list/qsbr, lock node", {MH_CHAIN_RCU_LIST, MH_RCU_QSBR}, MH_HOTPLUG_LOCK_NODE},
	{"rwlock, lock node", {MH_CHAIN_RWLOCK, MH_RCU_MEMB}, MH_HOTPLUG_LOCK_NODE},
	{"mutex, lock global", {MH_CHAIN_MUTEX, MH_RCU_MEMB}, MH_HOTPLUG_LOCK_GLOBAL},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static struct race_machine race;
static atomic_ulong churned, looks;

/* Refuses one GOING event in sixteen, by the block and its own count: enough roll-backs. */
static int sometimes_vetoes(struct notifier_block *nb, unsigned long action, void *data)
{
	static atomic_uint calls;
	const struct memory_notify *arg = data;

	(void)nb;
	if (!(action & (MEM_GOING_ONLINE | MEM_GOING_OFFLINE)))
		return NOTIFY_OK;
	return (atomic_fetch_add(&calls, 1) + arg->start_pfn) % 16 ? NOTIFY_OK : NOTIFY_BAD;
}

static int listens(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_DONE;
}

static void churner_run(void *data)
{
	struct notifier_block blocks[CHURNED];
	struct mh_chain *chain = mh_machine_chain(race.machine);
	struct mh_operation operation = {.trace = NULL};
	struct mh_trace trace;

	(void)data;
	if (mh_trace_init(&trace, 16, MH_STAMPS_EVENT, &race.clock) < 0)
		abort();
	operation.trace = &trace;
	mh_rcu_thread_enter(&chain->rcu);
	for (unsigned i = 0; !atomic_load_explicit(&race.stop_pages, memory_order_relaxed); i++) {
		struct notifier_block *nb = &blocks[i % CHURNED];

		mh_trace_reset(&trace);
		*nb = (struct notifier_block){.notifier_call = listens, .priority = (int)(i % 5) - 2};
		if (mh_chain_register(chain, nb, "churned") < 0 ||
		    mh_machine_unregister(race.machine, &operation, nb) < 0)
			atomic_fetch_add(&race.wrong, 1);
		memset(nb, 0x5a, sizeof(*nb));
		mh_rcu_quiescent(&chain->rcu);
		atomic_fetch_add_explicit(&churned, 1, memory_order_relaxed);
	}
	mh_rcu_thread_leave(&chain->rcu);
	mh_trace_release(&trace);
}

static bool is_shown_right(uint32_t block)
{
	enum mh_zone_kind zone = mh_machine_block_zone(race.machine, block);

	return mh_machine_block_state(race.machine, block) <= MH_BLOCK_GOING_OFFLINE &&
	       (zone <= MH_ZONE_MOVABLE || zone == MH_ZONE_NONE);
}

static void onlooker_run(void *data)
{
	(void)data;
	while (!atomic_load_explicit(&race.stop_pages, memory_order_relaxed)) {
		for (uint32_t block = 0; block < RACE_BLOCKS; block++)
			if (!is_shown_right(block))
				atomic_fetch_add(&race.wrong, 1);
		mh_yield();
		atomic_fetch_add_explicit(&looks, 1, memory_order_relaxed);
	}
}

static void run_threads(uint64_t duration_ns)
{
	struct mh_thread hotpluggers[RACE_HOTPLUGGERS], others[RACE_PAGERS + 2];
	uint64_t end_ns = mh_clock_monotonic_ns() + duration_ns;

	for (int i = 0; i < RACE_PAGERS + 2; i++)
		if (mh_thread_start(&others[i], "other", -1,
				    i < RACE_PAGERS    ? race_pager_run
				    : i == RACE_PAGERS ? churner_run
						       : onlooker_run,
				    &race, NULL) < 0)
			abort();
	for (int i = 0; i < RACE_HOTPLUGGERS; i++)
		if (mh_thread_start(&hotpluggers[i], "hotplugger", -1, race_hotplugger_run, &race, NULL) < 0)
			abort();
	while (mh_clock_monotonic_ns() < end_ns)
		mh_sleep_ns(10000000);
	atomic_store(&race.stop_hotplug, true);
	for (int i = 0; i < RACE_HOTPLUGGERS; i++)
		mh_thread_join(&hotpluggers[i]);
	atomic_store(&race.stop_pages, true);
	for (int i = 0; i < RACE_PAGERS + 2; i++)
		mh_thread_join(&others[i]);
}

static void restore(unsigned *ret_left)
{
	struct mh_operation operation = {.trace = NULL};
	struct mh_trace trace;

	if (mh_trace_init(&trace, 256, MH_STAMPS_NONE, &race.clock) < 0)
		abort();
	operation.trace = &trace;
	mh_rcu_thread_enter(&mh_machine_chain(race.machine)->rcu);
	(void)mh_machine_restore(race.machine, &operation, ret_left);
	mh_rcu_thread_leave(&mh_machine_chain(race.machine)->rcu);
	mh_trace_release(&trace);
}

static void run_case(const struct machine_case *row)
{
	static struct notifier_block fixed[LISTENERS];
	struct mh_machine_config config = {.chain = row->chain, .hotplug_lock = row->lock};
	unsigned violations, left = 0;

	race_machine_new(&race, &config);
	for (int i = 0; i < LISTENERS; i++) {
		fixed[i] = (struct notifier_block){i == 1 ? sometimes_vetoes : listens, NULL, i};
		if (mh_chain_register(mh_machine_chain(race.machine), &fixed[i], NULL) < 0)
			abort();
	}
	churned = looks = 0;
	run_threads(race_share_ns(CASES));
	violations = race_violations(&race);
	if (mh_chain_unregister(mh_machine_chain(race.machine), &fixed[1]) < 0)
		abort();
	restore(&left);
	violations += mh_check_machine(race.machine);
	race_report(violations == 0 && race.wrong == 0 && left == 0 && race.operations > 0 && race.pages > 0 &&
			    churned > 0 && looks > 0,
		    "%s: %lu operations, %lu refused, %lu page steps, %lu listeners churned, %u violations, %u wrong, "
		    "%u not restored",
		    row->name, atomic_load(&race.operations), atomic_load(&race.failed), atomic_load(&race.pages),
		    atomic_load(&churned), violations, atomic_load(&race.wrong), left);
	race_machine_free(&race);
}

int main(void)
{
	mh_rcu_thread_register();
	for (size_t i = 0; i < CASES; i++)
		run_case(&cases[i]);
	mh_rcu_thread_unregister();
	return race_end();
}
