/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules that the command line adds to a scenario's own, or puts in their place.
 */
#ifndef BENCH_ENGINE_MODULE_OPTION_H
#define BENCH_ENGINE_MODULE_OPTION_H

#include "bench/engine/document.h"

/* --module "FILE.so NAME=VALUE …": one more item of `modules` of @root, its path from the current folder. 0 or -ENOMEM.
 */
int mh_module_option_add(struct mh_reader *reader, struct mh_node *root, const char *argument);

/**
 * mh_module_option_replace - --replace-module FILE.so: another build of a module
 * @path: of the file; "drv" for ".../drv.so" is which module it stands for
 *
 * The item of that name gets the path and keeps its arguments; where there is none it is added. Listeners are named
 * after the file, so that nothing else of the scenario changes. 0 or -ENOMEM.
 */
int mh_module_option_replace(struct mh_reader *reader, struct mh_node *root, const char *path);

#endif
