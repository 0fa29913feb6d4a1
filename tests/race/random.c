/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random operations at verify: full, against listeners with random answers, a thread that registers and unregisters
 * without pause, and one that takes and gives pages: no invariant may break. Only "return-encoding", which random raw
 * answers earn, is expected.
 *
 * race_random [OPERATIONS [SEED]]: so many operations in all, or as long as MEMHP_PROOF_SECONDS says. A case whose
 * operations, answers and seed are the same does the same with its machine; what the other threads do is up to chance.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/thread.h"
#include "core/block_device.h"
#include "core/hotplug_reader.h"
#include "core/memory_add.h"
#include "core/sysfs.h"
#include "core/topology/topology.h"
#include "race.h"

#define ANSWERERS   3
#define CHURNED     4
#define HANDLES     96
#define DIMM_BLOCKS 2
#define DEADLINE_NS 1000000u
#define YIELD_EVERY 64 /* steps of each thread: two cores must do */
#define TOLD_MAX    3  /* violations of a case that are printed */

struct random_case {
	enum mh_chain_type chain;
	enum mh_compat compat;
	bool map; /* a memory map: with DMA32, add, remove and DIMMs; else a topology */
};

static const enum mh_compat compats[] = {MH_COMPAT_V6_1, MH_COMPAT_V6_12, MH_COMPAT_V7_3};

#define CASES (MH_CHAIN_TYPES * 3 * 2)

struct answerer {
	struct notifier_block nb, node_nb;
	unsigned quirk; /* one answer in so many is not OK */
};

/* All of one case. */
struct stress {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct answerer answerers[ANSWERERS];
	mh_handle handles[HANDLES];
	atomic_bool stop;
	atomic_ulong churned, pages, sections;
	unsigned long operations, successes;
	unsigned violations, encodings; /* found so far; those that raw answers earned */
	atomic_uint wrong;
};

static struct stress stress;
static uint64_t random_state; /* of the operating thread: operations and answers */

static uint64_t draw(uint64_t bound)
{
	return race_random(&random_state) % bound;
}

/* DONE, STOP, refusals, and values that are no answer at all. */
static int odd_answer(void)
{
	static const int values[] = {
		NOTIFY_DONE, NOTIFY_STOP, NOTIFY_BAD, 0x800D, 0x8011, 0x9000, NOTIFY_STOP_MASK, 2, 0x7FFF, -12, -4095,
	};

	return values[draw(sizeof(values) / sizeof(values[0]))];
}

static int answer(const struct answerer *answerer)
{
	return draw(answerer->quirk) ? NOTIFY_OK : odd_answer();
}

static int answers(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)action;
	(void)data;
	return answer((struct answerer *)(void *)((char *)nb - offsetof(struct answerer, nb)));
}

static int answers_node(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)action;
	(void)data;
	return answer((struct answerer *)(void *)((char *)nb - offsetof(struct answerer, node_nb)));
}

static int listens(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_OK;
}

/* Node 0 boots with eight blocks, partly DMA32; node 1 with four, Movable above; room for DIMMs above all. */
static void map_machine(struct mh_machine_config *config)
{
	static struct mh_map_node nodes[] = {{0, true, true}, {1, true, false}};
	static struct mh_map_block blocks[12];
	static struct mh_map_zone zones[3];
	static struct mh_memory_map map = {
		.nodes = nodes,
		.node_count = 2,
		.blocks = blocks,
		.block_count = 12,
		.zones = zones,
		.zone_count = 3,
		.block_limit = 24,
	};
	uint64_t pages = config->block_size_bytes / 4096;

	for (uint32_t i = 0; i < 12; i++)
		blocks[i] = (struct mh_map_block){
			.block = i,
			.node = i >= 8,
			.online = true,
			.early = i < 8,
			.zone = i < 4   ? MH_ZONE_DMA32
				: i < 8 ? MH_ZONE_NORMAL
					: MH_ZONE_MOVABLE,
		};
	zones[0] = (struct mh_map_zone){0, MH_ZONE_DMA32, 0, 4 * pages, 4 * pages};
	zones[1] = (struct mh_map_zone){0, MH_ZONE_NORMAL, 4 * pages, 4 * pages, 4 * pages};
	zones[2] = (struct mh_map_zone){1, MH_ZONE_MOVABLE, 8 * pages, 4 * pages, 4 * pages};
	config->map = &map;
	config->memmap_on_memory = true;
}

static void machine_new(const struct random_case *row)
{
	struct mh_machine_config config = {
		.compat = row->compat,
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = 750000000,
		.movable_ppb = 300000000,
		.page_unit = MH_PAGE_UNIT_PAGEBLOCK,
		.verify = MH_VERIFY_FULL,
		.hotplug_lock = row->map || row->chain & 1 ? MH_HOTPLUG_LOCK_GLOBAL : MH_HOTPLUG_LOCK_NODE,
		.chain = {row->chain, row->map ? MH_RCU_MEMB : MH_RCU_QSBR},
		.clock = &stress.clock,
	};
	struct mh_error error;
	int ret;

	mh_clock_init(&stress.clock, MH_CLOCK_TSC);
	ret = mh_topology_load("pack:2 [numa(memory=1GiB)] core:1 pu:1", 0, &stress.topology, &error);
	config.topology = stress.topology;
	if (row->map)
		map_machine(&config);
	if (ret == 0)
		ret = mh_machine_new(&config, &stress.machine, &error);
	if (ret < 0) {
		fprintf(stderr, "random: %s\n", error.text);
		abort();
	}
}

static void listeners_new(void)
{
	struct mh_chain *node_chain = mh_machine_node_chain(stress.machine);

	for (unsigned i = 0; i < ANSWERERS; i++) {
		struct answerer *answerer = &stress.answerers[i];

		*answerer = (struct answerer){.nb = {.notifier_call = answers, .priority = (int)draw(5) - 2},
					      .node_nb = {.notifier_call = answers_node, .priority = (int)draw(5) - 2},
					      .quirk = 4u << (2 * i)};
		if (mh_chain_register(mh_machine_chain(stress.machine), &answerer->nb, NULL) < 0 ||
		    (node_chain && mh_chain_register(node_chain, &answerer->node_nb, NULL) < 0))
			abort();
	}
}

static void churn(struct mh_chain *chain, struct notifier_block *nb, int priority)
{
	if (!chain)
		return;
	*nb = (struct notifier_block){.notifier_call = listens, .priority = priority};
	/* A second register and the unregister of a stranger, too: refused. */
	if (mh_chain_register(chain, nb, "churned") != 0 || mh_chain_register(chain, nb, "churned") != -EEXIST ||
	    mh_chain_unregister(chain, nb) != 0 || mh_chain_unregister(chain, nb) != -ENOENT)
		atomic_fetch_add(&stress.wrong, 1);
	memset(nb, 0x5a, sizeof(*nb));
}

static void churner_run(void *data)
{
	struct mh_chain *chain = mh_machine_chain(stress.machine);
	struct mh_chain *node_chain = mh_machine_node_chain(stress.machine);
	struct notifier_block blocks[CHURNED];

	(void)data;
	mh_rcu_thread_enter(&chain->rcu);
	for (unsigned i = 0; !atomic_load_explicit(&stress.stop, memory_order_relaxed); i++) {
		churn(i % 4 == 3 ? node_chain : chain, &blocks[i % CHURNED], (int)(i % 5) - 2);
		mh_rcu_quiescent(&chain->rcu);
		if (i % YIELD_EVERY == 0)
			mh_yield();
		atomic_fetch_add_explicit(&stress.churned, 1, memory_order_relaxed);
	}
	mh_rcu_thread_leave(&chain->rcu);
}

/* Not all kinds: a reserved page would keep its block for ever, a free huge one may go between a look and its free. */
static void page_step(struct mh_cpu *cpu, mh_handle *handle, uint64_t random)
{
	static const enum mh_page_kind kinds[] = {MH_PAGE_KERNEL, MH_PAGE_PINNED, MH_PAGE_HUGE, MH_PAGE_HUGE_STUCK};
	struct mh_page_request request = {
		.node = random & 1,
		.order = random & 0x18 ? 0 : random >> 5 & 1,
		.kind = random >> 6 & 0x3f ? MH_PAGE_MOVABLE : kinds[(random >> 12) % 4],
	};

	if (!atomic_load(handle))
		(void)mh_page_alloc(stress.machine, cpu, &request, handle);
	else
		mh_page_free(stress.machine, cpu, handle);
}

static void read_section(unsigned node)
{
	struct mh_hotplug_reader reader;

	mh_hotplug_read_lock(stress.machine, node, &reader);
	mh_hotplug_read_unlock(stress.machine, &reader);
	atomic_fetch_add_explicit(&stress.sections, 1, memory_order_relaxed);
}

static void pager_run(void *data)
{
	uint64_t random = 5;
	struct mh_cpu *cpu;

	(void)data;
	if (mh_cpu_new(stress.machine, &cpu) < 0)
		abort();
	mh_cpu_enter(cpu);
	while (!atomic_load_explicit(&stress.stop, memory_order_relaxed)) {
		uint64_t turn = race_random(&random);

		page_step(cpu, &stress.handles[turn % HANDLES], turn / HANDLES);
		if (turn % 1024 == 0) {
			mh_cpu_leave(cpu);
			read_section(turn / 1024 & 1);
			mh_yield();
			mh_cpu_enter(cpu);
		}
		atomic_fetch_add_explicit(&stress.pages, 1, memory_order_relaxed);
	}
	for (unsigned i = 0; i < HANDLES; i++)
		if (atomic_load(&stress.handles[i]))
			mh_page_free(stress.machine, cpu, &stress.handles[i]);
	mh_cpu_leave(cpu);
	mh_cpu_free(stress.machine, cpu);
}

static int64_t write_file(struct mh_operation *operation, uint32_t block)
{
	static const char *const states[] = {"online",    "online_kernel", "online_movable", "offline",
					     "offline\n", "ONLINE",        "online\n\n"};
	static const char *const flags[] = {"0", "1", "on", "off", "x"};
	const char *word = draw(2) ? states[draw(7)] : NULL;

	if (word)
		return mh_block_write_state(stress.machine, operation, block, word, strlen(word));
	word = flags[draw(5)];
	return mh_block_write_online(stress.machine, operation, block, word, strlen(word));
}

/* Memory comes and goes above the boot memory; what is refused is refused. */
static void change_memory(struct mh_operation *operation)
{
	uint32_t first = 12 + (uint32_t)draw(6) * DIMM_BLOCKS;
	struct mh_memory_range range = {.node = (unsigned)draw(2), .first = first, .count = 1 + (uint32_t)draw(2)};
	const char *policy = mh_auto_online_words[draw(MH_AUTO_ONLINES)];

	switch (draw(6)) {
	case 0:
		(void)mh_dimm_plug(stress.machine, operation, range.node, DIMM_BLOCKS, &first);
		break;
	case 1:
		(void)mh_dimm_unplug(stress.machine, operation, first, DIMM_BLOCKS);
		break;
	case 2:
		range.memmap_on_memory = draw(2);
		(void)mh_memory_add(stress.machine, operation, &range);
		break;
	case 3:
		(void)mh_memory_remove(stress.machine, operation, first, range.count);
		break;
	case 4:
		(void)mh_memory_offline_and_remove(stress.machine, operation, first, range.count);
		break;
	default:
		(void)mh_sysfs_write(stress.machine, operation, "/sys/devices/system/memory/auto_online_blocks", policy,
				     strlen(policy));
	}
}

static void operate(struct mh_operation *operation, bool map)
{
	uint32_t block = (uint32_t)draw(mh_machine_block_count(stress.machine));
	enum mh_zone_kind kinds[MH_ZONE_KINDS];

	mh_trace_reset(operation->trace);
	operation->identity.index++;
	operation->deadline_ticks = mh_clock_ticks(&stress.clock) + mh_clock_ticks_of_ns(&stress.clock, DEADLINE_NS);
	operation->result = -1;
	switch (draw(map ? 8 : 6)) {
	case 0:
		(void)write_file(operation, block);
		break;
	case 1:
		(void)mh_block_valid_zones(stress.machine, block, kinds);
		(void)write_file(operation, block);
		break;
	case 2:
	case 3:
		(void)mh_block_offline(stress.machine, operation, block);
		break;
	case 4:
	case 5:
		(void)mh_block_online(stress.machine, operation, block, (enum mh_online_type)draw(3));
		break;
	default:
		change_memory(operation);
	}
	stress.operations++;
	stress.successes += operation->result == 0;
}

/* Takes what was found since, so that there is always room to keep what matters. */
static void sift(void)
{
	struct mh_check *check = mh_machine_check(stress.machine);

	mh_mutex_lock(&check->lock);
	for (unsigned i = 0; i < check->kept; i++) {
		const struct mh_violation *violation = &check->violations[i];

		if (strcmp(violation->invariant, "return-encoding") == 0)
			stress.encodings++;
		else if (stress.violations++ < TOLD_MAX)
			printf("# %s at %llu: %s\n", violation->invariant, (unsigned long long)violation->sequence,
			       violation->detail);
	}
	check->kept = 0;
	mh_mutex_unlock(&check->lock);
}

static void wait_for_others(void)
{
	while (!atomic_load(&stress.churned) || !atomic_load(&stress.pages))
		mh_yield();
}

/* Until so many operations, or for so long. */
static void run_operations(bool map, unsigned long count, uint64_t duration_ns)
{
	struct mh_chain *chain = mh_machine_chain(stress.machine);
	uint64_t end_ns = mh_clock_monotonic_ns() + duration_ns;
	struct mh_operation operation = {.trace = NULL};
	struct mh_trace trace;

	if (mh_trace_init(&trace, 4096, MH_STAMPS_EVENT, &stress.clock) < 0)
		abort();
	operation.trace = &trace;
	mh_rcu_thread_enter(&chain->rcu);
	while (count ? stress.operations < count : mh_clock_monotonic_ns() < end_ns) {
		operate(&operation, map);
		sift();
		if (stress.operations % YIELD_EVERY == 0)
			mh_yield(); /* the others want the lock, too */
		mh_rcu_quiescent(&chain->rcu);
	}
	mh_rcu_thread_leave(&chain->rcu);
	mh_trace_release(&trace);
}

static void run_case(const struct random_case *row, unsigned long count, uint64_t seed)
{
	struct mh_thread churner, pager;

	memset(&stress, 0, sizeof(stress));
	random_state = seed;
	machine_new(row);
	listeners_new();
	if (mh_thread_start(&churner, "churner", -1, churner_run, NULL, NULL) < 0 ||
	    mh_thread_start(&pager, "pager", -1, pager_run, NULL, NULL) < 0)
		abort();
	wait_for_others();
	run_operations(row->map, count, race_share_ns(CASES));
	atomic_store(&stress.stop, true);
	mh_thread_join(&churner);
	mh_thread_join(&pager);
	(void)mh_check_machine(stress.machine);
	sift();
	race_report(
		stress.violations == 0 && stress.wrong == 0 && stress.successes > 0 && stress.encodings > 0,
		"%s, %s, %s: %lu operations, %lu done, %lu churned, %lu page steps, %lu orphans, %u odd answers, %u "
		"violations, %u wrong; seed %llu",
		mh_chain_type_names[row->chain], mh_compat_names[row->compat], row->map ? "map" : "topology",
		stress.operations, stress.successes, atomic_load(&stress.churned), atomic_load(&stress.pages),
		(unsigned long)atomic_load(&mh_machine_check(stress.machine)->orphan_finals), stress.encodings,
		stress.violations, atomic_load(&stress.wrong), (unsigned long long)seed);
	mh_machine_free(stress.machine);
	mh_topology_free(stress.topology);
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 4711;
	unsigned long total = 0;

	mh_rcu_thread_register();
	for (unsigned i = 0; i < CASES; i++) {
		struct random_case row = {(enum mh_chain_type)(i / 6), compats[i / 2 % 3], i & 1};

		run_case(&row, count ? (count + CASES - 1) / CASES : 0, seed + i);
		total += stress.operations;
	}
	mh_rcu_thread_unregister();
	printf("# %lu operations\n", total);
	return race_end();
}
