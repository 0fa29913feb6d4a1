/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU data, where a thread is a CPU (linux/smp.h). this_cpu_*() of scalars are relaxed atomics, so that they are
 * right even where threads share a CPU; what this_cpu_ptr() points at is this thread's own unless they do.
 */
#ifndef MEMHP_LINUX_PERCPU_H
#define MEMHP_LINUX_PERCPU_H

#include <linux/gfp.h>
#include <linux/memhp_types.h>
#include <linux/smp.h>
#include <memhp/kapi_tsan.h>

#ifndef __percpu
#define __percpu
#endif

/* Of the module's section, which the linker names so; without per-CPU data there is none. */
extern char __start_memhp_percpu[] __attribute__((weak, visibility("hidden")));
extern char __stop_memhp_percpu[] __attribute__((weak, visibility("hidden")));

static inline void *memhp_percpu_at(const volatile void *data, unsigned int cpu)
{
	static char *here; /* CPU 0's copy of the section */
	size_t offset = (size_t)((const volatile char *)data - __start_memhp_percpu);
	size_t size = (size_t)(__stop_memhp_percpu - __start_memhp_percpu);
	char *copy = (char *)(unsigned long)data;

	if (offset < size) {
		/* Acquire: the copies' values come before their use; pairs with the release below. */
		copy = __atomic_load_n(&here, __ATOMIC_ACQUIRE);
		if (!copy) {
			copy = memhp_percpu_section(__start_memhp_percpu, size);
			__atomic_store_n(&here, copy, __ATOMIC_RELEASE);
		}
		copy += offset;
	}
	return copy + cpu * MEMHP_CPU_STRIDE;
}

#define MEMHP_PERCPU __attribute__((section("memhp_percpu")))

#define DEFINE_PER_CPU(type, name)                MEMHP_PERCPU __typeof__(type) name
#define DECLARE_PER_CPU(type, name)               extern MEMHP_PERCPU __typeof__(type) name
#define DEFINE_PER_CPU_ALIGNED(type, name)        DEFINE_PER_CPU(type, name) __attribute__((aligned(64)))
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) DEFINE_PER_CPU_ALIGNED(type, name)
#define DEFINE_PER_CPU_READ_MOSTLY(type, name)    DEFINE_PER_CPU(type, name)
/* An exported one is the module's own all the same. */
#define EXPORT_PER_CPU_SYMBOL(name)     extern __typeof__(name) name
#define EXPORT_PER_CPU_SYMBOL_GPL(name) EXPORT_PER_CPU_SYMBOL(name)

#define per_cpu_ptr(pointer, cpu) ((__typeof__(*(pointer)) *)memhp_percpu_at(pointer, cpu))
#define per_cpu(variable, cpu)    (*per_cpu_ptr(&(variable), cpu))
#define this_cpu_ptr(pointer)     per_cpu_ptr(pointer, memhp_cpu())
#define raw_cpu_ptr(pointer)      this_cpu_ptr(pointer)
#define get_cpu_ptr(pointer)      (preempt_disable(), this_cpu_ptr(pointer))
#define put_cpu_ptr(pointer)      ((void)(pointer), preempt_enable())
#define get_cpu_var(variable)     (*get_cpu_ptr(&(variable)))
#define put_cpu_var(variable)     put_cpu_ptr(&(variable))

#define alloc_percpu(type)            ((type *)memhp_percpu_new(sizeof(type), __alignof__(type), MEMHP_HERE))
#define alloc_percpu_gfp(type, flags) ((void)(flags), alloc_percpu(type))
#define __alloc_percpu(size, align)   memhp_percpu_new(size, align, MEMHP_HERE)
#define free_percpu(pointer)          memhp_percpu_free(pointer, MEMHP_HERE)

#define this_cpu_read(variable) __atomic_load_n(this_cpu_ptr(&(variable)), __ATOMIC_RELAXED)

/* Others may read the counter without a lock meanwhile, to add it up: no race by the kernel's convention. */
#define memhp_this_cpu(variable, atomic, ...)                                                                          \
	(__extension__({                                                                                               \
		__typeof__(variable) *memhp_own = this_cpu_ptr(&(variable));                                           \
		__typeof__(variable) memhp_result;                                                                     \
		MEMHP_POKE_BEGIN();                                                                                    \
		memhp_result = atomic(memhp_own, __VA_ARGS__, __ATOMIC_RELAXED);                                       \
		MEMHP_POKE_END();                                                                                      \
		memhp_result;                                                                                          \
	}))

#define this_cpu_add_return(variable, value) memhp_this_cpu(variable, __atomic_add_fetch, value)
#define this_cpu_sub_return(variable, value) memhp_this_cpu(variable, __atomic_sub_fetch, value)
#define this_cpu_inc_return(variable)        this_cpu_add_return(variable, 1)
#define this_cpu_dec_return(variable)        this_cpu_sub_return(variable, 1)
#define this_cpu_xchg(variable, value)       memhp_this_cpu(variable, __atomic_exchange_n, value)
#define this_cpu_write(variable, value)      ((void)this_cpu_xchg(variable, value))
#define this_cpu_add(variable, value)        ((void)this_cpu_add_return(variable, value))
#define this_cpu_sub(variable, value)        ((void)this_cpu_sub_return(variable, value))
#define this_cpu_inc(variable)               this_cpu_add(variable, 1)
#define this_cpu_dec(variable)               this_cpu_sub(variable, 1)
#define this_cpu_or(variable, value)         ((void)memhp_this_cpu(variable, __atomic_or_fetch, value))
#define this_cpu_and(variable, value)        ((void)memhp_this_cpu(variable, __atomic_and_fetch, value))

#define __this_cpu_read(variable)         this_cpu_read(variable)
#define __this_cpu_write(variable, value) this_cpu_write(variable, value)
#define __this_cpu_add(variable, value)   this_cpu_add(variable, value)
#define __this_cpu_sub(variable, value)   this_cpu_sub(variable, value)
#define __this_cpu_inc(variable)          this_cpu_inc(variable)
#define __this_cpu_dec(variable)          this_cpu_dec(variable)
#define raw_cpu_read(variable)            this_cpu_read(variable)
#define raw_cpu_write(variable, value)    this_cpu_write(variable, value)
#define raw_cpu_add(variable, value)      this_cpu_add(variable, value)
#define raw_cpu_inc(variable)             this_cpu_inc(variable)

#endif
