// SPDX-License-Identifier: ISC
/* chk.c - the checked forms that a build with _FORTIFY_SOURCE calls: the last argument says how much room there
 * is, and a copy that would leave it is a panic. */
#include "base/panic.h"
#include <string.h>

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room);
void *__memmove_chk(void *to, const void *from, size_t n, size_t room);
void *__memset_chk(void *to, int byte, size_t n, size_t room);
void __explicit_bzero_chk(void *to, size_t n, size_t room);

static void want_room(size_t n, size_t room)
{
    if (n > room)
        panic(__FILE__, __LINE__, "a library wrote past the end of a buffer");
}
void *__memcpy_chk(void *to, const void *from, size_t n, size_t room)
{
    want_room(n, room);
    return memcpy(to, from, n);
}
void *__memmove_chk(void *to, const void *from, size_t n, size_t room)
{
    want_room(n, room);
    return memmove(to, from, n);
}
void *__memset_chk(void *to, int byte, size_t n, size_t room)
{
    want_room(n, room);
    return memset(to, byte, n);
}
void __explicit_bzero_chk(void *to, size_t n, size_t room)
{
    want_room(n, room);
    memset(to, 0, n);
    __asm__ volatile("" : : "r"(to) : "memory");
}
