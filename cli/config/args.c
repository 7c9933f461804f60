// SPDX-License-Identifier: ISC
/* args.c - the boot arguments that config.c can declare. Equal ones are one, so that a device that is asked
 * for twice is one device. */
#include "cli/config/node.h"
#include <inttypes.h>

static const struct boot_arg *arg_add(struct boot_arg arg)
{
    struct boot_arg **end = &graph.args;
    config_name_check("boot argument", arg.name);
    for (; *end; end = &(*end)->next)
        if (config_same((*end)->name, arg.name) && config_same((*end)->kind, arg.kind) &&
            config_same((*end)->fallback, arg.fallback) && config_same((*end)->doc, arg.doc))
            return *end;
    *end = config_new(sizeof arg);
    **end = arg;
    (*end)->line = config_line();
    return *end;
}

const struct boot_arg *arg_flag(const char *name, const char *doc)
{
    return arg_add((struct boot_arg){ .name = name, .kind = "flag", .doc = doc });
}

const struct boot_arg *arg_string(const char *name, const char *fallback, const char *doc)
{
    return arg_add((struct boot_arg){ .name = name, .kind = "string", .value_name = "TEXT", .fallback = fallback, .doc = doc });
}

const struct boot_arg *arg_uint_range(const char *name, uint64_t fallback, uint64_t min, uint64_t max, const char *doc)
{
    if (min > max || fallback < min || fallback > max)
        config_wrong("argument %s: the default %" PRIu64 " is not in %" PRIu64 "..%" PRIu64, name, fallback, min, max);
    return arg_add((struct boot_arg){ .name = name, .kind = "uint", .value_name = "NUMBER", .doc = doc, .min = min, .max = max,
                                      .fallback = config_text("%" PRIu64, fallback) });
}

const struct boot_arg *arg_uint(const char *name, uint64_t fallback, const char *doc)
{
    return arg_uint_range(name, fallback, 0, UINT64_MAX, doc);
}

const struct boot_arg *arg_port(const char *name, uint16_t fallback, const char *doc)
{
    if (fallback == 0)
        config_wrong("argument %s: a port is 1 to 65535", name);
    return arg_add((struct boot_arg){ .name = name, .kind = "port", .value_name = "PORT", .doc = doc, .min = 1, .max = 65535,
                                      .fallback = config_text("%u", fallback) });
}

const struct boot_arg *arg_duration(const char *name, const char *fallback, const char *doc)
{
    return arg_add((struct boot_arg){ .name = name, .kind = "duration", .value_name = "TIME", .fallback = fallback, .doc = doc });
}

const struct boot_arg *arg_ip(const char *name, const char *fallback, const char *doc)
{
    return arg_add((struct boot_arg){ .name = name, .kind = "ip", .value_name = "ADDRESS", .fallback = fallback, .doc = doc });
}

const struct boot_arg *arg_prefix(const char *name, const char *fallback, const char *doc)
{
    return arg_add((struct boot_arg){ .name = name, .kind = "prefix", .value_name = "ADDRESS/LENGTH", .fallback = fallback, .doc = doc });
}
