// SPDX-License-Identifier: ISC
/* test.h - unit tests: one program per file, one sentence per test, one line per result.
 *
 *     TEST(a_reply_with_a_foreign_nonce_is_dropped) { ... EQ(got, want); ... }
 *     TEST_MAIN
 *
 * Lines are "ok NAME" and "not ok NAME"; check/run adds them up. A failed check ends its test, not
 * the program. TEST_LIVE(what, count) has the harness call count() after every test, which must be 0. */
#ifndef CHECK_TEST_H
#define CHECK_TEST_H
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
};
static struct test *test_first, **test_last = &test_first;
static jmp_buf test_failed;

struct test_live {
    const char *what;
    size_t (*count)(void);
    struct test_live *next;
};
static struct test_live *test_live_first;
static const char *test_wants_panic;    /* a panic is what the test is about */

#define TEST(name)                                                            \
    static void name(void);                                                   \
    static struct test test_##name = { #name, name, NULL };                   \
    __attribute__((constructor)) static void register_##name(void)            \
    {                                                                         \
        *test_last = &test_##name;                                            \
        test_last = &test_##name.next;                                        \
    }                                                                         \
    static void name(void)

#define TEST_LIVE(what, count)                                                \
    static struct test_live live_##count##_ = { what, count, NULL };          \
    __attribute__((constructor)) static void register_live_##count(void)      \
    {                                                                         \
        live_##count##_.next = test_live_first;                               \
        test_live_first = &live_##count##_;                                   \
    }
/* Is nothing left alive? Counters begin anew. */
static inline bool test_left_nothing(void)
{
    bool is_nothing = true;
    for (struct test_live *l = test_live_first; l; l = l->next) {
        size_t n = l->count();
        if (n > 0)
            printf("# %zu %s are left\n", n, l->what);
        is_nothing = is_nothing && n == 0;
    }
    return is_nothing;
}

#define TEST_FAIL(...)                                                        \
    do {                                                                      \
        printf("# %s:%d: ", __FILE__, __LINE__);                              \
        printf(__VA_ARGS__);                                                  \
        putchar('\n');                                                        \
        longjmp(test_failed, 1);                                              \
    } while (0)
#define EQ(a, b)                                                              \
    do {                                                                      \
        unsigned long long got_ = (unsigned long long)(a);                    \
        unsigned long long want_ = (unsigned long long)(b);                   \
        if (got_ != want_)                                                    \
            TEST_FAIL("%s = %llu (0x%llx), want %s = %llu (0x%llx)", #a, got_, got_, #b, want_, want_); \
    } while (0)
#define TRUE(c)                                                               \
    do {                                                                      \
        if (!(c))                                                             \
            TEST_FAIL("%s is false", #c);                                     \
    } while (0)
/* compares a struct span with a string literal */
#define SPAN_EQ(s, literal)                                                   \
    do {                                                                      \
        struct span s_ = (s);                                                 \
        if (!span_eq(s_, TEXT(literal)))                                      \
            TEST_FAIL("%s = \"%.*s\", want \"%s\"", #s, (int)s_.n, (const char *)s_.p, literal); \
    } while (0)
/* the statement must panic */
#define PANICS(statement)                                                     \
    do {                                                                      \
        jmp_buf outer_;                                                       \
        memcpy(&outer_, &test_failed, sizeof outer_);                         \
        test_wants_panic = #statement;                                        \
        if (setjmp(test_failed) == 0) {                                       \
            statement;                                                        \
            memcpy(&test_failed, &outer_, sizeof outer_);                     \
            test_wants_panic = NULL;                                          \
            TEST_FAIL("%s did not panic", #statement);                        \
        }                                                                     \
        memcpy(&test_failed, &outer_, sizeof outer_);                         \
        test_wants_panic = NULL;                                              \
    } while (0)

#ifndef TEST_OWN_PANIC
__attribute__((noreturn)) void panic(const char *file, int line, const char *what);
__attribute__((noreturn)) void panic(const char *file, int line, const char *what)
{
    if (!test_wants_panic)
        printf("# %s:%d: panic: %s\n", file, line, what);
    longjmp(test_failed, 1);
}
#endif

#define TEST_MAIN                                                             \
    int main(int argc, char **argv)                                           \
    {                                                                         \
        int failed = 0;                                                       \
        setvbuf(stdout, NULL, _IOLBF, 0);                                     \
        for (struct test *t = test_first; t; t = t->next) {                   \
            if (argc > 1 && !strstr(t->name, argv[1]))                        \
                continue;                                                     \
            if (setjmp(test_failed) == 0) {                                   \
                t->run();                                                     \
                if (!test_left_nothing())                                     \
                    longjmp(test_failed, 1);                                  \
                printf("ok %s\n", t->name);                                   \
            } else {                                                          \
                printf("not ok %s\n", t->name);                               \
                failed = 1;                                                   \
            }                                                                 \
        }                                                                     \
        return failed;                                                        \
    }

#endif
