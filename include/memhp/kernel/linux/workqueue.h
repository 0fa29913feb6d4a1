/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workqueues. Unlike the kernel's, a queue belongs to no CPU: up to max_active of its works run at a time, whoever
 * queued them, and flags have no meaning but that of an ordered queue.
 */
#ifndef MEMHP_LINUX_WORKQUEUE_H
#define MEMHP_LINUX_WORKQUEUE_H

#include <linux/timer.h>
#include <memhp/kapi_work.h>

#define WQ_UNBOUND         (1 << 1)
#define WQ_FREEZABLE       (1 << 2)
#define WQ_MEM_RECLAIM     (1 << 3)
#define WQ_HIGHPRI         (1 << 4)
#define WQ_CPU_INTENSIVE   (1 << 5)
#define WQ_SYSFS           (1 << 6)
#define WQ_POWER_EFFICIENT (1 << 7)
#define WQ_MAX_ACTIVE      512

#define WORK_CPU_UNBOUND (-1)

#define system_wq                 memhp_system_queue(MEMHP_QUEUE_SYSTEM)
#define system_highpri_wq         memhp_system_queue(MEMHP_QUEUE_HIGHPRI)
#define system_long_wq            memhp_system_queue(MEMHP_QUEUE_LONG)
#define system_unbound_wq         memhp_system_queue(MEMHP_QUEUE_UNBOUND)
#define system_freezable_wq       memhp_system_queue(MEMHP_QUEUE_FREEZABLE)
#define system_power_efficient_wq memhp_system_queue(MEMHP_QUEUE_SYSTEM)

#define alloc_workqueue(format, flags, max_active, ...)                                                                \
	((void)(flags), memhp_queue_new(MEMHP_HERE, max_active, format, ##__VA_ARGS__))
#define alloc_ordered_workqueue(format, flags, ...) alloc_workqueue(format, flags, 1, ##__VA_ARGS__)
#define create_workqueue(name)                      alloc_workqueue("%s", WQ_MEM_RECLAIM, 0, name)
#define create_singlethread_workqueue(name)         alloc_ordered_workqueue("%s", WQ_MEM_RECLAIM, name)
#define create_freezable_workqueue(name)            create_singlethread_workqueue(name)
#define destroy_workqueue(queue)                    memhp_queue_free(queue, MEMHP_HERE)
#define flush_workqueue(queue)                      memhp_queue_flush(queue, 0, MEMHP_HERE)
#define drain_workqueue(queue)                      memhp_queue_flush(queue, 1, MEMHP_HERE)
#define flush_scheduled_work()                      flush_workqueue(system_wq)

#define __WORK_INITIALIZER(name, function)                                                                             \
	{                                                                                                              \
		.func = function                                                                                       \
	}
#define DECLARE_WORK(name, function)            struct work_struct name = __WORK_INITIALIZER(name, function)
#define DECLARE_DELAYED_WORK(name, function)    struct delayed_work name = {.work = {.func = function}}
#define DECLARE_DEFERRABLE_WORK(name, function) DECLARE_DELAYED_WORK(name, function)

#define INIT_WORK(work, function)                 memhp_work_init(work, function, #work, MEMHP_HERE)
#define INIT_WORK_ONSTACK(work, function)         INIT_WORK(work, function)
#define destroy_work_on_stack(work)               ((void)(work))
#define INIT_DELAYED_WORK(work, function)         memhp_delayed_work_init(work, function, #work, MEMHP_HERE)
#define INIT_DELAYED_WORK_ONSTACK(work, function) INIT_DELAYED_WORK(work, function)
#define INIT_DEFERRABLE_WORK(work, function)      INIT_DELAYED_WORK(work, function)
#define destroy_delayed_work_on_stack(work)       ((void)(work))

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

#define queue_work(queue, work)                        (memhp_work_queue(queue, work, #work, MEMHP_HERE) != 0)
#define queue_work_on(cpu, queue, work)                ((void)(cpu), queue_work(queue, work))
#define schedule_work(work)                            (memhp_work_queue(system_wq, work, #work, MEMHP_HERE) != 0)
#define schedule_work_on(cpu, work)                    ((void)(cpu), schedule_work(work))
#define queue_delayed_work(queue, work, delay)         (memhp_delayed_work_queue(queue, work, delay, #work, MEMHP_HERE) != 0)
#define queue_delayed_work_on(cpu, queue, work, delay) ((void)(cpu), queue_delayed_work(queue, work, delay))
#define schedule_delayed_work(work, delay)             (memhp_delayed_work_queue(system_wq, work, delay, #work, MEMHP_HERE) != 0)
#define schedule_delayed_work_on(cpu, work, delay)     ((void)(cpu), schedule_delayed_work(work, delay))
#define mod_delayed_work(queue, work, delay)           (memhp_delayed_work_change(queue, work, delay, #work, MEMHP_HERE) != 0)
#define mod_delayed_work_on(cpu, queue, work, delay)   ((void)(cpu), mod_delayed_work(queue, work, delay))

#define flush_work(work)               (memhp_work_flush(work, MEMHP_HERE) != 0)
#define flush_delayed_work(work)       (memhp_delayed_work_flush(work, MEMHP_HERE) != 0)
#define cancel_work(work)              (memhp_work_cancel(work, 0, MEMHP_HERE) != 0)
#define cancel_work_sync(work)         (memhp_work_cancel(work, 1, MEMHP_HERE) != 0)
#define cancel_delayed_work(work)      (memhp_delayed_work_cancel(work, 0, MEMHP_HERE) != 0)
#define cancel_delayed_work_sync(work) (memhp_delayed_work_cancel(work, 1, MEMHP_HERE) != 0)
#define work_pending(work)             (memhp_work_is_pending(work) != 0)
#define delayed_work_pending(delayed)  work_pending(&(delayed)->work)
#define current_work()                 memhp_work_current()

#endif
