/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeping CPUs from coming and going: they never do here, but the lock's pairs are checked. */
#ifndef MEMHP_LINUX_CPU_H
#define MEMHP_LINUX_CPU_H

#include <linux/smp.h>
#include <memhp/kapi_hotplug.h>

#define MEMHP_CPUS_READ (MEMHP_LOCK_RWSEM | MEMHP_LOCK_READ)

#define cpus_read_lock()           memhp_lock(memhp_cpus_lock(), MEMHP_CPUS_READ, "cpu_hotplug_lock", MEMHP_HERE)
#define cpus_read_trylock()        memhp_lock_try(memhp_cpus_lock(), MEMHP_CPUS_READ, "cpu_hotplug_lock", MEMHP_HERE)
#define cpus_read_unlock()         memhp_unlock(memhp_cpus_lock(), MEMHP_CPUS_READ, "cpu_hotplug_lock", MEMHP_HERE)
#define lockdep_assert_cpus_held() memhp_lock_assert(memhp_cpus_lock(), 1, "cpu_hotplug_lock", MEMHP_HERE)

#endif
