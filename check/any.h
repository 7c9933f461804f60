// SPDX-License-Identifier: ISC
/* any.h - one property, two engines: Frama-C Eva (every input) or libFuzzer (very many).
 *
 *     PROPERTY(prop_sntp_reply_decode, 64)
 *     {
 *         ... calls the decoder with the span `in` ...
 *         CHECK(e != WIRE_OK || in.n == SNTP_PACKET_BYTES);
 *     }
 *
 * The body runs for every span `in` of 0..max bytes. Each span ends where its memory ends, so that a
 * read beyond it is seen. What relates two values that the input decides, as bytes copied are equal, is
 * beyond Eva: CHECK_FUZZED is left to the fuzzer. A decoder that cuts its input at lengths which the input says is looked at with
 * all lengths at once, for undefined behaviour and panics alone: then CHECK is left to the fuzzer as well. One property a file:
 * it is a program of its own. A panic is a failed property, since no input may reach one. */
#ifndef CHECK_ANY_H
#define CHECK_ANY_H
#include "base/panic.h"
#include "base/span.h"

#ifdef ANY_LENGTH_AT_ONCE
#define CHECK(c) ((void)sizeof(c))
#else
#define CHECK(c)                                                              \
    do {                                                                      \
        if (!(c))                                                             \
            any_failed(__FILE__, __LINE__, #c);                               \
    } while (0)
#endif

#if defined __FRAMAC__
#define CHECK_FUZZED(c) ((void)sizeof(c))
#include "__fc_builtin.h"
/*@ requires holds: \false;
    assigns \nothing;
    ensures \false; */
void any_failed(const char *file, int line, const char *what);
#if defined ANY_LENGTH_AT_ONCE
#define PROPERTY(name, max)                                                   \
    static void name##_body(struct span in);                                  \
    void name(void);                                                          \
    void name(void)                                                           \
    {                                                                         \
        uint8_t bytes[max];                                                   \
        size_t n = Frama_C_size_t_interval(0, (max));                         \
        Frama_C_make_unknown((char *)bytes, (max));                           \
        name##_body((struct span){ bytes + ((max) - n), n });                 \
    }                                                                         \
    static void name##_body(struct span in)
#else
#define PROPERTY(name, max)                                                   \
    static void name##_body(struct span in);                                  \
    void name(void);                                                          \
    void name(void)                                                           \
    {                                                                         \
        uint8_t bytes[max];                                                   \
        for (size_t n = 0; n <= (max); n++) {                                 \
            Frama_C_make_unknown((char *)bytes, (max));                       \
            name##_body((struct span){ bytes + ((max) - n), n });             \
        }                                                                     \
    }                                                                         \
    static void name##_body(struct span in)
#endif
#else
#define CHECK_FUZZED(c) CHECK(c)
#include <stdio.h>
#include <stdlib.h>
NORETURN static inline void any_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    __builtin_trap();       /* abort may be ours */
}
/* Longer inputs are refused (-1), so that they do not enter the corpus. */
#define PROPERTY(name, max)                                                   \
    static void name##_body(struct span in);                                  \
    int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);                   \
    int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)                    \
    {                                                                         \
        if (n > (max))                                                        \
            return -1;                                                        \
        name##_body((struct span){ p, n });                                   \
        return 0;                                                             \
    }                                                                         \
    static void name##_body(struct span in)
NORETURN void panic(const char *file, int line, const char *what)
{
    any_failed(file, line, what);
}
#endif

#endif
