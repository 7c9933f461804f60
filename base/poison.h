// SPDX-License-Identifier: ISC
/* poison.h - bytes that nobody may touch: of freed blocks and packets. Where the address sanitizer watches, a touch ends
 * the program at once; elsewhere these do nothing. Whole words of 8 bytes. */
#ifndef BASE_POISON_H
#define BASE_POISON_H
#include <stddef.h>

#ifdef __has_feature                /* clang's way to say it */
#if __has_feature(address_sanitizer) && !defined __SANITIZE_ADDRESS__
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
void __asan_poison_memory_region(const volatile void *p, size_t num_bytes);
void __asan_unpoison_memory_region(const volatile void *p, size_t num_bytes);
#define poison(p, num_bytes) __asan_poison_memory_region((p), (num_bytes))
#define unpoison(p, num_bytes) __asan_unpoison_memory_region((p), (num_bytes))
#else
#define poison(p, num_bytes) ((void)(p), (void)(num_bytes))
#define unpoison(p, num_bytes) ((void)(p), (void)(num_bytes))
#endif

#endif
