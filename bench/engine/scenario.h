/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario with every value typed, every default filled in and every name looked up: what one cell of a plan runs.
 * Immutable once loaded; read by any thread. Durations are ns, sizes bytes, shares parts per billion, rates per second.
 *
 * The C names of an enum follow the order of the words in the row's `values`; the rows stand in section_*.c.
 */
#ifndef BENCH_ENGINE_SCENARIO_H
#define BENCH_ENGINE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/distribution.h"
#include "base/rcu.h"
#include "base/schema.h"
#include "core/event.h"
#include "core/machine.h"
#include "core/topology/placement.h"
#include "faults/fault.h"
#include "workloads/workload.h"
#include "results/slo.h"
#include "results/slo_runs.h"

#define MH_SCENARIO_LISTENERS_MAX 16384 /* all counts of chain.notifiers together; half of what a chain can keep */

enum mh_scenario_mode { MH_MODE_THREADS, MH_MODE_KERNEL };

/* Places in another list of the scenario. */
struct mh_index_list {
	size_t *items;
	size_t count;
};

struct mh_scenario_machine {
	char *topology; /* "host", "xml:FILE" with FILE absolute, or a synthetic string; not yet checked */
	uint64_t node_memory_bytes;
	uint64_t block_size_bytes;   /* a power of two */
	uint64_t initial_online_ppb; /* of the blocks; all = 10^9, none = 0 */
	uint64_t movable_ppb;        /* of the blocks onlined at start */
	int online_policy;           /* enum mh_online_policy of core/machine.h */
	uint64_t auto_movable_ratio; /* percent; online_policy: auto-movable only, as the next */
	bool auto_movable_numa_aware;
	bool movable_node;
	int compat;       /* enum mh_compat of core/protocol.h */
	int hotplug_lock; /* enum mh_hotplug_lock of core/machine.h */
	int lock_wait;    /* enum mh_lock_wait of core/machine.h */
	int page_unit;    /* enum mh_page_unit; AUTO: page up to 256 GiB of machine, else pageblock */
	int backing;      /* enum mh_backing of core/machine.h */
};

enum mh_listener_wait { MH_LISTENER_SPIN, MH_LISTENER_SLEEP };
enum mh_priority_kind { MH_PRIORITY_ABSENT, MH_PRIORITY_FIXED, MH_PRIORITY_SPREAD, MH_PRIORITY_RANDOM };

/* `7`, `{spread: [a, b]}` (evenly from a to b in order of index), `{random: [a, b]}` (both included). */
struct mh_priority {
	enum mh_priority_kind kind;
	int from, to; /* equal when fixed */
};

/* One item of chain.notifiers. */
struct mh_scenario_notifier {
	char *name;   /* NULL for a preset */
	char *preset; /* "linux-6.1", or NULL */
	uint64_t count;
	struct mh_priority priority;
	struct mh_priority node_priority; /* ABSENT: not on the chain of nodes */
	unsigned events;                  /* bits 1 << enum mh_event; all of them for `all` */
	struct mh_distribution cost;      /* ns a call */
	int wait;                         /* enum mh_listener_wait: how the cost is spent */
	int returns;                      /* raw value of the callback, as the chain sees it */
};

/* One listener after counts and presets are expanded, in the order of registration. */
struct mh_scenario_listener {
	char *name;              /* "generic.7", "slab_memory_callback" */
	bool on_memory, on_node; /* the chains that it listens on; at least one */
	int priority, node_priority;
	unsigned events;
	size_t notifier; /* index into chain.notifiers: cost, wait, returns */
};

struct mh_scenario_chain {
	int type;   /* enum mh_chain_type of core/notifier.h */
	int rcu;    /* enum mh_rcu_flavour; has no effect with rwlock and mutex */
	int cancel; /* enum mh_cancel of core/machine.h */
	struct mh_scenario_notifier *notifiers;
	size_t notifier_count;
	struct mh_scenario_listener *listeners; /* random priorities are drawn from the scenario's seed */
	size_t listener_count;
};

struct mh_scenario_module {
	char *path;                      /* absolute */
	struct mh_string_list arguments; /* "KEY=VALUE", as after insmod */
};

enum mh_arrival { MH_ARRIVAL_CLOSED, MH_ARRIVAL_CONSTANT, MH_ARRIVAL_POISSON, MH_ARRIVAL_RAMP, MH_ARRIVAL_BURST };

struct mh_scenario_workload {
	char *name;
	const struct mh_workload_kind *kind;
	uint64_t threads;
	int placement;                      /* enum mh_placement_policy of core/topology/placement.h */
	struct mh_range_list cpuset;        /* placement: cpuset; else empty */
	int arrival;                        /* enum mh_arrival */
	double rate;                        /* operations a second of all its threads together; 0 when closed */
	double rate_from;                   /* ramp: the same, when the phase begins; else 0 */
	uint64_t burst_on_ns, burst_off_ns; /* burst */
	uint64_t max_outstanding;           /* arrivals that may wait, all threads together; 0 when closed */
	void *parameters;                   /* kind->parameters->size bytes, or NULL */
};

enum mh_phase_role {
	MH_ROLE_SETUP,
	MH_ROLE_WARMUP,
	MH_ROLE_MEASURE,
	MH_ROLE_FAULT,
	MH_ROLE_RECOVER,
	MH_ROLE_TEARDOWN,
};

/* "setup" …, by enum mh_phase_role. */
extern const char *const mh_scenario_role_names[];

enum mh_phase_until { MH_UNTIL_NEVER, MH_UNTIL_CONVERGED };

/* Exactly one of for_ns, ops and until bounds it. */
struct mh_scenario_phase {
	char *name;
	int role;        /* enum mh_phase_role */
	uint64_t for_ns; /* scaled by --time-scale */
	uint64_t ops; /* operations of the workloads that `service` covers, all threads together; the others run as long
		       */
	int until;    /* enum mh_phase_until */
	uint64_t max_ns;                /* with ops or until; 0: none; scaled by --time-scale */
	struct mh_index_list workloads; /* of scenario->workloads; never empty */
	double rate;                    /* instead of the open workloads' own; 0: theirs */
	bool keep_state;
};

struct mh_scenario_fault {
	struct mh_fault fault;       /* bound, with the defaults of where and trigger; passed mh_fault_check */
	struct mh_index_list phases; /* of scenario->phases; never empty */
};

enum mh_record_clock { MH_RECORD_CLOCK_TSC, MH_RECORD_CLOCK_MONOTONIC };

struct mh_scenario_record {
	uint64_t digits, listener_digits; /* 1 … 5 */
	uint64_t highest_ns;
	uint64_t interval_ns;
	struct mh_string_list series; /* globs */
	int stamps;                   /* enum mh_stamp_level of core/event.h */
	uint64_t sample;              /* of so many operations of a worker one is timed */
	int clock;                    /* enum mh_record_clock */
	uint64_t exemplars;           /* the worst operations kept, with their stamps */
	bool hw;                      /* the CPU's counters of each worker, over its loop */
};

enum mh_history_kind { MH_HISTORY_RING, MH_HISTORY_FILE, MH_HISTORY_OFF };

struct mh_scenario_history {
	enum mh_history_kind kind;
	uint64_t events; /* MH_HISTORY_RING: events kept, all threads together */
};

struct mh_scenario_verify {
	int level; /* enum mh_verify of core/check.h */
	uint64_t deadline_ns;
	uint64_t converge_within_ns;
	uint64_t hang_after_ns;
	struct mh_scenario_history history;
};

/* 0: no such limit (max_dropped has a default). */
struct mh_scenario_limits {
	uint64_t max_dropped_ppb;
	uint64_t max_lag_p99_ns;
	uint64_t max_rss_bytes;
	uint64_t max_duration_ns;
};

/* `ucb95`, `median`, `all`, `k/n`, or `false`. */
struct mh_scenario_require {
	bool can_fail;                  /* a breach ends in exit 1; false: it is reported only */
	enum mh_slo_require runs;       /* what of several runs is held against the limit; a single one is its value */
	unsigned share_of, share_count; /* MH_SLO_SHARE */
};

struct mh_scenario_slo {
	struct mh_threshold threshold;
	struct mh_scenario_require require;
	bool abort;        /* a breach at the end of its phase ends the run before the next phase */
	uint64_t after_ns; /* with abort: and before its end, as soon as so much of it is over; 0: only at its end */
};

enum mh_gate_direction { MH_GATE_LOWER, MH_GATE_HIGHER };

struct mh_scenario_gate_metric {
	struct mh_metric metric; /* phase and series may be globs */
	uint64_t tolerance_ppb;
	uint64_t floor_ppb; /* 0: 0.6 of the tolerance, or by calibration */
	int direction;      /* enum mh_gate_direction: which way is better */
};

struct mh_scenario_gate_count {
	char *glob;
	uint64_t increase_max;
};

enum mh_gate_times { MH_GATE_TIMES_REQUIRED, MH_GATE_TIMES_ADVISORY };
enum mh_gate_undecided { MH_GATE_UNDECIDED_FAIL, MH_GATE_UNDECIDED_WARN };

struct mh_scenario_looks {
	uint64_t *items; /* rising, none above pairs */
	size_t count;
};

struct mh_scenario_gate {
	bool present;
	uint64_t pairs;
	struct mh_scenario_looks looks;
	bool adaptive;
	uint64_t alpha_ppb;
	struct mh_scenario_gate_metric *metrics;
	size_t metric_count;
	struct mh_scenario_gate_count *counts;
	size_t count_count;
	int times;     /* enum mh_gate_times */
	int undecided; /* enum mh_gate_undecided */
};

struct mh_scenario {
	char *name;
	char *description;    /* NULL when there is none */
	uint64_t seed;        /* concrete, also when the file says random */
	int mode;             /* enum mh_scenario_mode */
	uint64_t runs;        /* 1 … 1000 */
	char *costs;          /* whole path of a file of recorded costs; NULL: none */
	double costs_mean_ns; /* of an operation by them; 0: none */
	bool costs_emulated;  /* on an emulated processor: times that are compared with nothing */
	struct mh_scenario_machine machine;
	struct mh_scenario_chain chain;
	struct mh_scenario_module *modules;
	size_t module_count;
	struct mh_scenario_workload *workloads; /* at least one */
	size_t workload_count;
	struct mh_scenario_phase *phases; /* at least one */
	size_t phase_count;
	struct mh_scenario_fault *faults;
	size_t fault_count;
	struct mh_scenario_record record;
	struct mh_scenario_verify verify;
	struct mh_scenario_limits limits;
	struct mh_scenario_slo *slos;
	size_t slo_count;
	struct mh_scenario_gate gate;
	double time_scale; /* --time-scale; 1 when not given */
	char *resolved;    /* the whole as YAML, defaults filled in, parses to the same scenario; not scaled */
};

void mh_scenario_free(struct mh_scenario *scenario);

/* Arrivals a second of all threads of @workload, on average over @phase; 0 when closed. */
double mh_scenario_mean_rate(const struct mh_scenario_workload *workload, const struct mh_scenario_phase *phase);
/* How long a phase lasts at most, ns, where time ends it; 0: its operations do. */
uint64_t mh_scenario_phase_span_ns(const struct mh_scenario_phase *phase);

/* Recorded phases are measure, fault and recover. */
bool mh_scenario_phase_is_recorded(const struct mh_scenario_phase *phase);

#endif
