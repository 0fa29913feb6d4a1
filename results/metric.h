/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The name of one number of a run, as `slo` and `gate` write it:
 *   PHASE/SERIES[/clean|faulted|recovering].STAT,  PHASE/throughput,  PHASE/recovery, faults.NAME.fired|armed|evaluated
 * and that number in a result.
 */
#ifndef RESULTS_METRIC_H
#define RESULTS_METRIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct mh_result;
struct mh_result_phase;

enum mh_metric_kind {
	MH_METRIC_SERIES,     /* a statistic of a series */
	MH_METRIC_THROUGHPUT, /* completed operations of a phase per second: of the workloads that `service` covers */
	MH_METRIC_RECOVERY,   /* ns from the beginning of a phase to its convergence */
	MH_METRIC_FAULT,      /* a counter of a fault */
};

enum mh_metric_stat {
	MH_STAT_QUANTILE,   /* p50, p99.9, p(0.5): @quantile */
	MH_STAT_MEAN,       /* ns */
	MH_STAT_MAX,        /* ns */
	MH_STAT_MIN,        /* ns */
	MH_STAT_COUNT,      /* values */
	MH_STAT_SHAPE,      /* p99 / p50, a plain number */
	MH_STAT_SHARE_OVER, /* share of the values above @threshold_ns, ppb */
};

enum mh_metric_counter { MH_COUNTER_FIRED, MH_COUNTER_ARMED, MH_COUNTER_EVALUATED };

/* Of all operations, or of those of one class (bench/engine/class.h says which is whose). */
enum mh_metric_class { MH_CLASS_ALL, MH_CLASS_CLEAN, MH_CLASS_FAULTED, MH_CLASS_RECOVERING, MH_CLASSES };

/* "" for all, "clean", "faulted", "recovering": what stands in a tag behind the series. */
extern const char *const mh_metric_class_names[MH_CLASSES];

/* What a value of the metric is measured in, and so how a threshold on it is written. */
enum mh_metric_unit { MH_UNIT_NS, MH_UNIT_SHARE, MH_UNIT_COUNT, MH_UNIT_RATE, MH_UNIT_RATIO };

/* "ns", "ppb", "count", "1/s", "ratio": as the files write it. */
extern const char *const mh_metric_unit_names[];

struct mh_metric {
	enum mh_metric_kind kind;
	char *text;   /* as written; owned */
	char *phase;  /* NULL for MH_METRIC_FAULT; owned */
	char *series; /* MH_METRIC_SERIES: "response", "cb.slab", without the class; owned */
	char *fault;  /* MH_METRIC_FAULT: its name; owned */
	enum mh_metric_class class;
	enum mh_metric_stat stat;
	enum mh_metric_counter counter;
	double quantile; /* 0 … 1 */
	uint64_t threshold_ns;
};

/**
 * mh_metric_parse - read the name of a metric
 * @globs: true where '*', '?' and '[' may stand in the phase and the series (gate.metrics)
 *
 * Return: 0; -EINVAL with a sentence that says which part is wrong and what may stand there; -ENOMEM.
 */
int mh_metric_parse(const char *text, bool globs, struct mh_metric *ret_metric, struct mh_error *reterr);
void mh_metric_release(struct mh_metric *metric);
enum mh_metric_unit mh_metric_unit(const struct mh_metric *metric);

/**
 * mh_metric_value - the number that a metric names in one result
 * @metric: without globs
 * @ret_value: in mh_metric_unit()
 *
 * Return: 0; -ENOENT the result has no such phase, series or fault (the sentence suggests one); -ENODATA it is there
 * and has no value: an empty series, a phase that did not converge; -ERANGE the value lies beyond the histogram's
 * range.
 */
int mh_metric_value(const struct mh_metric *metric, const struct mh_result *result, double *ret_value,
		    struct mh_error *reterr);

struct mh_histogram;

/* The values that a metric of a series is a statistic of, in the metric's class; maybe empty. 0; -ENOENT as above;
 * -EINVAL it is of no series. */
int mh_metric_histogram(const struct mh_metric *metric, const struct mh_result *result,
			const struct mh_histogram **ret_histogram, struct mh_error *reterr);

/* Completed operations a second of the workloads that `service` covers: hotplug-*, or the first if there is none. */
double mh_result_throughput(const struct mh_result_phase *phase);

#endif
