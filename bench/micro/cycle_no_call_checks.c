/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without what is checked for each listener. */
#define CYCLE_VARIANT no_call_checks
#define CYCLE_WITHOUT_CALL_CHECKS
#include "bench/micro/cycle_core.h"
