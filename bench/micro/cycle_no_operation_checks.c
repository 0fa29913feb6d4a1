/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Without what is checked for each walk and operation. */
#define CYCLE_VARIANT no_operation_checks
#define CYCLE_WITHOUT_OPERATION_CHECKS
#include "bench/micro/cycle_core.h"
