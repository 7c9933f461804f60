// SPDX-License-Identifier: ISC
/* log.c - which lines are written, how many a second, and how they begin:
 *
 *        0.001234 INFO  tcp: text
 *
 * A line is one call of the console, so lines of several writers do not mix. */
#include "runtime/log.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "base/nanos.h"
#include "platform/platform.h"
#include "runtime/clock.h"

struct rule {
    struct span source;             /* "*" for every source */
    enum log_level threshold;
};
static struct rules {
    struct rule rule[LOG_RULES_MAX];
    size_t num;
} rules;
static struct log_source *sources;
static nanos log_start;
static bool log_has_start;

/* ---- Thresholds */

static const struct {
    struct span name, shown;
} levels[] = {
    [LOG_QUIET] = { TEXT_INIT("quiet"), TEXT_INIT("") },
    [LOG_APP] = { TEXT_INIT("app"), TEXT_INIT("APP  ") },
    [LOG_ERROR] = { TEXT_INIT("error"), TEXT_INIT("ERROR") },
    [LOG_WARNING] = { TEXT_INIT("warning"), TEXT_INIT("WARN ") },
    [LOG_INFO] = { TEXT_INIT("info"), TEXT_INIT("INFO ") },
    [LOG_DEBUG] = { TEXT_INIT("debug"), TEXT_INIT("DEBUG") },
};

/* The last rule that names the source decides, else the last one for all. */
static enum log_level threshold_of(struct span source)
{
    enum log_level for_all = LOG_DEFAULT, for_source = LOG_QUIET;
    bool is_named = false;
    for (size_t i = 0; i < rules.num; i++) {
        const struct rule *r = &rules.rule[i];
        if (span_eq(r->source, source)) {
            for_source = r->threshold;
            is_named = true;
        } else if (span_eq(r->source, TEXT("*"))) {
            for_all = r->threshold;
        }
    }
    return is_named ? for_source : for_all;
}
static bool level_of(struct span name, enum log_level *out)
{
    for (size_t i = 0; i < NUM_OF(levels); i++)
        if (span_eq(levels[i].name, name)) {
            *out = (enum log_level)i;
            return true;
        }
    return false;
}
/* "SOURCE:LEVEL" or "LEVEL" */
static bool read_rule(struct span text, struct rule *out)
{
    size_t colon = span_find(text, ':');
    out->source = colon < text.n ? span_first(text, colon) : TEXT("*");
    return out->source.n > 0 && level_of(colon < text.n ? span_skip(text, colon + 1) : text, &out->threshold);
}
err log_set_levels(struct span spec)
{
    struct rules new = { 0 };
    struct cur c = cur_of(spec);
    do {
        if (new.num == LOG_RULES_MAX || !read_rule(cur_bytes(&c, span_find(c.left, ',')), &new.rule[new.num++]))
            return E_INVALID;
    } while (cur_more(&c) && cur_u8(&c) == ',');
    rules = new;
    for (struct log_source *s = sources; s; s = s->next)
        s->threshold = threshold_of(span_of_str(s->name));
    return OK;
}
static void enroll(struct log_source *s)
{
    if (s->registered)
        return;
    s->threshold = threshold_of(span_of_str(s->name));
    s->next = sources;
    s->registered = true;
    sources = s;
}

/* ---- Lines */

void log_init(nanos start)
{
    log_start = start;
    log_has_start = true;
}
static void begin(struct wr *w, const struct log_source *s, enum log_level level, nanos now)
{
    uint64_t us = nanos_sub(now, log_start) / NS_PER_US;
    format(w, "%5llu.%06llu ", (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000));
    wr_bytes(w, levels[level].shown);
    format(w, " %s: ", s->name);
}
/* Ends the line, which may have been cut off: the formatter fills the writer before it calls it full. */
static void end(const struct wr *w, struct mspan line)
{
    size_t n = w->all.n - w->room.n;
    mspan_put(line, n, '\n');
    platform_console_write(span_first(span_of(line), n + 1));
}
static void tell_swallowed(struct log_source *s, nanos now)
{
    uint8_t line[LOG_LINE_BYTES];
    struct wr w = wr_of(mspan_first(MSPAN(line), sizeof line - 1));
    begin(&w, s, LOG_WARNING, now);
    format(&w, "%u lines were swallowed", s->num_swallowed);
    end(&w, MSPAN(line));
    s->num_swallowed = 0;
}
/* At most LOG_LINES_PER_S in a second that begins with a line. */
static bool may_write(struct log_source *s, nanos now)
{
    if (nanos_sub(now, s->window_start) >= NS_PER_S || s->window_lines == 0) {
        s->window_start = now;
        s->window_lines = 0;
        if (s->num_swallowed > 0)
            tell_swallowed(s, now);
    }
    if (s->window_lines < LOG_LINES_PER_S) {
        s->window_lines++;
        return true;
    }
    s->num_swallowed += s->num_swallowed < UINT32_MAX;
    return false;
}
static void write_line(struct log_source *s, enum log_level level, nanos now, const char *text, va_list args)
{
    uint8_t line[LOG_LINE_BYTES];
    struct wr w = wr_of(mspan_first(MSPAN(line), sizeof line - 1));
    begin(&w, s, level, now);
    format_va(&w, text, args);
    end(&w, MSPAN(line));
}
void log_line(struct log_source *s, enum log_level level, const char *text, ...)
{
    enroll(s);
    if (level > s->threshold)
        return;
    nanos now = clock_now();
    if (!log_has_start)
        log_init(now);
    if (!may_write(s, now))
        return;
    va_list args;
    va_start(args, text);
    write_line(s, level, now, text, args);
    va_end(args);
}
void print(const char *text, ...)
{
    uint8_t out[PRINT_BYTES];
    struct wr w = wr_of(MSPAN(out));
    va_list args;
    va_start(args, text);
    format_va(&w, text, args);
    va_end(args);
    platform_console_write(span_first(SPAN(out), w.all.n - w.room.n));
}
