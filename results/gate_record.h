/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.json read back into the report that it was written from. What nobody shows again is not looked at.
 */
#ifndef RESULTS_GATE_RECORD_H
#define RESULTS_GATE_RECORD_H

#include <jansson.h>

#include "results/gate.h"

struct mh_gate_record {
	struct mh_gate_report report; /* its texts belong to @document; not for mh_gate_report_release */
	bool paired, undecided_warns;
	json_t *document;
};

/* 0; -ENOENT there is none; -EINVAL and others with a sentence; -ENOMEM. */
int mh_gate_record_read(const char *path, struct mh_gate_record *ret_record, struct mh_error *reterr);
/* What mh_gate_show() and the exports need to know of the rule. */
struct mh_gate_rule mh_gate_record_rule(const struct mh_gate_record *record);
void mh_gate_record_release(struct mh_gate_record *record); /* safe on a zeroed struct */

#endif
