/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The array without protection. */
#define CYCLE_VARIANT no_rcu
#define CYCLE_WITHOUT_RCU
#include "bench/micro/cycle_core.h"
