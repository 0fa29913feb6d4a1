/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's names of the memory notifier protocol, as in Linux 6.1, for modules and for the library's own use.
 *
 * Needs libc only and is valid C++. A module that is compiled against this header links nothing: the program that loads
 * it exports what is declared here, so that there is one chain in the process and not two.
 *
 * Names and numbers are the kernel's (include/linux/notifier.h, include/linux/memory.h); differences begin
 * "Unlike the kernel".
 */
#ifndef MEMHP_KERNEL_H
#define MEMHP_KERNEL_H

#include <errno.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_EXPORT __attribute__((visibility("default")))

/* What a module and its host must agree upon: raised when anything in this header changes its meaning or layout. */
#define MEMHP_MODULE_ABI 3
/*
 * The kernel whose protocol a module speaks: 61 (the default), 612 or 73, chosen by -DMEMHP_COMPAT=73. It hides the
 * names that this kernel has not, and stamps the module, which a machine of another protocol then refuses. 0 shows all
 * of them at once: for the host alone.
 */
#ifndef MEMHP_COMPAT
#define MEMHP_COMPAT 61
#endif
#define MEMHP_MODULE_COMPAT MEMHP_COMPAT
#if MEMHP_COMPAT != 0 && MEMHP_COMPAT != 61 && MEMHP_COMPAT != 612 && MEMHP_COMPAT != 73
#error "MEMHP_COMPAT is 61, 612 or 73"
#endif

struct notifier_block;

/**
 * notifier_fn_t - a listener's callback
 * @nb: the block that it was registered with
 * @action: one of MEM_*
 * @data: struct memory_notify, the same object for every listener of an event
 *
 * Runs in the thread of the operation, may sleep. Return: NOTIFY_DONE, NOTIFY_OK, NOTIFY_STOP, NOTIFY_BAD or
 * notifier_from_errno(). A raw negative errno has the stop bit set and decodes to 0: Linux takes it for success.
 */
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next; /* Unlike the kernel, the chain keeps links of its own and leaves this alone. */
	int priority;                /* higher ones are called first; not to be changed while registered */
};

#define NOTIFY_DONE      0x0000                         /* don't care */
#define NOTIFY_OK        0x0001                         /* suits me */
#define NOTIFY_STOP_MASK 0x8000                         /* call no further */
#define NOTIFY_BAD       (NOTIFY_STOP_MASK | 0x0002)    /* veto: decodes to -EPERM */
#define NOTIFY_STOP      (NOTIFY_STOP_MASK | NOTIFY_OK) /* success, and lower listeners are not asked */

/* @err: 0 or a negative errno. */
static inline int notifier_from_errno(int err)
{
	return err ? (NOTIFY_STOP_MASK | (NOTIFY_OK - err)) : NOTIFY_OK;
}

/* 0 or a negative errno: what the operation makes of a walk's result. */
static inline int notifier_to_errno(int value)
{
	value &= ~NOTIFY_STOP_MASK;
	return value > NOTIFY_OK ? NOTIFY_OK - value : 0;
}

#if MEMHP_COMPAT == 73
/* Linux 7.3 counts: never test an action as a bit, MEM_ONLINE is 0. */
#define MEM_ONLINE         0
#define MEM_GOING_OFFLINE  1
#define MEM_OFFLINE        2
#define MEM_GOING_ONLINE   3
#define MEM_CANCEL_ONLINE  4
#define MEM_CANCEL_OFFLINE 5
#else
/* Bits up to Linux 6.18. */
#define MEM_ONLINE         (1 << 0)
#define MEM_GOING_OFFLINE  (1 << 1)
#define MEM_OFFLINE        (1 << 2)
#define MEM_GOING_ONLINE   (1 << 3)
#define MEM_CANCEL_ONLINE  (1 << 4)
#define MEM_CANCEL_OFFLINE (1 << 5)
#endif
#if MEMHP_COMPAT == 612 || MEMHP_COMPAT == 0
#define MEM_PREPARE_ONLINE (1 << 6)
#define MEM_FINISH_OFFLINE (1 << 7)
#endif

/**
 * struct memory_notify - the argument of every memory event
 * @start_pfn: first page of the block, behind its own memmap if it has one (memmap_on_memory)
 * @nr_pages: pages of the block, without its own memmap
 * @status_change_nid_normal: node that gains or loses its first or last page of a kernel zone, else -1
 * @status_change_nid_high: always -1 (dropped in Linux 5.16; kept for sources that name it)
 * @status_change_nid: node that gains or loses its first or last page of any zone, else -1
 * @altmap_start_pfn, @altmap_nr_pages: PREPARE_ONLINE and FINISH_OFFLINE only: first page of the block, and how many
 *	pages its own memmap takes
 *
 * Unlike the kernels, which each have a struct of their own, one layout holds the fields of all; MEMHP_COMPAT hides
 * those that its kernel has not. Unlike Linux 6.12, which leaves them unset, the nids are -1 in PREPARE_ONLINE and
 * FINISH_OFFLINE.
 */
struct memory_notify {
	unsigned long start_pfn;
	unsigned long nr_pages;
#if MEMHP_COMPAT != 73
	int status_change_nid_normal;
	int status_change_nid_high;
	int status_change_nid;
#endif
#if MEMHP_COMPAT == 612 || MEMHP_COMPAT == 0
	unsigned long altmap_start_pfn;
	unsigned long altmap_nr_pages;
#endif
};

#if MEMHP_COMPAT == 73 || MEMHP_COMPAT == 0
/* Linux 7.3: what concerns a node as a whole goes to a chain of its own. */
#define NODE_ADDING_FIRST_MEMORY         (1 << 0)
#define NODE_ADDED_FIRST_MEMORY          (1 << 1)
#define NODE_CANCEL_ADDING_FIRST_MEMORY  (1 << 2)
#define NODE_REMOVING_LAST_MEMORY        (1 << 3)
#define NODE_REMOVED_LAST_MEMORY         (1 << 4)
#define NODE_CANCEL_REMOVING_LAST_MEMORY (1 << 5)

/**
 * struct node_notify - the argument of every node event
 * @nid: the node that gains its first or loses its last memory
 */
struct node_notify {
	int nid;
};

/* As register_memory_notifier and unregister_memory_notifier, for the chain of nodes. */
MEMHP_EXPORT int register_node_notifier(struct notifier_block *nb);
MEMHP_EXPORT void unregister_node_notifier(struct notifier_block *nb);

/* Registers @fn with priority @prio by a block of this call site's own, which cannot be unregistered. */
#define hotplug_node_notifier(fn, prio)                                                                                \
	(__extension__({                                                                                               \
		static struct notifier_block fn##_memhp_node_block = {fn, 0, prio};                                    \
		register_node_notifier(&fn##_memhp_node_block);                                                        \
	}))
#endif

/**
 * register_memory_notifier - add a listener to the machine that this module is bound to
 * @nb: stays where it is until unregister_memory_notifier() has returned
 *
 * Any thread; with the rwlock and mutex chains not from inside a callback (-EDEADLK; the kernel would hang).
 * Return: 0; -EEXIST registered already; -ENODEV no machine is bound; -ENOMEM.
 */
MEMHP_EXPORT int register_memory_notifier(struct notifier_block *nb);

/**
 * unregister_memory_notifier - remove a listener; when this returns, its callback neither runs nor ever will
 *
 * Not from inside a callback: the kernel would hang, here it is refused and reported as a violation.
 */
MEMHP_EXPORT void unregister_memory_notifier(struct notifier_block *nb);

/* Registers @fn with priority @prio by a block of this call site's own, which cannot be unregistered. */
#define hotplug_memory_notifier(fn, prio)                                                                              \
	(__extension__({                                                                                               \
		static struct notifier_block fn##_memhp_block = {fn, 0, prio};                                         \
		register_memory_notifier(&fn##_memhp_block);                                                           \
	}))

/* A line of the module's log, kept and shown by the host; printf's format, an optional KERN_ level first. */
MEMHP_EXPORT void memhp_printk(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define MEMHP_MODULE_NAME_SIZE 56

/* A module as its own code sees it: THIS_MODULE. One a module, however many files it is made of. */
struct module {
	char name[MEMHP_MODULE_NAME_SIZE]; /* its file's without .so; the host's, before init */
	int memhp_users;                   /* try_module_get() without its module_put(); atomic */
};

/* A parameter that the module declares by module_param() and its kin. */
struct memhp_param {
	const char *name;
	const char *type;        /* the kernel's word: "int", "charp", "bool" …; "string": @size bytes at @value */
	void *value;             /* of one value, or of the first of @count_max */
	unsigned long size;      /* bytes of one value */
	unsigned count_max;      /* 1: not an array */
	unsigned int *ret_count; /* how many were given; NULL: nobody asks */
};

/* What module_init() leaves in the module for the loader to check before any of its code runs. */
struct memhp_module {
	unsigned abi;    /* MEMHP_MODULE_ABI */
	unsigned compat; /* MEMHP_MODULE_COMPAT */
	int (*init)(void);
	struct module *self;
	/* Those of all its files: the linker puts the pointers of one section side by side and names its ends. */
	const struct memhp_param *const *params, *const *params_end;
};

#define MEMHP_HIDDEN __attribute__((visibility("hidden")))

#define module_init(function)                                                                                          \
	MEMHP_HIDDEN extern struct module memhp_this_module;                                                           \
	struct module memhp_this_module;                                                                               \
	MEMHP_HIDDEN __attribute__((weak)) extern const struct memhp_param *const __start_memhp_params[];              \
	MEMHP_HIDDEN __attribute__((weak)) extern const struct memhp_param *const __stop_memhp_params[];               \
	MEMHP_EXPORT extern const struct memhp_module memhp_module;                                                    \
	const struct memhp_module memhp_module = {MEMHP_MODULE_ABI,   MEMHP_MODULE_COMPAT,  function,                  \
						  &memhp_this_module, __start_memhp_params, __stop_memhp_params}

#define module_exit(function)                                                                                          \
	MEMHP_EXPORT extern void (*const memhp_module_exit)(void);                                                     \
	void (*const memhp_module_exit)(void) = function

#ifdef __cplusplus
}
#endif

#endif
