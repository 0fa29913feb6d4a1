/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one run leaves behind: the content of run.json as plain structs. The engine fills it and it is not changed
 * after; run_json writes and reads it; show, slo, compare and export are functions over it.
 *
 * All texts and lists belong to the result: mh_result_text() copies a text into it, mh_result_add_*() grow a list. A
 * list moves when it grows: keep an item's pointer only until the next item of its kind is added. One thread at a time.
 */
#ifndef RESULTS_RESULT_H
#define RESULTS_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hw_count.h"
#include "results/environment.h"
#include "results/histogram.h"

#define MH_RUN_ID_TEXT 27 /* 26 characters of a ULID and the NUL */

enum mh_run_status {
	MH_RUN_OK,
	MH_RUN_ABORTED,   /* by a limit, a signal, the watchdog, a full disk */
	MH_RUN_INVALID,   /* the data cannot be trusted: generator late, a fault that never fired */
	MH_RUN_INCORRECT, /* an invariant, the protocol or an `expect` was violated */
	MH_RUN_STATUSES,
};

/* "ok", "aborted", "invalid", "incorrect". */
extern const char *const mh_run_status_names[MH_RUN_STATUSES];

/* Any text below is NULL where there is none; in the file it is null or left out, as results-format says. */

struct mh_result_parameter {
	const char *name, *value;
};

struct mh_result_pair {
	bool present;
	uint64_t index;
	char order[3];         /* "AB" or "BA" */
	char side;             /* 'A' or 'B' */
	const char *treatment; /* what the sides differ in, a sentence; NULL: not known */
};

struct mh_result_binary {
	const char *build_id, *version, *git, *compiler, *cflags, *sanitizer; /* sanitizer: "none", "address" … */
	bool dirty;                                                           /* the sources differed from @git */
	bool hooks; /* it has hook points; without them its times are a reference, and never gated */
};

struct mh_result_overheads {
	double clock_ns;    /* an empty pair of readings */
	double recorder_ns; /* one value into a histogram; negative: not measured */
	uint64_t clock_resolution_ns;
	const char *clock;  /* "tsc", "monotonic", "monotonic (no constant_tsc)" */
	const char *stamps; /* record.stamps: "none", "op", "event", "pair"; NULL: not known */
	uint64_t sample;    /* record.sample: one operation in so many was timed; 0: not known */
	double stamps_ns;   /* what that adds to an operation, on average over all; negative: not measured */
};

/* Disjoint: their sum is what completed. */
struct mh_result_ops {
	uint64_t ok;
	uint64_t fail;          /* by the kernel's rules, without a fault */
	uint64_t expected_fail; /* a fault that fired */
	uint64_t unexpected;    /* contradicts the model: a violation */
};

struct mh_result_workload {
	const char *name, *kind;
	double target_rate;   /* operations a second; 0: closed */
	double achieved_rate; /* completed operations a second */
	uint64_t dropped;     /* arrivals that found max_outstanding waiting */
	double lag_p99_ns;    /* how late the generator was; 0 when closed */
	uint64_t threads;
	int64_t threads_ns; /* from when each thread began until it ended, added up; MH_NOT_AVAILABLE */
	int64_t *cpus; /* of each thread: the CPU that it was bound to, read back; MH_NOT_AVAILABLE: the scheduler's */
	size_t cpu_count, cpu_capacity;
	uint64_t already; /* of ops.ok: operations that found their block in the wanted state, and did nothing */
	struct mh_result_ops ops;
	bool hw_asked;              /* the CPU's counters were to be read */
	int64_t hw[MH_HW_COUNTERS]; /* of all its threads; MH_NOT_AVAILABLE: the host has no such counter */
};

struct mh_result_phase {
	const char *name, *role; /* as in the scenario */
	uint64_t t0_ns, t1_ns;   /* on the run's own clock */
	int64_t recovery_ns;     /* from t0 to convergence; MH_NOT_AVAILABLE: not asked for, or it did not converge */
	struct mh_result_workload *workloads;
	size_t workload_count, workload_capacity;
};

struct mh_result_series {
	const char *tag; /* "PHASE/SERIES[/CLASS]" */
	struct mh_histogram histogram;
	double effective_count; /* so many independent values are its values worth (mh_effective_count); 0: not known */
};

struct mh_result_counter {
	const char *name;
	uint64_t value;
};

/* How often something was done, for the gate: "PHASE/calls/LISTENER/EVENT", "PHASE/kapi/LISTENER/EVENT/SYMBOL" … */
struct mh_result_count {
	const char *name;
	uint64_t value;
	const char *inexact; /* why it depends on how threads interleave, or on time; NULL: the scenario decides it */
};

/* A place at which a fault was asked; only of a run that counted them (sweep-faults). */
struct mh_result_site {
	const char *event, *listener; /* names; the event's as in "going_online" */
	uint64_t evaluated;
};

struct mh_result_fault {
	const char *id;   /* the fault's name */
	const char *kind; /* NULL: not known */
	uint64_t armed, evaluated, fired;
	struct mh_result_site *sites;
	size_t site_count, site_capacity;
};

/* One invariant, contract rule or `expect`. */
struct mh_result_violation {
	const char *invariant; /* "I05", "return-encoding", "expect/enomem" */
	uint64_t seq;          /* index of the operation in its phase */
	const char *detail;    /* may hold several lines */
};

/* A violation that a fault was to cause and the checks have seen. */
struct mh_result_expected {
	const char *invariant;
	const char *fault;
	uint64_t count;
};

struct mh_result_verify {
	const char *level;        /* "fast", "full", "off" */
	uint64_t checked;         /* checks made */
	uint64_t violation_count; /* all; the list below keeps the first ones with their details */
	struct mh_result_expected *expected;
	size_t expected_count, expected_capacity;
	struct mh_result_violation *violations;
	size_t violation_kept, violation_capacity;
};

struct mh_result_slo {
	const char *expr;
	bool has_value; /* false: @reason says why; the threshold counts as breached */
	double value;   /* in the metric's unit */
	double limit;
	const char *unit; /* "ns", "ppb", "count", "1/s", "ratio" */
	bool ok;
	bool require;
	const char *reason;
};

/* What a step of an operation is. */
enum mh_step_kind {
	MH_STEP_LOCK,     /* waiting for the hotplug lock */
	MH_STEP_WALK,     /* of an event over its chain: from the first listener to the last */
	MH_STEP_LISTENER, /* within a walk */
	MH_STEP_DRAIN,
	MH_STEP_MIGRATE,
	MH_STEP_GRACE, /* waiting for a grace period */
	MH_STEP_KINDS,
};

/* "lock", "walk", "listener", "drain", "migrate", "grace". */
extern const char *const mh_step_kind_names[MH_STEP_KINDS];

/* One step within an exemplar. */
struct mh_result_step {
	enum mh_step_kind kind;
	const char *name;          /* "lock", "going_online", "going_online/slab" … */
	uint64_t begin_ns, end_ns; /* from the operation's beginning */
};

/* A fault that fired in an exemplar. */
struct mh_result_firing {
	const char *fault, *event, *listener; /* names; the event's as in "going_online"; NULL: its point has none */
	int64_t value;                        /* the answer that the walk saw; without listener, that core saw */
	uint64_t delay_ns;
};

/* A series in which an exemplar has the longest value of its phase. */
struct mh_result_longest {
	const char *series; /* "response", "cb.slab": without the phase */
	uint64_t value_ns;
};

/* One of the slowest operations, or the slowest in some series, taken apart. */
struct mh_result_exemplar {
	const char *phase, *workload;
	const char *operation; /* "online", "offline", "alloc" … */
	uint64_t worker, seq;  /* seq: index of the operation in the phase, of its worker */
	uint64_t block;        /* UINT64_MAX: none */
	uint64_t intended_ns;  /* when it was due, on the run's own clock; in a closed loop when it began */
	uint64_t start_ns;     /* when it began */
	uint64_t wait_ns, service_ns, response_ns; /* before it began, while it went, both; response ranks them */
	int64_t result;                            /* 0 or -errno */
	const char *outcome;                       /* "done", "vetoed" …; NULL: not known */
	const char *class;                         /* "clean", "faulted", "recovering"; NULL: not known */
	int64_t switched;   /* 1 its thread lost the CPU meanwhile, 0 it did not, MH_NOT_AVAILABLE: not known */
	uint64_t steps_cut; /* steps that found no room */
	uint64_t fired;     /* faults that fired in it; the first ones are listed */
	struct mh_result_firing *firings;
	size_t firing_count, firing_capacity;
	struct mh_result_longest *longest;
	size_t longest_count, longest_capacity;
	struct mh_result_step *steps;
	size_t step_count, step_capacity;
};

struct mh_result_block; /* memory of the result */

struct mh_result {
	char run_id[MH_RUN_ID_TEXT];
	const char *suite;                      /* the scenario's name */
	const char *cell;                       /* "main", "nodes=2" */
	struct mh_result_parameter *parameters; /* of the cell */
	size_t parameter_count, parameter_capacity;
	struct mh_result_pair pair;
	char scenario_sha256[MH_SHA256_TEXT], scenario_resolved_sha256[MH_SHA256_TEXT];
	struct mh_result_binary binary;
	uint64_t seed;
	const char *mode; /* "threads", "kernel", "sim" */
	bool emulated;
	const char *times; /* "harness only", the costs' file and how well it was validated, or "of Linux RELEASE" */
	double time_scale; /* 1 unless --time-scale was given: such a run cannot be gated */
	enum mh_run_status status;
	const char **status_reasons; /* a sentence each */
	size_t status_reason_count, status_reason_capacity;
	const char **warnings; /* "oversubscribed: …": said in the report, no reason to distrust what is not marked */
	size_t warning_count, warning_capacity;
	bool oversubscribed; /* more threads than CPUs: times are shown marked and never gated */
	uint64_t start_unix_ns, duration_ns;
	struct mh_environment environment;
	struct mh_result_overheads overheads;
	struct mh_result_phase *phases;
	size_t phase_count, phase_capacity;
	struct mh_result_series *series;
	size_t series_count, series_capacity;
	struct mh_result_counter *counters;
	size_t counter_count, counter_capacity;
	struct mh_result_count *counts;
	size_t count_count, count_capacity;
	struct mh_result_fault *faults;
	size_t fault_count, fault_capacity;
	struct mh_result_verify verify;
	struct mh_result_slo *slos;
	size_t slo_count, slo_capacity;
	struct mh_result_exemplar *exemplars;
	size_t exemplar_count, exemplar_capacity;
	const char *repro; /* the command line that repeats the run, or NULL */
	struct mh_result_block *blocks;
	bool failed; /* memory ran out once: the result is incomplete, and nobody writes it */
};

/* Empty: status ok, mode "threads", times "harness only", time_scale 1, everything else absent. */
void mh_result_init(struct mh_result *result);
void mh_result_release(struct mh_result *result); /* safe on a zeroed struct */

/* A copy of @text (printf) that lives as long as @result; "" and result->failed when memory ran out. NULL stays NULL.
 */
const char *mh_result_text(struct mh_result *result, const char *text);
const char *mh_result_format(struct mh_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Each returns a new, zeroed item at the end of its list, or NULL and sets result->failed when memory ran out.
 */
struct mh_result_phase *mh_result_add_phase(struct mh_result *result);
struct mh_result_workload *mh_result_add_workload(struct mh_result *result, struct mh_result_phase *phase);
/* At the end of @workload's cpus. 0 or -ENOMEM. */
int mh_result_add_cpu(struct mh_result *result, struct mh_result_workload *workload, int64_t cpu);
struct mh_result_fault *mh_result_add_fault(struct mh_result *result);
struct mh_result_site *mh_result_add_site(struct mh_result *result, struct mh_result_fault *fault);
struct mh_result_violation *mh_result_add_violation(struct mh_result *result);
struct mh_result_expected *mh_result_add_expected(struct mh_result *result);
struct mh_result_slo *mh_result_add_slo(struct mh_result *result);
struct mh_result_exemplar *mh_result_add_exemplar(struct mh_result *result);
struct mh_result_step *mh_result_add_step(struct mh_result *result, struct mh_result_exemplar *exemplar);
struct mh_result_firing *mh_result_add_firing(struct mh_result *result, struct mh_result_exemplar *exemplar);
struct mh_result_longest *mh_result_add_longest(struct mh_result *result, struct mh_result_exemplar *exemplar);
/* These take what they add; texts are copied. 0 or -ENOMEM. */
int mh_result_add_parameter(struct mh_result *result, const char *name, const char *value);
int mh_result_add_counter(struct mh_result *result, const char *name, uint64_t value);
int mh_result_add_count(struct mh_result *result, const char *name, uint64_t value, const char *inexact);
int mh_result_add_status_reason(struct mh_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int mh_result_add_warning(struct mh_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * mh_result_add_series - copy a histogram into the result under a tag
 * @tag: "PHASE/SERIES[/CLASS]"
 *
 * Return: 0; -EINVAL a tag that a .hlog could not carry; -EEXIST; -ENOMEM.
 */
int mh_result_add_series(struct mh_result *result, const char *tag, const struct mh_histogram *histogram);

/* NULL: not found. */
const struct mh_result_series *mh_result_find_series(const struct mh_result *result, const char *tag);
const struct mh_result_phase *mh_result_find_phase(const struct mh_result *result, const char *name);
const struct mh_result_fault *mh_result_find_fault(const struct mh_result *result, const char *id);

/* Its role is measure, fault or recover. */
bool mh_result_phase_is_recorded(const struct mh_result_phase *phase);

/* The worse of two: ok < invalid < aborted < incorrect. */
enum mh_run_status mh_run_status_worse(enum mh_run_status a, enum mh_run_status b);
/* Raises the status, never lowers it. */
void mh_result_raise_status(struct mh_result *result, enum mh_run_status status);

/* Operations that completed: the sum of the four. */
uint64_t mh_result_ops_total(const struct mh_result_ops *ops);

/**
 * mh_run_id - a new ULID: 48 bits of wall-clock ms, 80 random bits, in Crockford's base 32
 * @unix_ns: the time in it; sorting by text sorts by time
 *
 * Return: 0, or -errno when the system gives no randomness. Source: github.com/ulid/spec.
 */
int mh_run_id(uint64_t unix_ns, char ret_id[MH_RUN_ID_TEXT]);

#endif
