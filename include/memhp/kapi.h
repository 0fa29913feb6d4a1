/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the headers below kernel/linux/ call in the program that loads the module. Not for modules themselves, which use
 * the kernel's names; libc only and valid C++.
 *
 * @where is a place in the module's source, MEMHP_HERE: a string constant of the module, by which its host also tells
 * which module it is.
 */
#ifndef MEMHP_KAPI_H
#define MEMHP_KAPI_H

#include <memhp/kernel.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_TEXT_OF(line) #line
#define MEMHP_TEXT(line)    MEMHP_TEXT_OF(line)
#define MEMHP_HERE          __FILE__ ":" MEMHP_TEXT(__LINE__)

/* A warning is a violation of the run, told with the operation. */
MEMHP_EXPORT void memhp_warn(const char *where, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* So is a bug, which ends the program: what the run has got so far is written. */
MEMHP_EXPORT void memhp_bug(const char *where, const char *condition) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#endif
