/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols for other modules. A module's symbols stay its own here: another one does not find them. */
#ifndef MEMHP_LINUX_EXPORT_H
#define MEMHP_LINUX_EXPORT_H

/* The name must be one; nothing is made of it. */
#define EXPORT_SYMBOL(name)     extern __typeof__(name) name
#define EXPORT_SYMBOL_GPL(name) EXPORT_SYMBOL(name)

#endif
