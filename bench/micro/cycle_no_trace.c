/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without the trace. */
#define CYCLE_VARIANT no_trace
#define CYCLE_WITHOUT_TRACE
#include "bench/micro/cycle_core.h"
