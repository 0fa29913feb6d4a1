/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without the places where faults act. */
#define CYCLE_VARIANT no_hooks
#define CYCLE_WITHOUT_HOOKS
#include "bench/micro/cycle_core.h"
