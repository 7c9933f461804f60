// SPDX-License-Identifier: ISC
/* test_names.h - for tests that include the C allocator: under other names, since the host has a C library of its own. What declares the
 * host's comes before. */
#ifndef LIB_LIBC_TEST_NAMES_H
#define LIB_LIBC_TEST_NAMES_H
#define malloc our_malloc
#define calloc our_calloc
#define realloc our_realloc
#define reallocarray our_reallocarray
#define free our_free
#define aligned_alloc our_aligned_alloc
#define posix_memalign our_posix_memalign

#endif
