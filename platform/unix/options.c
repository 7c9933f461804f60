// SPDX-License-Identifier: ISC
/* The command line of a unix image: first the options that a tender would take, then the unikernel's own.
 *
 *     IMAGE [--net:NAME=TAP|@FD|passt:PATH] [--net-mac:NAME=MAC] [--block:NAME=FILE]
 *           [--block-sector-size:NAME=BYTES] [--mem=MB] [--] BOOT ARGUMENT... */
#include "platform/unix/unix.h"
#include <stdlib.h>

static const char *kind_name(bool is_net)
{
    return is_net ? "network" : "block";
}

unsigned unix_handle(struct span name, bool is_net)
{
    for (size_t i = 0; i < platform_manifest.devices.n; i++) {
        const struct platform_manifest_entry *e = &AT(platform_manifest.devices, i);
        if (e->is_net == is_net && span_eq(span_of_str(e->name), name))
            return (unsigned)i + 1;
    }
    unix_refuse("this unikernel has no %s device \"%.*s\"", kind_name(is_net), (int)name.n, (const char *)name.p);
}

void unix_refuse_missing(struct span name, bool is_net)
{
    unix_refuse("the %s device \"%.*s\" is not attached: start with --%s:%.*s=%s", kind_name(is_net), (int)name.n,
                (const char *)name.p, is_net ? "net" : "block", (int)name.n, (const char *)name.p,
                is_net ? "TAP" : "FILE");
}

static const struct device_option {
    struct span prefix;
    bool is_net;
    void (*apply)(unsigned handle, const char *value);
} device_options[] = {
    { TEXT_INIT("--net:"), true, unix_net_attach },
    { TEXT_INIT("--net-mac:"), true, unix_net_set_mac },
    { TEXT_INIT("--block:"), false, unix_block_attach },
    { TEXT_INIT("--block-sector-size:"), false, unix_block_set_sector },
};

/* true: the word is an option of a device, and was obeyed */
static bool read_device_option(struct span word)
{
    for (size_t i = 0; i < NUM_OF(device_options); i++) {
        const struct device_option *o = &device_options[i];
        if (!span_starts(word, o->prefix))
            continue;
        struct span rest = span_skip(word, o->prefix.n);
        struct span name = span_first(rest, span_find(rest, '='));
        if (name.n == rest.n || name.n + 1 == rest.n)
            unix_refuse("%.*s wants NAME=VALUE", (int)o->prefix.n, (const char *)o->prefix.p);
        /* the rest of a word ends with the NUL of argv */
        o->apply(unix_handle(name, o->is_net), (const char *)span_skip(rest, name.n + 1).p);
        return true;
    }
    return false;
}

static bool read_memory_option(struct span word, struct unix_options *o)
{
    if (!span_starts(word, TEXT("--mem=")) || word.n == 6)
        return false;
    const char *text = (const char *)span_skip(word, 6).p;
    char *end;
    o->memory_mb = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || o->memory_mb < 1 || o->memory_mb > 1u << 20)
        unix_refuse("--mem: \"%s\" is no number of megabytes from 1 to %u", text, 1u << 20);
    return true;
}

static bool join_word(struct wr *w, struct span word)
{
    bool has_double = span_find(word, '"') < word.n, has_single = span_find(word, '\'') < word.n;
    bool has_blank = span_find(word, ' ') < word.n || span_find(word, '\t') < word.n || span_find(word, '\n') < word.n;
    if (has_double && has_single)
        return false;
    uint8_t quote = has_double ? '\'' : '"';
    bool is_quoted = word.n == 0 || has_blank || has_double || has_single;
    if (is_quoted)
        wr_u8(w, quote);
    wr_bytes(w, word);
    if (is_quoted)
        wr_u8(w, quote);
    return !w->full;
}

bool unix_join_words(struct wr *w, int num, char **words)
{
    SLICE(char *) all = { words, (size_t)num };
    for (size_t i = 0; i < all.n; i++) {
        if (i > 0)
            wr_u8(w, ' ');
        if (!join_word(w, span_of_str(AT(all, i))))
            return false;
    }
    return !w->full;
}

void unix_options_read(struct unix_options *o, int argc, char **argv)
{
    static uint8_t line[UNIX_COMMAND_LINE_MAX];
    SLICE(char *) words = { argv, (size_t)argc };
    struct wr w = wr_of(MSPAN(line));
    size_t i = 1;
    *o = (struct unix_options){ .memory_mb = UNIX_MEMORY_MB_DEFAULT };
    while (i < words.n) {
        struct span word = span_of_str(AT(words, i));
        bool is_end = span_eq(word, TEXT("--"));
        if (!is_end && !read_device_option(word) && !read_memory_option(word, o))
            break;
        i++;
        if (is_end)
            break;
    }
    unix_net_ready();
    unix_block_ready();
    if (i < words.n && !unix_join_words(&w, (int)(words.n - i), &AT(words, i)))
        unix_refuse("the boot arguments are longer than %u bytes, or one holds both \" and '", UNIX_COMMAND_LINE_MAX);
    o->command_line = wr_done(&w);
}
