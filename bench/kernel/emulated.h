/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the processor is software: times are then of the emulator, and compared with nothing.
 */
#ifndef BENCH_KERNEL_EMULATED_H
#define BENCH_KERNEL_EMULATED_H

#include <stdbool.h>

/* By what QEMU's emulation says of itself (CPUID 0x40000000: TCGTCGTCGTCG); false where that cannot be asked. */
bool mh_kernel_is_emulated(void);

#endif
