/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that reads the state of a block again and again. */
#include "bench/engine/conform_watch.h"

#include "base/sync.h"

static void sample(struct mh_conform_watch *watch)
{
	const bool there = watch->block < mh_machine_block_count(watch->machine);
	const enum mh_block_state state =
		there ? mh_machine_block_state(watch->machine, watch->block) : MH_BLOCK_OFFLINE;

	if (there && (watch->seen_count == 0 || watch->seen[watch->seen_count - 1] != state) &&
	    watch->seen_count < MH_CONFORM_WATCHED_MAX)
		watch->seen[watch->seen_count++] = state;
	/* Release: who has seen the count knows that the state was read before. */
	atomic_fetch_add_explicit(&watch->samples, 1, memory_order_release);
}

static void look(void *data)
{
	struct mh_conform_watch *watch = data;

	while (!atomic_load_explicit(&watch->stop, memory_order_relaxed)) {
		sample(watch);
		mh_yield();
	}
}

static void wait_for_samples(struct mh_conform_watch *watch, uint64_t count)
{
	while (atomic_load_explicit(&watch->samples, memory_order_acquire) < count)
		mh_yield();
}

int mh_conform_watch_begin(struct mh_conform_watch *watch, const struct mh_machine *machine, uint32_t block,
			   struct mh_error *reterr)
{
	int ret;

	watch->machine = machine;
	watch->block = block;
	watch->seen_count = 0;
	atomic_init(&watch->stop, false);
	atomic_init(&watch->samples, 0);
	ret = mh_thread_start(&watch->thread, "watch", -1, look, watch, reterr);
	if (ret == 0)
		wait_for_samples(watch, 1);
	return ret;
}

/* Two: the reading that runs may have begun before. */
void mh_conform_watch_sampled(struct mh_conform_watch *watch)
{
	wait_for_samples(watch, atomic_load_explicit(&watch->samples, memory_order_relaxed) + 2);
}

void mh_conform_watch_end(struct mh_conform_watch *watch)
{
	atomic_store_explicit(&watch->stop, true, memory_order_relaxed);
	mh_thread_join(&watch->thread);
	sample(watch);
}

json_t *mh_conform_watch_states(const struct mh_conform_watch *watch, const json_t *recorded)
{
	json_t *list = json_array();
	size_t known = json_array_size(recorded);

	for (unsigned i = 0; i < watch->seen_count; i++) {
		if (i == known && known && json_equal(list, recorded))
			break;
		json_array_append_new(list, json_string(mh_block_state_names[watch->seen[i]]));
	}
	return list;
}
