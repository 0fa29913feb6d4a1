// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bug: refuses MEM_OFFLINE. The memory is gone by then and the kernel does not look at the answer; but the walk ends
 * here, and the listeners below never hear that the memory went. A driver for one kind of IOMMU does so when it cannot
 * clear its tables.
 *
 * The fix is final_bad_fixed.c: what can fail belongs into MEM_GOING_OFFLINE; in MEM_OFFLINE there is nothing left but
 * to say so in the log.
 */
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/printk.h>

#define WINDOW_PAGES (1ul << 20) /* the device can only reach, and unmap, what lies below */

static int clear_window(unsigned long start_pfn)
{
	return start_pfn < WINDOW_PAGES / 8 ? 0 : -EIO;
}

static int final_bad_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;

	if (action != MEM_OFFLINE)
		return NOTIFY_OK;
	return clear_window(arg->start_pfn) ? NOTIFY_BAD : NOTIFY_OK;
}

static struct notifier_block final_bad_nb = {
	.notifier_call = final_bad_callback,
};

static int __init final_bad_init(void)
{
	return register_memory_notifier(&final_bad_nb);
}

static void __exit final_bad_exit(void)
{
	unregister_memory_notifier(&final_bad_nb);
}

module_init(final_bad_init);
module_exit(final_bad_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Refuses what can no longer be refused");
