// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bug: wants to be asked before the others after all, so it raises the priority in its notifier_block and registers
 * once more. The block is in the chain already; the kernel looks for it only down to the new priority, does not find
 * it, and links it a second time: the chain becomes a circle, and the next walk over it has no end.
 *
 * The fix is priority_raised_fixed.c: unregister first.
 */
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/printk.h>

static unsigned long events;

static int priority_raised_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	events++;
	return NOTIFY_OK;
}

static struct notifier_block priority_raised_nb = {
	.notifier_call = priority_raised_callback,
};

static int __init priority_raised_init(void)
{
	int err = register_memory_notifier(&priority_raised_nb);

	if (err)
		return err;
	priority_raised_nb.priority = 150;
	err = register_memory_notifier(&priority_raised_nb);
	if (err)
		pr_warn("priority_raised: still at the old priority: %d\n", err);
	return 0;
}

static void __exit priority_raised_exit(void)
{
	unregister_memory_notifier(&priority_raised_nb);
}

module_init(priority_raised_init);
module_exit(priority_raised_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Registers a block that is registered");
