// SPDX-License-Identifier: ISC
/* memory.h - which bytes mem* reads and writes, for the proof of base/span.h by WP. WP's memory has types, so a copy
 * between bytes and a number is modelled by the bytes that it reads or writes; the number is then any. */
#ifndef CHECK_PROVE_MEMORY_H
#define CHECK_PROVE_MEMORY_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*@ requires \valid_read(from + (0 .. n - 1)) && n == size;
    assigns \result \from from[0 .. n - 1]; */
uint64_t load(const uint8_t *from, size_t n, size_t size);
/*@ requires \valid(to + (0 .. n - 1)) && n == size;
    assigns to[0 .. n - 1]; */
void store(uint8_t *to, size_t n, size_t size);
/*@ requires \valid(to + (0 .. n - 1)) && \valid_read(from + (0 .. n - 1));
    requires \separated(to + (0 .. n - 1), from + (0 .. n - 1));
    assigns to[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> to[i] == \old(from[i]); */
void copy(uint8_t *to, const uint8_t *from, size_t n);
#define memcpy(to, from, n)                                                                    \
    (sizeof *(to) > 1     ? (void)(*(to) = load((const uint8_t *)(from), (n), sizeof *(to)))   \
     : sizeof *(from) > 1 ? store((uint8_t *)(to), (n), sizeof *(from))                        \
                          : copy((uint8_t *)(to), (const uint8_t *)(from), (n)))

/*@ requires \valid(to + (0 .. n - 1)) && value == 0;
    assigns to[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> to[i] == 0; */
void fill(uint8_t *to, int value, size_t n);
#define memset fill
/*@ requires \valid_read(a + (0 .. n - 1)) && \valid_read(b + (0 .. n - 1));
    assigns \result \from a[0 .. n - 1], b[0 .. n - 1]; */
int compare(const uint8_t *a, const uint8_t *b, size_t n);
#define memcmp compare
/*@ requires \valid_read(s + (0 .. n - 1));
    assigns \result \from s, s[0 .. n - 1];
    ensures \result == \null ==> \forall integer i; 0 <= i < n ==> s[i] != c;
    ensures \result != \null ==> \exists integer i; 0 <= i < n && \result == s + i && s[i] == c &&
        \forall integer k; 0 <= k < i ==> s[k] != c; */
const uint8_t *find(const uint8_t *s, uint8_t c, size_t n);
#define memchr find
/* Whoever calls span_of_str has a string; that it ends is not proved. */
//@ assigns \result \from s;
size_t length(const char *s);
#define strlen length
#endif
