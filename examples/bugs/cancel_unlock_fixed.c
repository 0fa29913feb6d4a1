// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cancel_unlock.c without its bug: only who took the mutex releases it. One memory operation runs at a time, so the
 * flag needs no lock of its own.
 */
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(balloon_lock);
static bool holds_lock;
static unsigned long blocks_gone;

static void let_go(void)
{
	if (!holds_lock)
		return;
	holds_lock = false;
	mutex_unlock(&balloon_lock);
}

static int cancel_unlock_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	switch (action) {
	case MEM_GOING_OFFLINE:
		mutex_lock(&balloon_lock);
		holds_lock = true;
		break;
	case MEM_OFFLINE:
		blocks_gone++;
		let_go();
		break;
	case MEM_CANCEL_OFFLINE:
		let_go();
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block cancel_unlock_nb = {
	.notifier_call = cancel_unlock_callback,
};

static int __init cancel_unlock_init(void)
{
	return register_memory_notifier(&cancel_unlock_nb);
}

static void __exit cancel_unlock_exit(void)
{
	unregister_memory_notifier(&cancel_unlock_nb);
}

module_init(cancel_unlock_init);
module_exit(cancel_unlock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Releases only what it took");
