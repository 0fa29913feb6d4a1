/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel-named functions of <memhp/kernel.h>, bound to one machine of the process.
 */
#ifndef CORE_KAPI_H
#define CORE_KAPI_H

#include "base/text.h"

struct mh_machine;

/* From here on register_memory_notifier() means @machine; NULL: none. No module code may run meanwhile. */
void mh_kapi_bind(struct mh_machine *machine);
/* NULL: none. */
struct mh_machine *mh_kapi_machine(void);
/* Moves what modules have printed since the last call to the end of @text. Any thread. */
void mh_kapi_take_log(struct mh_text *text);

#endif
