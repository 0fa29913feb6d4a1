/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain under threads that walk it and threads that change it, for all twelve ways to keep it. A listener's memory
 * is poisoned and freed as soon as its unregister has returned (or its async unregister is done): a walk that still
 * uses it is a race for ThreadSanitizer, and a wrong magic for us.
 *
 * race_chain              every combination in turn
 * race_chain --list       their names
 * race_chain --seeded X   combination X with its bug put in: no grace period before the memory is freed (RCU types), or
 *                         walks without the lock (rwlock, mutex). ThreadSanitizer must report; exit 3 if it did not.
 *
 * The bugs are made of core's own parts, called in the wrong order, from here: the product has no switch for them.
 */
#include <stddef.h>
#include <string.h>

#include "base/thread.h"
#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/notifier.h"
#include "race.h"

#define COMBINATIONS     12
#define WALKERS          2
#define CHANGERS         2
#define FIXED_LISTENERS  3
#define PENDING_MAX      64 /* async unregisters that one thread lets wait */
#define SEEDED_NS_MAX    UINT64_C(5000000000)
#define MAGIC_ALIVE      0x600d600du
#define EXIT_NOT_CAUGHT  3
#define EXIT_UNSANITIZED 77

static const struct mh_chain_config combinations[COMBINATIONS] = {
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB}, {MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR}, {MH_CHAIN_RCU_ARRAY, MH_RCU_BP},
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MB},   {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}, {MH_CHAIN_RCU_LIST, MH_RCU_MEMB},
	{MH_CHAIN_RCU_LIST, MH_RCU_QSBR},  {MH_CHAIN_RCU_LIST, MH_RCU_BP},    {MH_CHAIN_RCU_LIST, MH_RCU_MB},
	{MH_CHAIN_RCU_LIST, MH_RCU_SRCU},  {MH_CHAIN_RWLOCK, MH_RCU_MEMB},    {MH_CHAIN_MUTEX, MH_RCU_MEMB},
};

struct ring {
	struct mh_chain chain;
	bool seeded;
	atomic_bool stop;
	atomic_uint wrong; /* callbacks that found their listener dead; calls that failed */
	atomic_ulong walks, changes;
};

struct heap_listener {
	struct notifier_block nb;
	unsigned magic;
	struct ring *ring;
	atomic_uint *pending; /* async: goes down when the memory is free */
};

static bool is_rcu(const struct mh_chain_config *config)
{
	return config->type == MH_CHAIN_RCU_ARRAY || config->type == MH_CHAIN_RCU_LIST;
}

static const char *name_of(const struct mh_chain_config *config, char *name, size_t size)
{
	snprintf(name, size, "%s%s%s", mh_chain_type_names[config->type], is_rcu(config) ? "/" : "",
		 is_rcu(config) ? mh_rcu_flavour_names[config->rcu] : "");
	return name;
}

static int heap_called(struct notifier_block *nb, unsigned long action, void *data)
{
	struct heap_listener *listener =
		(struct heap_listener *)(void *)((char *)nb - offsetof(struct heap_listener, nb));

	(void)action;
	if (listener->magic != MAGIC_ALIVE)
		atomic_fetch_add(&((struct ring *)data)->wrong, 1);
	return NOTIFY_OK;
}

static int fixed_called(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_DONE;
}

/* The rwlock's and the mutex' bug: a walk that holds nothing. */
static void walk_unlocked(struct ring *ring)
{
	for (const struct mh_chain_link *link = ring->chain.head; link; link = link->next)
		(void)link->entry.call(link->entry.nb, 1, ring);
}

static void walker_run(void *data)
{
	struct ring *ring = data;
	bool unlocked = ring->seeded && ring->chain.type >= MH_CHAIN_RWLOCK;

	mh_rcu_thread_enter(&ring->chain.rcu);
	while (!atomic_load_explicit(&ring->stop, memory_order_relaxed)) {
		if (unlocked)
			walk_unlocked(ring);
		else
			(void)mh_chain_call(&ring->chain, 1, ring, -1, NULL);
		mh_rcu_quiescent(&ring->chain.rcu);
		atomic_fetch_add_explicit(&ring->walks, 1, memory_order_relaxed);
	}
	mh_rcu_thread_leave(&ring->chain.rcu);
}

static struct heap_listener *listener_add(struct ring *ring, int priority)
{
	struct heap_listener *listener = calloc(1, sizeof(*listener));

	if (!listener)
		abort();
	*listener = (struct heap_listener){
		.nb = {.notifier_call = heap_called, .priority = priority},
		.magic = MAGIC_ALIVE,
		.ring = ring,
	};
	if (mh_chain_register(&ring->chain, &listener->nb, NULL) == 0)
		return listener;
	atomic_fetch_add(&ring->wrong, 1);
	free(listener);
	return NULL;
}

static void listener_free(struct heap_listener *listener)
{
	memset(listener, 0x5a, sizeof(*listener));
	free(listener);
}

/* The RCU types' bug: taken out of the chain as mh_chain_unregister does, without its grace period. */
static int unregister_too_early(struct mh_chain *chain, struct notifier_block *nb)
{
	struct mh_chain_array *arrays = NULL;
	struct mh_chain_link *link = NULL;

	mh_mutex_lock(&chain->writer);
	for (uint32_t id = 0; id < chain->listener_count; id++)
		if (chain->listeners[id]->nb == nb)
			atomic_store(&chain->listeners[id]->sequence, 0);
	if (chain->type == MH_CHAIN_RCU_ARRAY) {
		if (mh_rcu_array_remove(chain, nb) < 0)
			abort();
		arrays = mh_rcu_array_take_retired(chain);
	} else {
		link = mh_chain_list_remove(chain, nb);
	}
	mh_mutex_unlock(&chain->writer);
	mh_rcu_array_free_retired(arrays);
	free(link);
	return 0;
}

static void changer_run(void *data)
{
	struct ring *ring = data;
	bool early = ring->seeded && ring->chain.type <= MH_CHAIN_RCU_LIST;

	mh_rcu_thread_enter(&ring->chain.rcu);
	for (int i = 0; !atomic_load_explicit(&ring->stop, memory_order_relaxed); i++) {
		struct heap_listener *listener = listener_add(ring, i % 7 - 3);
		int ret;

		mh_rcu_quiescent(&ring->chain.rcu);
		if (!listener)
			break;
		ret = early ? unregister_too_early(&ring->chain, &listener->nb)
			    : mh_chain_unregister(&ring->chain, &listener->nb);
		if (ret < 0)
			atomic_fetch_add(&ring->wrong, 1);
		else
			listener_free(listener);
		atomic_fetch_add_explicit(&ring->changes, 1, memory_order_relaxed);
	}
	mh_rcu_thread_leave(&ring->chain.rcu);
}

static void async_done(void *data)
{
	struct heap_listener *listener = data;
	atomic_uint *pending = listener->pending;

	listener_free(listener);
	atomic_fetch_sub(pending, 1);
}

static void async_run(void *data)
{
	struct ring *ring = data;
	atomic_uint pending = 0;
	unsigned turns = 0;

	mh_rcu_thread_enter(&ring->chain.rcu);
	while (!atomic_load_explicit(&ring->stop, memory_order_relaxed)) {
		struct heap_listener *listener;

		mh_rcu_quiescent(&ring->chain.rcu);
		if (atomic_load(&pending) >= PENDING_MAX) {
			mh_spin_turn(&turns);
			continue;
		}
		listener = listener_add(ring, 1);
		if (!listener)
			break;
		listener->pending = &pending;
		atomic_fetch_add(&pending, 1);
		if (mh_chain_unregister_async(&ring->chain, &listener->nb, async_done, listener) < 0)
			atomic_fetch_add(&ring->wrong, 1);
		atomic_fetch_add_explicit(&ring->changes, 1, memory_order_relaxed);
	}
	mh_rcu_thread_leave(&ring->chain.rcu);
	mh_rcu_barrier(&ring->chain.rcu);
}

static void ring_threads(struct ring *ring, uint64_t duration_ns)
{
	struct mh_thread threads[WALKERS + CHANGERS + 1];
	unsigned count = 0;
	uint64_t end_ns = mh_clock_monotonic_ns() + duration_ns;

	for (int i = 0; i < WALKERS; i++)
		if (mh_thread_start(&threads[count], "walker", -1, walker_run, ring, NULL) == 0)
			count++;
	for (int i = 0; i < CHANGERS; i++)
		if (mh_thread_start(&threads[count], "changer", -1, changer_run, ring, NULL) == 0)
			count++;
	if (!ring->seeded && ring->chain.type <= MH_CHAIN_RCU_LIST &&
	    mh_thread_start(&threads[count], "async", -1, async_run, ring, NULL) == 0)
		count++;
	while (mh_clock_monotonic_ns() < end_ns)
		mh_sleep_ns(10000000);
	atomic_store(&ring->stop, true);
	for (unsigned i = 0; i < count; i++)
		mh_thread_join(&threads[i]);
}

static void run_combination(const struct mh_chain_config *config, bool seeded, uint64_t duration_ns)
{
	static struct notifier_block fixed[FIXED_LISTENERS];
	struct ring ring = {.seeded = seeded};
	char name[32];

	if (mh_chain_init(&ring.chain, config, NULL) < 0)
		abort();
	for (int i = 0; i < FIXED_LISTENERS; i++) {
		fixed[i] = (struct notifier_block){.notifier_call = fixed_called, .priority = 2 * i - 2};
		if (mh_chain_register(&ring.chain, &fixed[i], "fixed") < 0)
			abort();
	}
	ring_threads(&ring, duration_ns);
	race_report(ring.wrong == 0 && ring.walks > 0 && ring.changes > 0 &&
			    mh_chain_count(&ring.chain) == FIXED_LISTENERS,
		    "%s: %lu walks beside %lu changes, %u wrong", name_of(config, name, sizeof(name)),
		    atomic_load(&ring.walks), atomic_load(&ring.changes), atomic_load(&ring.wrong));
	mh_chain_release(&ring.chain);
}

static int run_seeded(const char *wanted)
{
	char name[32];

	if (!MH_RCU_TSAN) {
		fprintf(stderr, "race_chain: --seeded needs a build for ThreadSanitizer\n");
		return EXIT_UNSANITIZED;
	}
	for (int i = 0; i < COMBINATIONS; i++) {
		if (strcmp(name_of(&combinations[i], name, sizeof(name)), wanted) != 0)
			continue;
		run_combination(&combinations[i], true, SEEDED_NS_MAX);
		fprintf(stderr, "race_chain: the bug in %s was not reported\n", wanted);
		return EXIT_NOT_CAUGHT;
	}
	fprintf(stderr, "race_chain: no combination is called '%s' (see --list)\n", wanted);
	return 2;
}

int main(int argc, char **argv)
{
	char name[32];

	mh_rcu_thread_register();
	if (argc == 3 && strcmp(argv[1], "--seeded") == 0)
		return run_seeded(argv[2]);
	for (int i = 0; i < COMBINATIONS; i++) {
		if (argc == 2 && strcmp(argv[1], "--list") == 0)
			puts(name_of(&combinations[i], name, sizeof(name)));
		else
			run_combination(&combinations[i], false, race_share_ns(COMBINATIONS));
	}
	mh_rcu_thread_unregister();
	return race_number ? race_end() : 0;
}
