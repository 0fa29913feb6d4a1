/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bottom halves of this CPU: timers and callbacks of RCU run in threads of their own all the same. */
#ifndef MEMHP_LINUX_BOTTOM_HALF_H
#define MEMHP_LINUX_BOTTOM_HALF_H

#include <memhp/kapi_thread.h>

#define local_bh_disable() memhp_bh_disable(MEMHP_HERE)
#define local_bh_enable()  memhp_bh_enable(MEMHP_HERE)

#endif
