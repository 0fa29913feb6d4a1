/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of structs, on top of the system's header of the same name, which libc's headers include: nothing else. */
#ifndef MEMHP_LINUX_STDDEF_H
#define MEMHP_LINUX_STDDEF_H

#include_next <linux/stddef.h>

#include <stddef.h>

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define offsetofend(type, member)  (offsetof(type, member) + sizeof_field(type, member))

#endif
