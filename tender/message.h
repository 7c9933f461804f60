// SPDX-License-Identifier: ISC
/* message.h - why a tender does not start: one line, "what: what to do". */
#ifndef TENDER_MESSAGE_H
#define TENDER_MESSAGE_H
#include "base/err.h"
#include "base/span.h"

struct message {
    char text[320];
};
/* Writes the line and returns e, for `return refuse(why, E_INVALID, ...)`. */
PRINTF_LIKE(3, 4) err refuse(struct message *why, err e, const char *format, ...);

/* A span for "%.*s". */
static inline const char *text_of(struct span s)
{
    return (const char *)s.p;
}
#define TEXT_ARGUMENTS(s) (int)(s).n, text_of(s)

#endif
