/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SRCU: a domain each srcu_struct. Lock and unlock belong to one thread. */
#ifndef MEMHP_LINUX_SRCU_H
#define MEMHP_LINUX_SRCU_H

#include <linux/rcupdate.h>

#define DEFINE_SRCU(name)        struct srcu_struct name = {.memhp_defined = 1, .memhp_name = #name}
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)

#define init_srcu_struct(srcu)           memhp_srcu_init(srcu, #srcu, MEMHP_HERE)
#define cleanup_srcu_struct(srcu)        memhp_srcu_cleanup(srcu, MEMHP_HERE)
#define srcu_read_lock(srcu)             memhp_srcu_read_lock(srcu, #srcu, MEMHP_HERE)
#define srcu_read_unlock(srcu, index)    memhp_srcu_read_unlock(srcu, index, MEMHP_HERE)
#define srcu_read_lock_held(srcu)        memhp_srcu_read_held(srcu)
#define synchronize_srcu(srcu)           memhp_srcu_synchronize(srcu, #srcu, MEMHP_HERE)
#define synchronize_srcu_expedited(srcu) synchronize_srcu(srcu)
#define srcu_barrier(srcu)               memhp_srcu_barrier(srcu, #srcu, MEMHP_HERE)
#define call_srcu(srcu, head, function)  memhp_srcu_call(srcu, head, function, #srcu, MEMHP_HERE)

#define srcu_dereference_check(pointer, srcu, condition)                                                               \
	(memhp_rcu_check((condition) || srcu_read_lock_held(srcu), "srcu_dereference of " #pointer, MEMHP_HERE),       \
	 rcu_dereference_raw(pointer))
#define srcu_dereference(pointer, srcu) srcu_dereference_check(pointer, srcu, 0)

#endif
