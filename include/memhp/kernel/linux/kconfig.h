/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration that a notifier may ask for: what the simulated machine has, and no more. In the kernel the build
 * brings it; here every header does.
 */
#ifndef MEMHP_LINUX_KCONFIG_H
#define MEMHP_LINUX_KCONFIG_H

#define CONFIG_64BIT             1
#define CONFIG_HAS_DMA           1
#define CONFIG_MEMORY_HOTPLUG    1
#define CONFIG_MEMORY_HOTREMOVE  1
#define CONFIG_MODULES           1
#define CONFIG_NODES_SHIFT       10
#define CONFIG_NUMA              1
#define CONFIG_SMP               1
#define CONFIG_SPARSEMEM         1
#define CONFIG_SPARSEMEM_VMEMMAP 1
#define CONFIG_ZONE_DMA          1
#define CONFIG_ZONE_DMA32        1

/*
 * 1 where @option is defined as 1, 0 where it is not defined, for code and for #if. Pasting makes of a 1 an argument
 * more, which shifts the 1 into second place.
 */
#define MEMHP_SHIFT_1                    0,
#define memhp_second(first, second, ...) second
#define memhp_pick(shift)                memhp_second(shift 1, 0, 0)
#define memhp_paste(value)               memhp_pick(MEMHP_SHIFT_##value)
#define IS_BUILTIN(option)               memhp_paste(option)
/* Nothing is configured as a module but the module itself. */
#define IS_MODULE(option)    memhp_paste(option##_MODULE)
#define IS_ENABLED(option)   (IS_BUILTIN(option) || IS_MODULE(option))
#define IS_REACHABLE(option) IS_ENABLED(option)

#endif
