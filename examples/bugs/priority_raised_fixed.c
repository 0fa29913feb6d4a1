// SPDX-License-Identifier: GPL-2.0-or-later
/* priority_raised.c without its bug: leaves the chain before it comes back with another priority. */
#include <linux/memory.h>
#include <linux/module.h>

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
	unregister_memory_notifier(&priority_raised_nb);
	priority_raised_nb.priority = 150;
	return register_memory_notifier(&priority_raised_nb);
}

static void __exit priority_raised_exit(void)
{
	unregister_memory_notifier(&priority_raised_nb);
}

module_init(priority_raised_init);
module_exit(priority_raised_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Changes its priority while it is not registered");
