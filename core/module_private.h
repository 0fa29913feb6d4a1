/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about modules know of each other. */
#ifndef CORE_MODULE_PRIVATE_H
#define CORE_MODULE_PRIVATE_H

#include <stdint.h>

struct mh_module;

/* Where the module is mapped: what the addresses of its file are relative to. */
uintptr_t mh_module_base(const struct mh_module *module);
const char *mh_module_path(const struct mh_module *module);

#endif
