// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes a mutex in a GOING event and releases it in the event that ends the operation, so that its own work on the
 * device never meets a block that is in between.
 *
 * The end may come without the beginning: a listener above may refuse before this one is asked, and everybody hears the
 * CANCEL. So a flag remembers who took the mutex. The kernel runs one memory operation at a time, all its events in one
 * thread, so the flag needs no lock. What is counted in MEM_ONLINE and MEM_OFFLINE must not hang on that flag: a block
 * whose MEM_GOING_ONLINE was kept from us is online all the same.
 */
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/mutex.h>

struct device_memory {
	struct notifier_block nb;
	struct mutex lock; /* held while a block of the device comes or goes */
	bool in_operation;
	long blocks_online; /* since the module came; below 0 when older ones go */
};

static void begin(struct device_memory *memory)
{
	mutex_lock(&memory->lock);
	memory->in_operation = true;
}

static void end(struct device_memory *memory)
{
	if (!memory->in_operation)
		return;
	memory->in_operation = false;
	mutex_unlock(&memory->lock);
}

static int going_lock_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct device_memory *memory = container_of(nb, struct device_memory, nb);

	switch (action) {
	case MEM_GOING_ONLINE:
	case MEM_GOING_OFFLINE:
		begin(memory);
		break;
	case MEM_ONLINE:
		memory->blocks_online++;
		end(memory);
		break;
	case MEM_OFFLINE:
		memory->blocks_online--;
		end(memory);
		break;
	case MEM_CANCEL_ONLINE:
	case MEM_CANCEL_OFFLINE:
		end(memory);
		break;
	}
	return NOTIFY_OK;
}

static struct device_memory memory = {
	.nb = {.notifier_call = going_lock_callback},
};

static int __init going_lock_init(void)
{
	mutex_init(&memory.lock);
	return register_memory_notifier(&memory.nb);
}

static void __exit going_lock_exit(void)
{
	unregister_memory_notifier(&memory.nb);
}

module_init(going_lock_init);
module_exit(going_lock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A mutex held from GOING to the end of the operation");
