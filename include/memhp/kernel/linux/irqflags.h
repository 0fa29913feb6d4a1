/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts of this CPU. There are none: that nothing sleeps while they are off is checked. */
#ifndef MEMHP_LINUX_IRQFLAGS_H
#define MEMHP_LINUX_IRQFLAGS_H

#include <linux/memhp_types.h>
#include <memhp/kapi_thread.h>

#define local_irq_disable()      ((void)memhp_irq_save(MEMHP_HERE))
#define local_irq_enable()       memhp_irq_restore(0)
#define local_irq_save(flags)    ((void)((flags) = memhp_irq_save(MEMHP_HERE)))
#define local_irq_restore(flags) memhp_irq_restore(flags)
#define irqs_disabled()          memhp_irqs_disabled()

#endif
