/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the headers below kernel/linux/ call when an object is misused: counted below 0, taken out of no list. */
#ifndef MEMHP_KAPI_USE_H
#define MEMHP_KAPI_USE_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* @where: MEMHP_HERE; @format: what was done, to what. Goes on: what is left of the object is for the caller to say. */
MEMHP_EXPORT void memhp_misuse(const char *where, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __cplusplus
}
#endif

#endif
