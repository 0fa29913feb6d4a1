/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The random numbers of modules. */
#ifndef CORE_KAPI_NUMBER_H
#define CORE_KAPI_NUMBER_H

#include <stdint.h>

/* A run begins: modules draw the sequence of @seed from its beginning. While no module code runs. */
void mh_kapi_random_begin(uint64_t seed);

#endif
