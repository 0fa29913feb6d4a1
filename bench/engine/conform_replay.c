/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case on its machine, from building it to the last step. */
#include "bench/engine/conform_replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sysfs.h"

#define TRACE_STAMPS 4096 /* of one operation: calls of all listeners in all its events */

#define AUTO_ONLINE "/sys/devices/system/memory/auto_online_blocks"

static int machine_build(struct mh_conform_replay *replay, enum mh_chain_type chain, struct mh_error *reterr)
{
	const struct mh_conform_world *world = replay->world;
	const struct mh_machine_config config = {
		.map = &world->map,
		.compat = replay->recorded->compat,
		.online_policy = world->online_policy,
		.auto_movable_ratio = MH_AUTO_MOVABLE_RATIO_DEFAULT,
		.auto_movable_numa_aware = true,
		.memmap_on_memory = world->memmap_on_memory,
		.daemon_pages = replay->recorded->compat == MH_COMPAT_V7_3,
		.block_size_bytes = world->block_size_bytes,
		.movable_node = world->movable_node,
		.hotplug_lock = MH_HOTPLUG_LOCK_GLOBAL,
		.lock_wait = MH_LOCK_WAIT_QUEUE,
		.page_unit = MH_PAGE_UNIT_PAGE,
		.cancel = MH_CANCEL_ALL,
		.verify = MH_VERIFY_FULL,
		.chain = {.type = chain, .rcu = MH_RCU_MEMB},
		.clock = replay->clock,
	};

	return mh_machine_new(&config, &replay->machine, reterr);
}

static int auto_online_set(struct mh_conform_replay *replay)
{
	const char *value = replay->world->auto_online;
	int64_t ret;

	mh_conform_operation_begin(replay, &replay->operation, &replay->trace);
	ret = mh_sysfs_write(replay->machine, &replay->operation, AUTO_ONLINE, value, strlen(value));
	return ret < 0 ? (int)ret : 0;
}

/* The blocks of a group in one piece, or count 0: what is not in one piece cannot be unplugged as a DIMM. */
static void dimm_find_blocks(const struct mh_memory_map *map, unsigned group, struct mh_conform_dimm *dimm)
{
	uint32_t count = 0, last = 0;

	dimm->first = UINT32_MAX;
	for (size_t i = 0; i < map->block_count; i++) {
		const struct mh_map_block *block = &map->blocks[i];

		if (block->group != group)
			continue;
		dimm->first = block->block < dimm->first ? block->block : dimm->first;
		last = block->block > last ? block->block : last;
		count++;
	}
	dimm->count = count && last - dimm->first + 1 == count ? count : 0;
}

/* What was plugged before the case began. */
static void dimms_init(struct mh_conform_replay *replay)
{
	const struct mh_conform_world *world = replay->world;

	for (size_t i = 0; i < world->map.group_count && replay->dimm_count < MH_CONFORM_DIMMS_MAX; i++) {
		struct mh_conform_dimm *dimm = &replay->dimms[replay->dimm_count++];

		if ((size_t)snprintf(dimm->name, sizeof(dimm->name), "%s", world->group_names[i]) < sizeof(dimm->name))
			dimm_find_blocks(&world->map, (unsigned)i + 1, dimm);
	}
}

static int replay_init(struct mh_conform_replay *replay, enum mh_chain_type chain, struct mh_error *reterr)
{
	int ret = machine_build(replay, chain, reterr);

	if (ret < 0)
		return ret;
	ret = mh_trace_init(&replay->trace, TRACE_STAMPS, MH_STAMPS_NONE, replay->clock);
	if (ret < 0)
		goto free_machine;
	ret = mh_conform_pages_init(&replay->pages, replay->machine);
	if (ret < 0)
		goto release_trace;
	dimms_init(replay);
	ret = auto_online_set(replay);
	if (ret == 0)
		return 0;
	mh_error_set(reterr, ret, "'auto_online_blocks' cannot be '%.40s'", replay->world->auto_online);
	mh_conform_pages_release(&replay->pages);
release_trace:
	mh_trace_release(&replay->trace);
free_machine:
	mh_machine_free(replay->machine);
	return ret;
}

static void replay_release(struct mh_conform_replay *replay)
{
	(void)mh_conform_injector_unload(&replay->injector, "memory_notifier_error_inject");
	mh_conform_listeners_release(&replay->listeners);
	mh_conform_pages_release(&replay->pages);
	mh_trace_release(&replay->trace);
	mh_machine_free(replay->machine);
}

/* What the checks found: answers that break a listener's contract are what many cases are about, an invariant that
 * does not hold is never. */
static enum mh_conform_verdict invariants_judge(struct mh_conform_replay *replay)
{
	const struct mh_check *check = mh_machine_check(replay->machine);

	for (unsigned i = 0; i < check->kept; i++) {
		const struct mh_violation *violation = &check->violations[i];

		if (violation->invariant[0] != 'I')
			continue;
		mh_text_add(replay->text, "invariant %s does not hold: %s\n", violation->invariant, violation->detail);
		return MH_CONFORM_FAILED;
	}
	return MH_CONFORM_PASSED;
}

static enum mh_conform_verdict steps_do(struct mh_conform_replay *replay)
{
	enum mh_conform_verdict verdict = MH_CONFORM_PASSED;

	for (size_t i = 0; i < replay->recorded->step_count && verdict == MH_CONFORM_PASSED; i++)
		verdict = mh_conform_step(replay, &replay->recorded->steps[i]);
	if (verdict == MH_CONFORM_PASSED)
		verdict = invariants_judge(replay);
	return verdict;
}

static enum mh_conform_verdict listen_and_do(struct mh_conform_replay *replay)
{
	const struct mh_uevent_sink sink = {.told = mh_conform_log_uevent, .data = &replay->log};
	enum mh_conform_verdict verdict;
	int ret;

	replay->listeners =
		(struct mh_conform_listeners){.machine = replay->machine, .log = &replay->log, .pages = &replay->pages};
	replay->injector.listeners = &replay->listeners;
	mh_machine_uevents(replay->machine, &sink);
	ret = mh_conform_listeners_init(&replay->listeners, replay->world, replay->recorded);
	if (ret == 0) {
		verdict = steps_do(replay);
	} else {
		mh_text_add(replay->text, "chain: a listener cannot be registered: %s", strerror(-ret));
		verdict = MH_CONFORM_MALFORMED;
	}
	mh_machine_uevents(replay->machine, NULL);
	return verdict;
}

enum mh_conform_verdict mh_conform_replay(const struct mh_conform_world *world, const struct mh_conform_case *recorded,
					  enum mh_chain_type chain, const struct mh_clock *clock, struct mh_text *text)
{
	struct mh_conform_replay *replay = calloc(1, sizeof(*replay));
	enum mh_conform_verdict verdict = MH_CONFORM_MALFORMED;
	struct mh_error error = {0};

	if (!replay) {
		mh_text_add(text, "no memory");
		return verdict;
	}
	replay->world = world;
	replay->recorded = recorded;
	replay->clock = clock;
	replay->text = text;
	atomic_init(&replay->signal, false);
	mh_conform_log_init(&replay->log);
	if (replay_init(replay, chain, &error) == 0) {
		verdict = listen_and_do(replay);
		replay_release(replay);
	} else {
		mh_text_add(text, "world %s: %s", world->name, error.text);
	}
	mh_conform_log_release(&replay->log);
	free(replay);
	return verdict;
}
