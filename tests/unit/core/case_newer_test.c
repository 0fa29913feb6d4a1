/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * semantics.md 9.4: the events of newer kernels, as far as they were recorded: PREPARE_ONLINE and FINISH_OFFLINE on
 * Linux 6.12, the chain of nodes on 7.3. How to read a row: case_play.h.
 *
 * The table is of 6.18, which had both at once; no trace of it exists, and no machine.compat. Its rows are played as
 * far as the two kernels go, and what only 6.18 would show is skipped.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "case_play.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(case_newer, .timeout = 60);

#define V6_12   "v6.12; callbacks A30 B20; "
#define V7_3    "v7.3; callbacks A30 B20 node X40 Y30; "
#define NO_6_18 "Linux 6.18, which has both the events of 6.12 and the chain of nodes, was not recorded"
#define B2      "b2 Normal; memory 0; normal 0; kswapd 0"
#define B2_B3   "b2 Normal, b3 Normal; memory 0; normal 0; kswapd 0"
#define EMPTY   "offline"

/* clang-format off */
static const struct case_row rows[] = {
	CASE("N01, 6.12", V6_12, "b2 online", "PREPARE:A,B; GO:A,B {0,0}; ON:A,B {0,0}", "=", B2),
	CASE("N01, 7.3", V7_3, "b2 online", "ADDING:X,Y {0}; GO:A,B; ADDED:X,Y {0}; ON:A,B", "=", B2),
	CASE_SKIPPED("N01, 6.18", NO_6_18),
	CASE("N02, 6.12", V6_12 "b2 online", "b3 online", "PREPARE:A,B; GO:A,B {-1,-1}; ON:A,B {-1,-1}", "=", B2_B3),
	CASE("N02, 7.3", V7_3 "b2 online", "b3 online", "GO:A,B; ON:A,B", "=", B2_B3),
	CASE_SKIPPED("N02, 6.18", NO_6_18),
	CASE("N03, 7.3", V7_3 "X:ADDING=BAD", "b2 online", "ADDING:X {0}; CO:A,B; CANCEL_ADDING:X,Y {0}", "-EPERM", EMPTY),
	CASE_SKIPPED("N03, 6.18", NO_6_18),
	CASE("N04, 6.12", V6_12 "B:GO=errno -12", "b2 online", "PREPARE:A,B; GO:A,B {0,0}; CO:A,B {0,0}; FINISH:A,B", "-ENOMEM",
	     EMPTY),
	CASE("N04, 7.3", V7_3 "B:GO=errno -12", "b2 online",
	     "ADDING:X,Y {0}; GO:A,B; CO:A,B; CANCEL_ADDING:X,Y {0}", "-ENOMEM", EMPTY),
	CASE_SKIPPED("N04, 6.18", NO_6_18),
	CASE("N05, 6.12", V6_12 "b2 online", "b2 offline", "GF:A,B {0,0}; OF:A,B {0,0}; FINISH:A,B", "=", EMPTY),
	CASE("N05, 7.3", V7_3 "b2 online", "b2 offline", "REMOVING:X,Y {0}; GF:A,B; REMOVED:X,Y {0}; OF:A,B", "=", EMPTY),
	CASE_SKIPPED("N05, 6.18", NO_6_18),
	CASE("N06, 7.3", V7_3 "b2 online; Y:REMOVING=BAD", "b2 offline", "REMOVING:X,Y {0}; CF:A,B; CANCEL_REMOVING:X,Y {0}",
	     "-EPERM", B2),
	CASE_SKIPPED("N06, 6.18", NO_6_18),
	CASE("N07, 6.12", V6_12 "b2 online; A:GF=BAD", "b2 offline", "GF:A {0,0}; CF:A,B {0,0}", "-EPERM", B2),
	CASE("N07, 7.3", V7_3 "b2 online; A:GF=BAD", "b2 offline",
	     "REMOVING:X,Y {0}; GF:A; CF:A,B; CANCEL_REMOVING:X,Y {0}", "-EPERM", B2),
	CASE("N08, 6.12", V6_12 "A:PREPARE=BAD", "b2 online", "PREPARE:A", "-EPERM", EMPTY),
	CASE("N09, 6.12", V6_12 "b2 online; poisoned page; b2 offline", "b2 online", "", "-EHWPOISON", EMPTY),
	CASE("N09, 7.3", V7_3 "b2 online; poisoned page; b2 offline", "b2 online", "", "-EHWPOISON", EMPTY),
	CASE("N09, 6.1 does not look", "callbacks A30 B20; b2 online; poisoned page; b2 offline", "b2 online",
	     "GO:A,B {0,0}; ON:A,B {0,0}", "=", B2),
};
/* clang-format on */

CASE_TABLE(case_newer, plays_the_rows_of_9_4, rows)
