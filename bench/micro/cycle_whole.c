/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nothing left out: what the borders between core's files cost. */
#define CYCLE_VARIANT whole
#include "bench/micro/cycle_core.h"
