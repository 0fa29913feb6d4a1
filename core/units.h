/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages, pageblocks, sections and blocks are never mixed: conversions and bounds live here.
 */
#ifndef CORE_UNITS_H
#define CORE_UNITS_H

#include <stdint.h>

#define MH_PAGE_SHIFT       12
#define MH_PAGE_SIZE        (1u << MH_PAGE_SHIFT)
#define MH_PAGEBLOCK_PAGES  512u           /* 2 MiB, the unit of isolation on x86-64 */
#define MH_MAX_ORDER        10             /* largest buddy chunk: 2^10 pages, 4 MiB */
#define MH_SECTION_SIZE_MAX (128ull << 20) /* x86-64, arm64, riscv64 */

#endif
