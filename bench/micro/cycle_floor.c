/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The floor: the updates and the automaton of events over a bare array. */
#define CYCLE_VARIANT floor
#define CYCLE_WITHOUT_LOCKS
#define CYCLE_WITHOUT_RCU
#define CYCLE_WITHOUT_CALL_CHECKS
#define CYCLE_WITHOUT_OPERATION_CHECKS
#define CYCLE_WITHOUT_TRACE
#define CYCLE_WITHOUT_HOOKS
#include "bench/micro/cycle_core.h"
