// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bug: takes a mutex in MEM_GOING_OFFLINE and releases it in MEM_OFFLINE or MEM_CANCEL_OFFLINE. That looks paired,
 * and is not: when a listener above refuses, MEM_CANCEL_OFFLINE comes without MEM_GOING_OFFLINE, and the mutex is
 * released by who never took it. A driver of one hypervisor's balloon does just this.
 *
 * The fix is cancel_unlock_fixed.c: remember whether it was taken.
 */
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(balloon_lock);
static unsigned long blocks_gone;

static int cancel_unlock_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	switch (action) {
	case MEM_GOING_OFFLINE:
		mutex_lock(&balloon_lock);
		break;
	case MEM_OFFLINE:
		blocks_gone++;
		mutex_unlock(&balloon_lock);
		break;
	case MEM_CANCEL_OFFLINE:
		mutex_unlock(&balloon_lock);
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
MODULE_DESCRIPTION("Releases in CANCEL a mutex that nobody took");
