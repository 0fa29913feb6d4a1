/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of its probes are those that `calibrate` writes (cmd_calibrate.c). */
#include "bench/cli/calibration_use.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cli/exit_codes.h"

static int refuse(const char *command, int code, const char *text)
{
	fprintf(stderr, "memhp-bench %s: error: %s\n", command, text);
	return code;
}

static int check(const struct mh_calibration *calibration, const char *command, const char *path,
		 const struct mh_plan *plan)
{
	struct mh_environment environment;
	char fingerprint[MH_SHA256_TEXT], text[1024];

	if (strcmp(calibration->scenario, plan->name) != 0) {
		snprintf(text, sizeof(text), "%.300s: calibrated for the scenario '%.100s', and this is '%.100s'", path,
			 calibration->scenario, plan->name);
		return refuse(command, MH_EXIT_NOT_COMPARABLE, text);
	}
	mh_environment_read(&environment);
	mh_environment_fingerprint(&environment, fingerprint);
	if (strcmp(fingerprint, calibration->fingerprint) == 0)
		return MH_EXIT_DONE;
	snprintf(text, sizeof(text),
		 "%.300s: calibrated on another machine, or with other settings of it: calibrate here", path);
	return refuse(command, MH_EXIT_NOT_COMPARABLE, text);
}

/* Where a probe was not calibrated there is no band: 0. */
static void take_probe(const struct mh_calibration *calibration, const char *cell, const char *probe, double *centre,
		       double *low, double *high)
{
	char name[MH_CALIBRATION_NAME];
	const struct mh_calibration_probe *found;

	snprintf(name, sizeof(name), "%s/%s", cell, probe);
	found = mh_calibration_find_probe(calibration, name);
	if (!found)
		return;
	*centre = found->centre;
	*low = found->low;
	*high = found->high;
}

static void take_reference(const struct mh_calibration *calibration, const char *cell,
			   struct mh_hygiene_reference *reference)
{
	struct mh_environment environment;
	double ignored_low, ignored_high;

	*reference = (struct mh_hygiene_reference){.switches = -1};
	take_probe(calibration, cell, "loop", &reference->probes.loop_ns, &reference->probes_lowest.loop_ns,
		   &reference->probes_highest.loop_ns);
	take_probe(calibration, cell, "add-chain", &reference->probes.add_ns, &reference->probes_lowest.add_ns,
		   &reference->probes_highest.add_ns);
	take_probe(calibration, cell, "chase", &reference->probes.chase_ns, &reference->probes_lowest.chase_ns,
		   &reference->probes_highest.chase_ns);
	take_probe(calibration, cell, "switches", &reference->switches, &ignored_low, &ignored_high);
	/* Governor and turbo are of the fingerprint: they are those of now. */
	mh_environment_read(&environment);
	memcpy(reference->governor, environment.governor, sizeof(reference->governor));
	memcpy(reference->turbo, environment.turbo, sizeof(reference->turbo));
}

int mh_calibration_use(struct mh_calibration_use *use, const char *command, const char *path,
		       const struct mh_plan *plan)
{
	struct mh_error error;
	int code, ret = mh_calibration_load(path, &use->calibration, &error);

	if (ret < 0)
		return refuse(command, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE, error.text);
	code = check(&use->calibration, command, path, plan);
	if (code != MH_EXIT_DONE)
		return code;
	use->noises = calloc(use->calibration.metric_count + 1, sizeof(*use->noises));
	use->references = calloc(plan->cell_count, sizeof(*use->references));
	if (!use->noises || !use->references)
		return refuse(command, MH_EXIT_ENVIRONMENT, "no memory for a calibration");
	use->noise_count = mh_calibration_noises(&use->calibration, use->noises);
	for (size_t i = 0; i < plan->cell_count; i++)
		take_reference(&use->calibration, plan->cells[i].id, &use->references[i]);
	return MH_EXIT_DONE;
}

void mh_calibration_use_release(struct mh_calibration_use *use)
{
	mh_calibration_release(&use->calibration);
	free(use->noises);
	free(use->references);
	*use = (struct mh_calibration_use){0};
}

static void add_cure(const struct mh_calibration_metric *metric, struct mh_text *text)
{
	if (metric->pairs_recommended)
		mh_text_add(text, "; take %llu pairs, or a tolerance of %.1f %%\n",
			    (unsigned long long)metric->pairs_recommended, metric->detectable * 100);
	else
		mh_text_add(text, "; no number of pairs finds it: take a tolerance of %.1f %%\n",
			    metric->detectable * 100);
}

/* The metric whose noise is largest beside its tolerance: it is what goes wrong first. */
static const struct mh_calibration_metric *find_worst(const struct mh_calibration *calibration)
{
	const struct mh_calibration_metric *worst = NULL;

	for (size_t i = 0; i < calibration->metric_count; i++) {
		const struct mh_calibration_metric *metric = &calibration->metrics[i];

		if (metric->deviation > 0 && metric->tolerance > 0 &&
		    (!worst || metric->deviation / metric->tolerance > worst->deviation / worst->tolerance))
			worst = metric;
	}
	return worst;
}

unsigned mh_calibration_doubts(const struct mh_calibration *calibration, struct mh_text *text)
{
	const struct mh_calibration_metric *worst = find_worst(calibration);
	unsigned count = 0;

	for (size_t i = 0; i < calibration->metric_count; i++) {
		const struct mh_calibration_metric *metric = &calibration->metrics[i];

		if (!(metric->detectable > metric->tolerance))
			continue;
		mh_text_add(text, "%s: %s: %llu pairs find a change of %.1f %% here, and the tolerance is %.1f %%",
			    metric->cell, metric->metric, (unsigned long long)calibration->pairs,
			    metric->detectable * 100, metric->tolerance * 100);
		add_cure(metric, text);
		count++;
	}
	if (!(calibration->failure_chance > MH_CALIBRATED_CHANCE_MAX))
		return count;
	mh_text_add(text, "identical builds end in anything but 0 in %.1f %% of gates (at most %.0f %%)",
		    calibration->failure_chance * 100, MH_CALIBRATED_CHANCE_MAX * 100);
	if (worst)
		mh_text_add(text,
			    ": %s of cell %s is the noisiest; more pairs, longer phases or a wider tolerance cure it",
			    worst->metric, worst->cell);
	mh_text_add(text, "\n");
	return count + 1;
}
