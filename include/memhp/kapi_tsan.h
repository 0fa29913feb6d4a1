/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's conventions call no race and C does: in a module that is compiled for ThreadSanitizer nothing is
 * reported of it. For the headers below kernel/linux/.
 */
#ifndef MEMHP_KAPI_TSAN_H
#define MEMHP_KAPI_TSAN_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MEMHP_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) && !defined(MEMHP_TSAN)
#define MEMHP_TSAN 1
#endif

#ifdef MEMHP_TSAN
#ifdef __cplusplus
extern "C" {
#endif
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
#ifdef __cplusplus
}
#endif
/* Around the look at a condition that others change meanwhile. */
#define MEMHP_PEEK_BEGIN() AnnotateIgnoreReadsBegin(__FILE__, __LINE__)
#define MEMHP_PEEK_END()   AnnotateIgnoreReadsEnd(__FILE__, __LINE__)
/* Around the change of a counter that others may look at. */
#define MEMHP_POKE_BEGIN() AnnotateIgnoreWritesBegin(__FILE__, __LINE__)
#define MEMHP_POKE_END()   AnnotateIgnoreWritesEnd(__FILE__, __LINE__)
#else
#define MEMHP_PEEK_BEGIN() ((void)0)
#define MEMHP_PEEK_END()   ((void)0)
#define MEMHP_POKE_BEGIN() ((void)0)
#define MEMHP_POKE_END()   ((void)0)
#endif

#endif
