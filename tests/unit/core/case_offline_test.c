/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * semantics.md 9.2: offlining, a row a case. How to read a row: case_play.h.
 *
 * A page that is migrated needs room in another block, so the cases in which passes are counted have b3 online, too,
 * and full: one page finds room a pass.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "case_play.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(case_offline, .timeout = 60);

#define B2       "b2 Normal; memory 0; normal 0; kswapd 0"
#define B2_B3    "b2 Normal, b3 Normal; memory 0; normal 0; kswapd 0"
#define LAST     "GF:A,B,C {0,0}; OF:A,B,C {0,0}"
#define CANCEL   "GF:A,B,C {0,0}; CF:A,B,C {0,0}"
#define EMPTY    "offline"
#define B3_FULL  "b3 online; full; b2 online; "
#define MOVABLES "b3 online_movable; full; b2 online_movable; "

/* clang-format off */
static const struct case_row rows[] = {
	CASE("C40", "b2 online; b3 online", "b3 offline", "GF:A,B,C {-1,-1}; OF:A,B,C {-1,-1}", "=", B2),
	CASE("C41", "b2 online; see kswapd", "b2 offline", "GF:A,B,C {0,0} kswapd on; OF:A,B,C {0,0} kswapd off", "=", EMPTY),
	CASE("C42", "b2 online; b4 online_movable", "b2 offline", "GF:A,B,C {-1,0}; OF:A,B,C {-1,0}", "=",
	 "b4 Movable; memory 0; kswapd 0"),
	CASE("C43", "b4 online_movable", "b4 offline", "GF:A,B,C {0,-1}; OF:A,B,C {0,-1}", "=", EMPTY),
	CASE("C44", "b2 online; B:GF=BAD; see isolation", "b2 offline", "GF:A,B {0,0} isolated; CF:A,B,C {0,0} open", "-EPERM", B2),
	CASE("C45", "b2 online; A:GF=BAD", "b2 offline", "GF:A {0,0}; CF:A,B,C {0,0}", "-EPERM", B2),
	CASE("C46", "b2 online; A:GF=STOP", "b2 offline", "GF:A {0,0}; OF:A,B,C {0,0}", "=", EMPTY),
	CASE("C47", "b2 online; C:GF=errno -16; B:CF=BAD", "b2 offline", "GF:A,B,C {0,0}; CF:A,B {0,0}", "-EBUSY", B2),
	CASE("C48", "b2 online; A:OF=BAD", "b2 offline", "GF:A,B,C {0,0}; OF:A {0,0}", "=", EMPTY),
	CASE("C49", "b2 online; unmovable page", "b2 offline", "", "-EBUSY", B2),
	CASE("C50", "hole in b2", "b2 offline", "", "-EINVAL", B2),
	CASE("C51", "b2 in DMA32 and Normal", "b2 offline; b2 valid_zones", "", "-EINVAL; none",
	 "b1 DMA32, b2 none, b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C52", "b2 online; signal at start", "b2 offline", CANCEL, "-EINTR", B2),
	CASE("C52, with a page", "b2 online_movable; 1 movable pages; signal at start", "b2 offline",
	 "GF:A,B,C {0,-1}; CF:A,B,C {0,-1}", "-EINTR", "b2 Movable; memory 0; kswapd 0"),
	CASE("C53", B3_FULL "see migrated; 2 movable pages; pinned page; room after each pass; after 2 passes: signal", "b2 offline",
	 "GF:A,B,C {-1,-1}; CF:A,B,C {-1,-1}", "-EINTR", B2_B3 "; migrated 2"),
	CASE("C54", "b2 online; balloon page", "b2 offline", CANCEL, "-EBUSY", B2),
	CASE("C55", "b2 online; balloon page; A drops the balloon in GF", "b2 offline", LAST, "=", EMPTY),
	CASE("C56, -EBUSY", "b2 online_movable; stuck huge page", "b2 offline", "GF:A,B,C {0,-1}; CF:A,B,C {0,-1}", "-EBUSY",
	 "b2 Movable; memory 0; kswapd 0"),
	CASE("C56, -ENOMEM", "b2 online_movable; free huge page; dissolving runs out of memory", "b2 offline",
	 "GF:A,B,C {0,-1}; CF:A,B,C {0,-1}", "-ENOMEM", "b2 Movable; memory 0; kswapd 0"),
	CASE("C57", B3_FULL "see migrated; 3 movable pages; room after each pass", "b2 offline", "GF:A,B,C {-1,-1}; OF:A,B,C {-1,-1}", "=",
	 "b3 Normal; memory 0; normal 0; kswapd 0; migrated 3"),
	CASE("C58", MOVABLES "see migrated; 1 movable pages; pinned page; room after each pass; after 1 passes: signal", "b2 offline",
	 "GF:A,B,C {-1,-1}; CF:A,B,C {-1,-1}", "-EINTR", "b2 Movable, b3 Movable; memory 0; kswapd 0; migrated 1"),
	CASE("C59", "", "b2 offline; b2 online<-0", "", "-EINVAL; =", EMPTY),
	CASE("C60", "memmap b2; b2 online; A:GF=BAD; see present", "b2 offline",
	 "GF:A {0,0} start+512 nr-512 present 32256; CF:A,B,C {0,0} start+512 nr-512 present 32256", "-EPERM", B2 "; present 32768"),
	CASE("C61", "b2 online", "b2 offline; b2 online_movable", LAST "; GO:A,B,C {0,-1}; ON:A,B,C {0,-1}", "=; =",
	 "b2 Movable; memory 0; kswapd 0"),
	CASE("C62", "b2 online; b3 online; B:GF=BAD for b3", "offline_and_remove b2..b3",
	 "GF:A,B,C {-1,-1} b2; OF:A,B,C {-1,-1} b2; GF:A,B {0,0} b3; CF:A,B,C {0,0} b3; "
	 "GO:A,B,C {-1,-1} b2; ON:A,B,C {-1,-1} b2", "-EPERM", B2_B3),
	CASE("C63", "b3 online", "remove b2..b3", "", "-EBUSY", "b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C64", "b2 online; A:GF=BAD", "b2 online<-0", "GF:A {0,0}; CF:A,B,C {0,0}", "-EPERM", B2),
};
/* clang-format on */

CASE_TABLE(case_offline, plays_the_rows_of_9_2, rows)
