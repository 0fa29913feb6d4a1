/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's <linux/kobject.h> brings along. <linux/module.h> includes that, and <linux/memory.h> by its device:
 * most modules name neither <linux/list.h> nor <linux/mutex.h>, and compile. Its own structures are not here.
 */
#ifndef MEMHP_LINUX_KOBJECT_H
#define MEMHP_LINUX_KOBJECT_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mmdebug.h>
#include <linux/mmzone.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/overflow.h>
#include <linux/percpu.h>
#include <linux/ratelimit.h>
#include <linux/rbtree.h>
#include <linux/rculist.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#endif
