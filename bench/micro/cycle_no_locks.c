/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without locks. */
#define CYCLE_VARIANT no_locks
#define CYCLE_WITHOUT_LOCKS
#include "bench/micro/cycle_core.h"
