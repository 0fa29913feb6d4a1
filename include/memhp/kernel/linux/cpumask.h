/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of the CPUs of <linux/smp.h>, which are all present, possible and online: CPU hotplug is not simulated. */
#ifndef MEMHP_LINUX_CPUMASK_H
#define MEMHP_LINUX_CPUMASK_H

#include <linux/bitmap.h>
#include <linux/smp.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

/* As with CONFIG_CPUMASK_OFFSTACK=n: the variable is the set. */
typedef struct cpumask cpumask_var_t[1];

#define CPU_MASK_NONE ((cpumask_t){{[0 ... BITS_TO_LONGS(NR_CPUS) - 1] = 0}})

#define cpumask_bits(mask)    ((mask)->bits)
#define cpumask_pr_args(mask) nr_cpu_ids, cpumask_bits(mask)
#define nr_cpumask_bits       NR_CPUS

static inline bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	(void)mask;
	(void)flags;
	return true;
}

static inline bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags)
{
	(void)flags;
	bitmap_zero((*mask)->bits, NR_CPUS);
	return true;
}

static inline void free_cpumask_var(cpumask_var_t mask)
{
	(void)mask;
}

#define cpumask_available(mask)               ((mask) != NULL)
#define cpumask_clear(mask)                   bitmap_zero((mask)->bits, NR_CPUS)
#define cpumask_setall(mask)                  bitmap_fill((mask)->bits, nr_cpu_ids)
#define cpumask_copy(to, from)                bitmap_copy((to)->bits, (from)->bits, NR_CPUS)
#define cpumask_set_cpu(cpu, mask)            set_bit((long)(cpu), (mask)->bits)
#define cpumask_clear_cpu(cpu, mask)          clear_bit((long)(cpu), (mask)->bits)
#define __cpumask_set_cpu(cpu, mask)          __set_bit((long)(cpu), (mask)->bits)
#define __cpumask_clear_cpu(cpu, mask)        __clear_bit((long)(cpu), (mask)->bits)
#define cpumask_test_cpu(cpu, mask)           test_bit((long)(cpu), (mask)->bits)
#define cpumask_test_and_set_cpu(cpu, mask)   test_and_set_bit((long)(cpu), (mask)->bits)
#define cpumask_test_and_clear_cpu(cpu, mask) test_and_clear_bit((long)(cpu), (mask)->bits)
#define cpumask_and(to, a, b)                 bitmap_and((to)->bits, (a)->bits, (b)->bits, NR_CPUS)
#define cpumask_or(to, a, b)                  bitmap_or((to)->bits, (a)->bits, (b)->bits, NR_CPUS)
#define cpumask_xor(to, a, b)                 bitmap_xor((to)->bits, (a)->bits, (b)->bits, NR_CPUS)
#define cpumask_andnot(to, a, b)              bitmap_andnot((to)->bits, (a)->bits, (b)->bits, NR_CPUS)
#define cpumask_equal(a, b)                   bitmap_equal((a)->bits, (b)->bits, NR_CPUS)
#define cpumask_intersects(a, b)              bitmap_intersects((a)->bits, (b)->bits, NR_CPUS)
#define cpumask_subset(a, b)                  bitmap_subset((a)->bits, (b)->bits, NR_CPUS)
#define cpumask_empty(mask)                   bitmap_empty((mask)->bits, NR_CPUS)
#define cpumask_full(mask)                    bitmap_full((mask)->bits, nr_cpu_ids)
#define cpumask_weight(mask)                  bitmap_weight((mask)->bits, NR_CPUS)
/* nr_cpu_ids, or more, where there is none. */
#define cpumask_first(mask)      ((unsigned int)find_first_bit((mask)->bits, nr_cpu_ids))
#define cpumask_first_zero(mask) ((unsigned int)find_first_zero_bit((mask)->bits, nr_cpu_ids))
#define cpumask_next(cpu, mask)  ((unsigned int)find_next_bit((mask)->bits, nr_cpu_ids, (unsigned long)((cpu) + 1)))
#define cpumask_next_zero(cpu, mask)                                                                                   \
	((unsigned int)find_next_zero_bit((mask)->bits, nr_cpu_ids, (unsigned long)((cpu) + 1)))
#define cpumask_last(mask) ((unsigned int)find_last_bit((mask)->bits, nr_cpu_ids))
#define cpumask_any(mask)  cpumask_first(mask)

#define for_each_cpu(cpu, mask)                                                                                        \
	for ((cpu) = (__typeof__(cpu))cpumask_first(mask); (unsigned int)(cpu) < nr_cpu_ids;                           \
	     (cpu) = (__typeof__(cpu))cpumask_next((cpu), (mask)))

static const struct cpumask memhp_all_cpus __attribute__((unused)) = {{[0 ... BITS_TO_LONGS(NR_CPUS) - 1] = ~0ul}};

#define cpu_online_mask   (&memhp_all_cpus)
#define cpu_possible_mask cpu_online_mask
#define cpu_present_mask  cpu_online_mask
#define cpu_active_mask   cpu_online_mask
#define cpu_active(cpu)   cpu_online(cpu)

#endif
