/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a module begins and ends. Unlike the kernel, code and data marked __init stay in memory after initialisation.
 */
#ifndef MEMHP_LINUX_INIT_H
#define MEMHP_LINUX_INIT_H

#include <linux/memhp_types.h>
#include <memhp/kernel.h>

#define __init
#define __exit
#define __initdata
#define __initconst const
#define __exitdata
#define __meminit
#define __meminitdata
#define __ref
#define __refdata
#define __ro_after_init

/* In a module the kernel, too, takes each of these for module_init. */
#define core_initcall(function)   module_init(function)
#define subsys_initcall(function) module_init(function)
#define fs_initcall(function)     module_init(function)
#define device_initcall(function) module_init(function)
#define late_initcall(function)   module_init(function)

#endif
