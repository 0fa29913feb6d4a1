// SPDX-License-Identifier: GPL-2.0-or-later
/* final_bad.c without its bug: refuses where it is asked, and only warns when it is too late. */
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

	if (action == MEM_GOING_OFFLINE && arg->start_pfn >= WINDOW_PAGES / 8)
		return NOTIFY_BAD;
	if (action == MEM_OFFLINE && clear_window(arg->start_pfn))
		pr_warn("final_bad_fixed: pfn %#lx is still mapped\n", arg->start_pfn);
	return NOTIFY_OK;
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
MODULE_DESCRIPTION("Refuses where it is asked");
