/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module can call that does something, by the kernel's names. Not here: what only asks or computes, lists and
 * bitmaps; and what only gives back, since its counterpart says the same (kfree() after kmalloc(), an unlock after its
 * lock), but for what waits. Variants that do the same share a name: kcalloc() is a kzalloc().
 */
#ifndef CORE_KAPI_SYMBOL_H
#define CORE_KAPI_SYMBOL_H

/* clang-format off */
/* X(NOUN, TEXT): MH_KAPI_CALL_NOUN. What ends in ".bytes" counts bytes, not calls. The locks keep their order. */
#define MH_KAPI_SYMBOL_LIST(X) \
	X(KMALLOC, "kmalloc") \
	X(KZALLOC, "kzalloc") \
	X(KREALLOC, "krealloc") \
	X(KMALLOC_BYTES, "kmalloc.bytes") \
	X(CACHE_CREATE, "kmem_cache_create") \
	X(CACHE_ALLOC, "kmem_cache_alloc") \
	X(CACHE_BYTES, "kmem_cache_alloc.bytes") \
	X(PERCPU_ALLOC, "alloc_percpu") \
	X(PERCPU_BYTES, "alloc_percpu.bytes") \
	X(XA_STORE, "xa_store") \
	X(XA_ALLOC, "xa_alloc") \
	X(SPIN_LOCK, "spin_lock") \
	X(RAW_SPIN_LOCK, "raw_spin_lock") \
	X(MUTEX_LOCK, "mutex_lock") \
	X(WRITE_LOCK, "write_lock") \
	X(DOWN_WRITE, "down_write") \
	X(READ_LOCK, "read_lock") \
	X(DOWN_READ, "down_read") \
	X(SPIN_TRYLOCK, "spin_trylock") \
	X(RAW_SPIN_TRYLOCK, "raw_spin_trylock") \
	X(MUTEX_TRYLOCK, "mutex_trylock") \
	X(WRITE_TRYLOCK, "write_trylock") \
	X(DOWN_WRITE_TRYLOCK, "down_write_trylock") \
	X(READ_TRYLOCK, "read_trylock") \
	X(DOWN_READ_TRYLOCK, "down_read_trylock") \
	X(DOWN, "down") \
	X(DOWN_TRYLOCK, "down_trylock") \
	X(RCU_READ_LOCK, "rcu_read_lock") \
	X(SYNCHRONIZE_RCU, "synchronize_rcu") \
	X(RCU_BARRIER, "rcu_barrier") \
	X(CALL_RCU, "call_rcu") \
	X(KFREE_RCU, "kfree_rcu") \
	X(SRCU_INIT, "init_srcu_struct") \
	X(SRCU_CLEANUP, "cleanup_srcu_struct") \
	X(SRCU_READ_LOCK, "srcu_read_lock") \
	X(SYNCHRONIZE_SRCU, "synchronize_srcu") \
	X(SRCU_BARRIER, "srcu_barrier") \
	X(CALL_SRCU, "call_srcu") \
	X(QUEUE_CREATE, "alloc_workqueue") \
	X(QUEUE_DESTROY, "destroy_workqueue") \
	X(QUEUE_FLUSH, "flush_workqueue") \
	X(QUEUE_DRAIN, "drain_workqueue") \
	X(QUEUE_WORK, "queue_work") \
	X(QUEUE_DELAYED_WORK, "queue_delayed_work") \
	X(MOD_DELAYED_WORK, "mod_delayed_work") \
	X(CANCEL_WORK, "cancel_work") \
	X(CANCEL_WORK_SYNC, "cancel_work_sync") \
	X(CANCEL_DELAYED_WORK, "cancel_delayed_work") \
	X(CANCEL_DELAYED_WORK_SYNC, "cancel_delayed_work_sync") \
	X(FLUSH_WORK, "flush_work") \
	X(FLUSH_DELAYED_WORK, "flush_delayed_work") \
	X(MOD_TIMER, "mod_timer") \
	X(TIMER_DELETE, "timer_delete") \
	X(TIMER_DELETE_SYNC, "timer_delete_sync") \
	X(KTHREAD_CREATE, "kthread_create") \
	X(KTHREAD_STOP, "kthread_stop") \
	X(PREPARE_TO_WAIT, "prepare_to_wait") \
	X(SCHEDULE, "schedule") \
	X(WAKE_UP, "wake_up") \
	X(WAKE_UP_PROCESS, "wake_up_process") \
	X(COMPLETE, "complete") \
	X(WAIT_FOR_COMPLETION, "wait_for_completion") \
	X(MSLEEP, "msleep") \
	X(UDELAY, "udelay") \
	X(COND_RESCHED, "cond_resched") \
	X(PREEMPT_DISABLE, "preempt_disable") \
	X(LOCAL_BH_DISABLE, "local_bh_disable") \
	X(LOCAL_IRQ_SAVE, "local_irq_save") \
	X(GET_ONLINE_MEMS, "get_online_mems") \
	X(REGISTER_MEMORY_NOTIFIER, "register_memory_notifier") \
	X(UNREGISTER_MEMORY_NOTIFIER, "unregister_memory_notifier") \
	X(REGISTER_NODE_NOTIFIER, "register_node_notifier") \
	X(UNREGISTER_NODE_NOTIFIER, "unregister_node_notifier") \
	X(PRINTK, "printk")
/* clang-format on */

enum mh_kapi_symbol {
#define X(noun, text) MH_KAPI_CALL_##noun,
	MH_KAPI_SYMBOL_LIST(X)
#undef X
		MH_KAPI_SYMBOLS
};

extern const char *const mh_kapi_symbol_names[MH_KAPI_SYMBOLS];

#endif
