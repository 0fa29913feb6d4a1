/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs. Unlike the kernel, a thread is a CPU: the number that it gets first is its own for as long as it lives. There
 * are 64; further threads share them, and are alone on theirs while preemption is off.
 */
#ifndef MEMHP_LINUX_SMP_H
#define MEMHP_LINUX_SMP_H

#include <linux/preempt.h>
#include <memhp/kapi_percpu.h>

#define NR_CPUS    MEMHP_CPUS
#define nr_cpu_ids ((unsigned int)MEMHP_CPUS)

#define smp_processor_id()     memhp_cpu()
#define raw_smp_processor_id() memhp_cpu()
#define get_cpu()              (preempt_disable(), memhp_cpu())
#define put_cpu()              preempt_enable()

#define num_possible_cpus() ((unsigned int)MEMHP_CPUS)
#define num_present_cpus()  num_possible_cpus()
#define num_online_cpus()   num_possible_cpus()
#define cpu_possible(cpu)   ((unsigned int)(cpu) < MEMHP_CPUS)
#define cpu_present(cpu)    cpu_possible(cpu)
#define cpu_online(cpu)     cpu_possible(cpu)

#define for_each_possible_cpu(cpu) for ((cpu) = 0; (unsigned int)(cpu) < MEMHP_CPUS; (cpu)++)
#define for_each_present_cpu(cpu)  for_each_possible_cpu(cpu)
#define for_each_online_cpu(cpu)   for_each_possible_cpu(cpu)

#endif
