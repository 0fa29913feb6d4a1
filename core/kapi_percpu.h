/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPUs of modules' threads, and per-CPU data at the end of a module. */
#ifndef CORE_KAPI_PERCPU_H
#define CORE_KAPI_PERCPU_H

#include <memhp/kapi_percpu.h>

#include "core/kapi_unload.h"

struct mh_kapi_thread;

/* All of these are for the thread itself. Hold: no other holder is on its CPU. Both do nothing the second time. */
void mh_kapi_cpu_hold(struct mh_kapi_thread *self);
void mh_kapi_cpu_let_go(struct mh_kapi_thread *self);
/* It ends. */
void mh_kapi_cpu_give(struct mh_kapi_thread *self);

/* Tells what the module has not freed; all of its data go. */
void mh_kapi_percpu_unload(const struct mh_kapi_leaving *leaving);

#endif
