/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said about two sides: the verdict that `gate` has left beside them (gate.json), or else a comparison, which
 * is shown and not judged.
 */
#ifndef RESULTS_REPORT_JUDGE_H
#define RESULTS_REPORT_JUDGE_H

#include <jansson.h>

#include "results/gate.h"
#include "results/report/source.h"

struct mh_report_judgement {
	bool present;  /* false: there are not two sides */
	bool recorded; /* by `gate`; its texts belong to @document, its lists to us */
	bool paired;
	struct mh_gate_report report;
	json_t *document;
	char *unread; /* why a gate.json was passed over, or NULL */
};

/* 0; -ENOMEM with a sentence. */
int mh_report_judge(const struct mh_report_source *source, struct mh_report_judgement *ret_judgement,
		    struct mh_error *reterr);
/* What mh_gate_show() needs to know of the rule. */
struct mh_gate_rule mh_report_judgement_rule(const struct mh_report_judgement *judgement);
void mh_report_judgement_release(struct mh_report_judgement *judgement); /* safe on a zeroed struct */

/**
 * mh_report_read_gate - what a gate.json says
 *
 * Return: 0 with judgement->recorded; -ENOENT there is none; -EINVAL and others with a sentence; -ENOMEM.
 */
int mh_report_read_gate(const char *path, struct mh_report_judgement *judgement, struct mh_error *reterr);

#endif
