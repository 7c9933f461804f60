// SPDX-License-Identifier: ISC
#include "tender/options.h"
#include "base/checked.h"
#include <string.h>

#define MEM_BYTES_DEFAULT ((uint64_t)512 << 20)
#define MEM_MB_MAX ((uint64_t)1 << 26)          /* 64 TiB: half of what a process can address */
#define GDB_PORT_DEFAULT 1234u
#define SECTOR_BYTES_MIN 512u
#define SECTOR_BYTES_MAX 32768u

bool parse_decimal(struct span text, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < text.n; i++) {
        uint8_t digit = (uint8_t)(span_at(text, i) - '0');
        if (digit > 9 || !u64_mul(v, 10, &v) || !u64_add(v, digit, &v))
            return false;
    }
    *out = v;
    return text.n > 0;
}

static err parse_mem(struct span value, uint64_t *out, struct message *why)
{
    uint64_t mb;
    if (!parse_decimal(value, &mb) || mb == 0 || mb > MEM_MB_MAX)
        return refuse(why, E_INVALID, "--mem=%.*s: give the memory as a number of megabytes, such as --mem=64",
                      TEXT_ARGUMENTS(value));
    *out = mb << 20;
    return OK;
}

static err parse_port(struct span value, uint16_t *out, struct message *why)
{
    uint64_t port;
    if (!parse_decimal(value, &port) || port == 0 || port > UINT16_MAX)
        return refuse(why, E_INVALID, "--gdb-port=%.*s: give a port from 1 to 65535, such as --gdb-port=1234",
                      TEXT_ARGUMENTS(value));
    *out = (uint16_t)port;
    return OK;
}

static err parse_dump_folder(const char *word, const char **out, struct message *why)
{
    struct span value = span_skip(span_of_str(word), 11);
    if (value.n == 0)
        return refuse(why, E_INVALID, "--dumpcore=: give a folder for the core, such as --dumpcore=/var/crash");
    *out = text_of(value);
    return OK;
}

static err hvt_option(const char *word, struct options *o, bool *known, struct message *why)
{
    struct span option = span_of_str(word);
    if (span_eq(option, TEXT("--gdb")))
        o->gdb = true;
    else if (span_starts(option, TEXT("--gdb-port=")))
        return parse_port(span_skip(option, 11), &o->gdb_port, why);
    else if (span_starts(option, TEXT("--dumpcore=")))
        return parse_dump_folder(word, &o->dump_folder, why);
    else if (span_eq(option, TEXT("--stats")))
        o->stats = true;
    else
        *known = false;
    return OK;
}

/* The options that concern no device; *known says whether it was one. */
static err general_option(const char *word, unsigned sets, struct options *o, bool *known, struct message *why)
{
    struct span option = span_of_str(word);
    *known = true;
    if (span_eq(option, TEXT("--help")))
        o->what = SHOW_HELP;
    else if (span_eq(option, TEXT("--version")))
        o->what = SHOW_VERSION;
    else if (span_starts(option, TEXT("--mem=")))
        return parse_mem(span_skip(option, 6), &o->mem_bytes, why);
    else if ((sets & OPTIONS_SPT) && span_eq(option, TEXT("--x-exec-heap")))
        o->exec_heap = true;
    else if (sets & OPTIONS_HVT)
        return hvt_option(word, o, known, why);
    else
        *known = false;
    return OK;
}

static bool is_device_option(struct span option)
{
    return span_starts(option, TEXT("--net:")) || span_starts(option, TEXT("--net-mac:")) ||
           span_starts(option, TEXT("--block:")) || span_starts(option, TEXT("--block-sector-size:"));
}

err options_parse(int argc, char **argv, unsigned sets, struct options *out, struct message *why)
{
    SLICE(char *) words = { argv, (size_t)argc };
    size_t i = 1;
    *out = (struct options){ .mem_bytes = MEM_BYTES_DEFAULT, .gdb_port = GDB_PORT_DEFAULT };
    for (; i < words.n; i++) {
        struct span option = span_of_str(AT(words, i));
        bool known;
        if (!span_starts(option, TEXT("-")) || span_eq(option, TEXT("--")))
            break;
        TRY(general_option(AT(words, i), sets, out, &known, why));
        if (out->what != RUN_IMAGE)
            return OK;
        if (!known && !is_device_option(option))
            return refuse(why, E_INVALID, "%s: no such option: see --help", AT(words, i));
    }
    out->given.p = argv;
    out->given.n = i;
    if (i < words.n && span_eq(span_of_str(AT(words, i)), TEXT("--")))
        i++;
    if (i >= words.n)
        return refuse(why, E_INVALID, "no image: give its path behind the options, see --help");
    out->image_path = AT(words, i++);
    out->arguments.n = words.n - i;
    out->arguments.p = out->arguments.n > 0 ? &AT(words, i) : NULL;
    return OK;
}

/* ---- Devices: --KIND:NAME=VALUE */

static err find_device(const struct solo5_manifest *m, struct span name, enum solo5_device type, size_t *index,
                       struct message *why)
{
    for (size_t i = 1; i < m->entries && i < SOLO5_RECORDS_MAX; i++) {
        if (m->record[i].type != (uint32_t)type || !span_eq(span_of_str(m->record[i].name), name))
            continue;
        *index = i;
        return OK;
    }
    return refuse(why, E_NOT_FOUND, "%.*s: the image declares no %s device of this name: see its manifest",
                  TEXT_ARGUMENTS(name), type == SOLO5_DEVICE_NET ? "network" : "block");
}

static bool parse_hex_digit(uint8_t c, uint8_t *out)
{
    if (c >= '0' && c <= '9')
        *out = (uint8_t)(c - '0');
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        *out = (uint8_t)((c | 0x20) - 'a' + 10);
    else
        return false;
    return true;
}

/* aa:bb:cc:dd:ee:ff, of one station */
static err parse_mac(struct span text, struct mspan mac, struct message *why)
{
    bool good = text.n == 17;
    for (size_t i = 0; good && i < 6; i++) {
        uint8_t high = 0, low = 0;
        good = parse_hex_digit(span_at(text, 3 * i), &high) && parse_hex_digit(span_at(text, 3 * i + 1), &low) &&
               (i == 5 || span_at(text, 3 * i + 2) == ':');
        mspan_put(mac, i, (uint8_t)(high << 4 | low));
    }
    if (good && (span_at(span_of(mac), 0) & 1) == 0)
        return OK;
    return refuse(why, E_INVALID, "--net-mac: %.*s: give the address of one station, such as 02:00:00:00:00:01",
                  TEXT_ARGUMENTS(text));
}

static err parse_sector(struct span text, uint16_t *out, struct message *why)
{
    uint64_t n;
    if (!parse_decimal(text, &n) || n < SECTOR_BYTES_MIN || n > SECTOR_BYTES_MAX || (n & (n - 1)) != 0)
        return refuse(why, E_INVALID, "--block-sector-size: %.*s: give a power of two from 512 to 32768", TEXT_ARGUMENTS(text));
    *out = (uint16_t)n;
    return OK;
}

static err place(struct span value, struct device_option *d, struct span name, struct message *why)
{
    if (value.n == 0)
        return refuse(why, E_INVALID, "%.*s: nothing is given behind the =", TEXT_ARGUMENTS(name));
    if (d->where.n > 0)
        return refuse(why, E_IN_USE, "%.*s: attached twice: attach it once", TEXT_ARGUMENTS(name));
    d->where = value;
    return OK;
}

static err device_option(struct span option, const struct solo5_manifest *m, struct device_option *devices,
                         struct message *why)
{
    struct span kind = span_first(option, span_find(option, ':'));
    struct span rest = span_skip(option, kind.n + 1);
    struct span name = span_first(rest, span_find(rest, '='));
    struct span value = span_skip(rest, name.n + 1);
    SLICE(struct device_option) list = { devices, SOLO5_RECORDS_MAX };
    bool is_net = span_starts(kind, TEXT("--net"));
    size_t i = 0;
    TRY(find_device(m, name, is_net ? SOLO5_DEVICE_NET : SOLO5_DEVICE_BLOCK, &i, why));
    if (span_eq(kind, TEXT("--net-mac")))
        return parse_mac(value, MSPAN(AT(list, i).mac), why);
    if (span_eq(kind, TEXT("--block-sector-size")))
        return parse_sector(value, &AT(list, i).sector_bytes, why);
    return place(value, &AT(list, i), name, why);
}

err options_devices(const struct options *o, const struct solo5_manifest *m,
                    struct device_option devices[SOLO5_RECORDS_MAX], struct message *why)
{
    SLICE(struct device_option) list = { devices, SOLO5_RECORDS_MAX };
    for (size_t i = 1; i < o->given.n; i++) {
        struct span option = span_of_str(AT(o->given, i));
        if (is_device_option(option))
            TRY(device_option(option, m, devices, why));
    }
    for (size_t i = 1; i < m->entries; i++) {
        const struct solo5_record *r = &m->record[i];
        if (r->type < SOLO5_DEVICE_RESERVED && AT(list, i).where.n == 0)
            return refuse(why, E_INVALID, "%s: the image declares this device: attach it with --%s:%s=...", r->name,
                          r->type == SOLO5_DEVICE_BLOCK ? "block" : "net", r->name);
    }
    return OK;
}
