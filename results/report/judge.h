/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is said about two sides: the verdict that `gate` has left beside them (gate.json), or else a comparison, which
 * is shown and not judged.
 */
#ifndef RESULTS_REPORT_JUDGE_H
#define RESULTS_REPORT_JUDGE_H

#include "results/gate_record.h"
#include "results/report/source.h"

struct mh_report_judgement {
	bool present;  /* false: there are not two sides */
	bool recorded; /* by `gate`: @record holds it, and @report is a copy of its report */
	bool paired;
	struct mh_gate_report report;
	struct mh_gate_record record;
	char *unread; /* why a gate.json was passed over, or NULL */
};

/* 0; -ENOMEM with a sentence. */
int mh_report_judge(const struct mh_report_source *source, struct mh_report_judgement *ret_judgement,
		    struct mh_error *reterr);
/* What mh_gate_show() needs to know of the rule. */
struct mh_gate_rule mh_report_judgement_rule(const struct mh_report_judgement *judgement);
void mh_report_judgement_release(struct mh_report_judgement *judgement); /* safe on a zeroed struct */

#endif
