/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last column of the tables: what the machine is like when nothing runs any more.
 */
#ifndef TESTS_UNIT_CORE_CASE_FINAL_H
#define TESTS_UNIT_CORE_CASE_FINAL_H

#include "base/text.h"
#include "case_listener.h"
#include "case_world.h"

/* As case_play.h says; @sights: enum case_sight. */
void case_final_describe(struct mh_machine *machine, const struct case_world *world, unsigned sights,
			 struct mh_text *ret_text);
/* Every zone spans its first to its last online block: what failed or went offline has left the span. */
void case_final_expect_spans(struct mh_machine *machine, const struct case_world *world, const char *label);

#endif
