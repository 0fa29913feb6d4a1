/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * semantics.md 9.1: onlining, a row a case. How to read a row: case_play.h.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "case_play.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(case_online, .timeout = 60);

#define FIRST    "GO:A,B,C {0,0}; ON:A,B,C {0,0}"
#define FURTHER  "GO:A,B,C {-1,-1}; ON:A,B,C {-1,-1}"
#define MOVABLE  "GO:A,B,C {0,-1}; ON:A,B,C {0,-1}"
#define B2       "b2 Normal; memory 0; normal 0; kswapd 0"
#define EMPTY    "offline"
#define FURTHER4 FURTHER "; " FURTHER "; " FURTHER "; " FURTHER

/* clang-format off */
static const struct case_row rows[] = {
	CASE("C01", "", "b2 online", FIRST, "=", B2),
	CASE("C02", "b2 online", "b3 online_kernel", FURTHER, "=", "b2 Normal, b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C03", "", "b2 online_movable", MOVABLE, "=", "b2 Movable; memory 0; kswapd 0"),
	CASE("C04", "b2 online_movable", "b3 online_kernel", "GO:A,B,C {-1,0}; ON:A,B,C {-1,0}", "=",
	 "b2 Movable, b3 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C05", "B:GO=BAD", "b2 online", "GO:A,B {0,0}; CO:A,B,C {0,0}", "-EPERM", EMPTY),
	CASE("C06", "B:GO=STOP", "b2 online", "GO:A,B {0,0}; ON:A,B,C {0,0}", "=", B2),
	CASE("C07", "A:GO=BAD", "b2 online", "GO:A {0,0}; CO:A,B,C {0,0}", "-EPERM", EMPTY),
	CASE("C08", "C:GO=errno -12", "b2 online", "GO:A,B,C {0,0}; CO:A,B,C {0,0}", "-ENOMEM", EMPTY),
	CASE("C09", "B:GO=raw -12", "b2 online", "GO:A,B {0,0}; ON:A,B,C {0,0}", "=", B2, .broken = "return-encoding"),
	CASE("C10", "B:GO=raw 2", "b2 online", FIRST, "=", B2, .broken = "return-encoding"),
	CASE("C11", "C:GO=raw 2", "b2 online", "GO:A,B,C {0,0}; CO:A,B,C {0,0}", "-EPERM", EMPTY, .broken = "return-encoding"),
	CASE("C12", "C:GO=raw 0x7fff", "b2 online", "GO:A,B,C {0,0}; CO:A,B,C {0,0}", "-32766", EMPTY, .broken = "return-encoding"),
	CASE("C13", "A:GO=errno -16; B:GO=BAD", "b2 online", "GO:A {0,0}; CO:A,B,C {0,0}", "-EBUSY", EMPTY),
	CASE("C14", "A:GO=STOP; B:GO=BAD", "b2 online", "GO:A {0,0}; ON:A,B,C {0,0}", "=", B2),
	CASE("C15", "A:ON=BAD", "b2 online", "GO:A,B,C {0,0}; ON:A {0,0}", "=", B2),
	CASE("C16", "C:GO=BAD; A:CO=BAD", "b2 online", "GO:A,B,C {0,0}; CO:A {0,0}", "-EPERM", EMPTY),
	CASE("C17", "callbacks none", "b2 online; b2 offline", "", "=; =", EMPTY),
	CASE("C18", "A,B,C:*=DONE", "b2 online; b2 offline", FIRST "; GF:A,B,C {0,0}; OF:A,B,C {0,0}", "=; =", EMPTY),
	CASE("C19", "A:GO=BAD once", "b2 online_movable; b2 online<-1", "GO:A {0,-1}; CO:A,B,C {0,-1}; " FIRST, "-EPERM; =", B2),
	CASE("C20", "b2 online", "b2 online", "", "-EINVAL", B2),
	CASE("C21", "b2 online", "b2 online<-1", "", "=", B2),
	CASE("C22", "", "b2 ONLINE; b2 online\n\n; b2 bogus", "", "-EINVAL; -EINVAL; -EINVAL", EMPTY),
	CASE("C22, the one newline that may be", "", "b2 online\n", FIRST, "=", B2),
	CASE("C23", "b2 online_kernel", "b2 online_movable; b2 offline; b2 online<-1",
	 "GF:A,B,C {0,0}; OF:A,B,C {0,0}; " MOVABLE, "-EINVAL; =; =", "b2 Movable; memory 0; kswapd 0"),
	CASE("C24", "b2 online_movable; b4 online_movable", "b3 online", FURTHER, "=",
	 "b2 Movable, b3 Movable, b4 Movable; memory 0; kswapd 0"),
	CASE("C24, behind the span", "b2 online_movable; b3 online_movable", "b4 online", "GO:A,B,C {-1,0}; ON:A,B,C {-1,0}", "=",
	 "b2 Movable, b3 Movable, b4 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C25", "movable_node", "b2 online", MOVABLE, "=", "b2 Movable; memory 0; kswapd 0"),
	CASE("C26", "auto-movable 301; boot b0 b1 Normal; node 0 b2..b9",
	 "b2 online; b3 online; b4 online; b5 online; b6 online; b7 online; b8 online; b9 online", FURTHER4 "; " FURTHER4,
	 "=; =; =; =; =; =; =; =",
	 "b0 Normal, b1 Normal, b2 Movable, b3 Movable, b4 Movable, b5 Movable, b6 Movable, b7 Movable, b8 Normal, b9 Normal; "
	 "memory 0; normal 0; kswapd 0"),
	CASE("C27", "boot b1 b3 DMA32; node 0 b2..b8", "b2 online; b8 online_kernel", FURTHER "; " FURTHER, "=; =",
	 "b1 DMA32, b2 DMA32, b3 DMA32, b8 Normal; memory 0; normal 0; kswapd 0"),
	CASE("C28", "A empties the nids in GO", "b2 online", "GO:A {0,0},B,C {-1,-1}; ON:A,B,C {-1,-1}", "=", "b2 Normal; kswapd 0",
	 .broken = "I14"),
	CASE("C29", "memmap b2; see present", "b2 online",
	 "GO:A,B,C {0,0} start+512 nr-512 present 0; ON:A,B,C {0,0} start+512 nr-512 present 32256", "=", B2 "; present 32768"),
	CASE("C30", "memmap b2 of 100", "b2 online", "", "-EINVAL", EMPTY),
	CASE("C31", "node 0 b5; auto_online=online; A:GO=BAD for b3", "add b2..b4",
	 "GO:A,B,C {0,0} b2; ON:A,B,C {0,0} b2; GO:A {-1,-1} b3; CO:A,B,C {-1,-1} b3", "0",
	 "b2 Normal, b3 offline, b4 offline; memory 0; normal 0; kswapd 0"),
	CASE("C32", "node 1 b9", "b9 online_movable; b9 offline",
	 "GO:A,B,C {1,-1}; ON:A,B,C {1,-1}; GF:A,B,C {1,-1}; OF:A,B,C {1,-1}", "=; =", EMPTY),
	CASE("C32, before the offline", "node 1 b9", "b9 online_movable", "GO:A,B,C {1,-1}; ON:A,B,C {1,-1}", "=",
	 "b9 Movable; memory 1; kswapd 1"),
};
/* clang-format on */

CASE_TABLE(case_online, plays_the_rows_of_9_1, rows)
