// SPDX-License-Identifier: ISC
/* log.h - lines for the operator, by source and level, cut off at LOG_LINE_BYTES and rate-limited: a source
 * writes LOG_LINES_PER_S at most; its first line after that says how many were swallowed.
 *
 *     LOG_SOURCE(tcp);
 *     log_info(tcp, "%s listens on port %u", name, port);
 *
 * Own formatter, own bounded stack: %s %.*s %c %d %u %x %p %% with l, ll, z, -, 0 and width (at most 64), and
 * %b for a struct span by pointer, %I for a struct ip by pointer; any other conversion panics. In what
 * %s, %c and %b give, all but printable ASCII is written \xNN, since it may be hostile: text of other
 * alphabets, and lines, are written with wr_bytes. Thresholds come from `-l '*:info,tcp:debug'`. */
#ifndef RUNTIME_LOG_H
#define RUNTIME_LOG_H
#include "base/attr.h"
#include "base/span.h"
#include "base/err.h"
#include "base/nanos.h"
#include "base/writer.h"
#include <stdarg.h>

#define LOG_LINE_BYTES 256
#define LOG_LINES_PER_S 64
#define LOG_RULES_MAX 32
#define LOG_DEFAULT LOG_INFO        /* the threshold of a source that no rule names */
#define PRINT_BYTES 1024

enum log_level { LOG_QUIET, LOG_APP, LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log_source {
    const char *name;
    struct log_source *next;    /* registered at first use */
    enum log_level threshold;
    bool registered;
    nanos window_start;         /* rate limit: lines in the running second, and what it swallowed */
    uint32_t window_lines, num_swallowed;
};
#define LOG_SOURCE(id) static struct log_source log_source_##id = { .name = #id }

/* Lines show the time since then; without this call, since the first line. */
void log_init(nanos start);
void log_line(struct log_source *s, enum log_level level, const char *format, ...);
#define log_app(id, ...) log_line(&log_source_##id, LOG_APP, __VA_ARGS__)
#define log_error(id, ...) log_line(&log_source_##id, LOG_ERROR, __VA_ARGS__)
#define log_warning(id, ...) log_line(&log_source_##id, LOG_WARNING, __VA_ARGS__)
#define log_info(id, ...) log_line(&log_source_##id, LOG_INFO, __VA_ARGS__)
#define log_debug(id, ...) log_line(&log_source_##id, LOG_DEBUG, __VA_ARGS__)

/* "*:info,tcp:debug" or just "debug"; levels are quiet, app, error, warning, info, debug. The text is kept.
 * E_INVALID: nothing was changed. */
MUST_CHECK err log_set_levels(struct span spec);
/* The same formatter into a writer. A full writer got what fits: its room is used up. */
void format(struct wr *w, const char *format, ...);
void format_va(struct wr *w, const char *format, va_list args);
/* Formats and writes to the console without a level, a source or a rate: for programs' own output. Cut off
 * at PRINT_BYTES. */
void print(const char *format, ...);

#endif
