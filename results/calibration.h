/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs of identical builds say of a scenario on a machine: calibration.json. A gate takes its noise from it, and
 * the bands in which the probes before and after each run have to lie.
 */
#ifndef RESULTS_CALIBRATION_H
#define RESULTS_CALIBRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/environment.h"
#include "results/gate.h"
#include "results/tag.h"

#define MH_CALIBRATION_SIZE_MAX    (4u << 20) /* bytes of a file that is read */
#define MH_CALIBRATION_METRICS_MAX 4096
#define MH_CALIBRATION_PROBES_MAX  64
#define MH_CALIBRATION_NAME        (MH_TAG_MAX + 64) /* bytes of a name, with its NUL */

/* One gated time of one cell. Numbers that are not known are NAN. */
struct mh_calibration_metric {
	char cell[MH_CALIBRATION_NAME], metric[MH_CALIBRATION_NAME]; /* as written in full: "steady/response.p50" */
	double deviation;                                            /* of ln differences of pairs: 1.4826 MAD */
	double reference;                                            /* median of all runs, in the metric's unit */
	double tolerance;                                            /* 0.05: what the scenario allows */
	double detectable;          /* the smallest change that calibration->pairs find in 9 of 10 gates */
	uint64_t pairs_recommended; /* that find the tolerance so often; 0: no reasonable number does */
};

/* What a probe or a monitor measured in undisturbed runs, and the band that it has to stay in. */
struct mh_calibration_probe {
	char name[MH_CALIBRATION_NAME]; /* "loop", "add-chain", "chase", "hiccup.p99" … */
	double centre, low, high;       /* low <= centre <= high */
};

struct mh_calibration {
	char scenario_sha256[MH_SHA256_TEXT]; /* of the resolved scenario; "" when not known */
	char fingerprint[MH_SHA256_TEXT];     /* mh_environment_fingerprint() */
	char scenario[MH_CALIBRATION_NAME];   /* its name */
	uint64_t start_unix_ns;
	uint64_t pairs_measured; /* of identical builds */
	uint64_t pairs;          /* that the scenario's gate takes at most */
	uint64_t decisions;      /* that the chance is counted over */
	double failure_chance;   /* that a gate on identical builds ends in anything but 0; NAN: not known */
	struct mh_calibration_metric *metrics;
	size_t metric_count, metric_capacity;
	struct mh_calibration_probe *probes;
	size_t probe_count, probe_capacity;
};

void mh_calibration_release(struct mh_calibration *calibration); /* safe on a zeroed struct */

/* A new item at the end of its list, all numbers NAN; NULL when memory ran out. */
struct mh_calibration_metric *mh_calibration_add_metric(struct mh_calibration *calibration, const char *cell,
							const char *metric);
struct mh_calibration_probe *mh_calibration_add_probe(struct mh_calibration *calibration, const char *name);

/* NULL: not found. */
const struct mh_calibration_metric *mh_calibration_find_metric(const struct mh_calibration *calibration,
							       const char *cell, const char *metric);
const struct mh_calibration_probe *mh_calibration_find_probe(const struct mh_calibration *calibration,
							     const char *name);

/* The noise of the metrics that have one, for rule.noises: into @ret_noises of metric_count items, whose texts are the
 * calibration's. Return: how many. */
size_t mh_calibration_noises(const struct mh_calibration *calibration, struct mh_gate_noise *ret_noises);

/* Appends the document. 0 or -ENOMEM. */
int mh_calibration_write(const struct mh_calibration *calibration, struct mh_text *text, struct mh_error *reterr);
/* Writes it to @path, whole or not at all. */
int mh_calibration_save(const struct mh_calibration *calibration, const char *path, struct mh_error *reterr);

/**
 * mh_calibration_read - read a document that nobody vouches for
 * @name: what errors call it
 * @ret_calibration: to be released; untouched on failure
 *
 * Return: 0; -EINVAL no JSON, another schema or version, a wrong or missing key, a negative deviation, a band that does
 * not hold its centre, a cell and metric or a probe twice; -EFBIG; -ENOMEM; each with a sentence.
 */
int mh_calibration_read(const char *text, size_t length, const char *name, struct mh_calibration *ret_calibration,
			struct mh_error *reterr);
int mh_calibration_load(const char *path, struct mh_calibration *ret_calibration, struct mh_error *reterr);

#endif
