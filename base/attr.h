// SPDX-License-Identifier: ISC
/* attr.h - the few compiler attributes that Morgana's headers use. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

/* A small function of a header. In product images one copy (base/inline.c) serves all places where it is not put inline; elsewhere
 * each file has its own. */
#ifndef INLINE
#ifdef SHARE_INLINE
#define INLINE inline
#else
#define INLINE static inline
#endif
#endif

#define MUST_CHECK __attribute__((warn_unused_result))
#define CLEANUP(f) __attribute__((cleanup(f)))
#define NORETURN __attribute__((noreturn))
#define UNUSED __attribute__((unused))
#define UNINITIALIZED __attribute__((uninitialized))    /* a large local that its user fills: not cleared first */
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNLIKELY(c) __builtin_expect(!!(c), 0)
#define NUM_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
