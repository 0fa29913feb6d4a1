/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in the links of an entry that was taken out of its list: no address of x86-64. */
#ifndef MEMHP_LINUX_POISON_H
#define MEMHP_LINUX_POISON_H

#define LIST_POISON1 ((void *)0xdead000000000100ul)
#define LIST_POISON2 ((void *)0xdead000000000122ul)

#endif
