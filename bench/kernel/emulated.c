/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/emulated.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

#define HYPERVISOR_LEAF 0x40000000u
#define HYPERVISOR_BIT  (1u << 31) /* of ECX of leaf 1 */

bool mh_kernel_is_emulated(void)
{
	unsigned a, b, c, d, name[3];

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & HYPERVISOR_BIT))
		return false;
	/* Not by __get_cpuid: it knows no leaf of a hypervisor. */
	__cpuid(HYPERVISOR_LEAF, a, name[0], name[1], name[2]);
	return memcmp(name, "TCGTCGTCGTCG", sizeof(name)) == 0;
}
#else
bool mh_kernel_is_emulated(void)
{
	return false;
}
#endif
