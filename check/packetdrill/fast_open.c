// SPDX-License-Identifier: ISC
/* fast_open.c - options and settings of Linux for TCP fast open. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include <stdlib.h>
#include <string.h>

/* net.ipv4.tcp_fastopen */
enum { SERVES = 2, NEEDS_NO_COOKIE_OF_CLIENTS = 0x200, ALL_LISTENERS = 0x400 };
#define WORDS_OF_KEY 4

/* Four words in hexadecimal, each little-endian in the key. Returns what follows them, NULL: they are no key. */
static const char *read_key(const char *text, uint8_t *key)
{
    for (size_t i = 0; i < WORDS_OF_KEY; i++) {
        char *end;
        unsigned long word = strtoul(text, &end, 16);
        if (end == text)
            return NULL;
        for (size_t k = 0; k < 4; k++)
            key[4 * i + k] = (uint8_t)(word >> 8 * k);
        text = *end == '-' || *end == ',' ? end + 1 : end;
    }
    return text;
}
static struct tcp_fast_open_keys machine_keys(void)
{
    struct tcp_fast_open_keys k = { 0 };
    char line[128];
    setting_line("tcp_fastopen_key", line, sizeof line);
    const char *more = read_key(line, k.key);
    k.has_previous_key = more && read_key(more, k.previous_key);
    return k;
}

void socket_listen_fast(const struct socket *s)
{
    uint32_t mode = setting("tcp_fastopen", 0, 1);
    int max = s->fast_open_max > 0 ? s->fast_open_max : mode & ALL_LISTENERS ? s->backlog : 0;
    struct tcp_fast_open_listening l = { .keys = s->has_fast_open_key ? s->fast_open_keys : machine_keys(),
                                         .num_pending_max = (uint16_t)max, .needs_no_cookie = mode & NEEDS_NO_COOKIE_OF_CLIENTS };
    if (s->kind == SOCKET_LISTENING)
        tcp_fast_open_listen(world_tcp, s->local_port, mode & SERVES && max > 0 ? &l : NULL);
}
int socket_set_fast_open_key(struct socket *s, const void *value, socklen_t n)
{
    struct tcp_fast_open_keys *k = &s->fast_open_keys;
    if (n != sizeof k->key && n != sizeof k->key + sizeof k->previous_key)
        return fails(EINVAL);
    memcpy(k->key, value, sizeof k->key);
    k->has_previous_key = n > sizeof k->key;
    if (k->has_previous_key)
        memcpy(k->previous_key, (const char *)value + sizeof k->key, sizeof k->previous_key);
    s->has_fast_open_key = true;
    socket_listen_fast(s);
    return 0;
}
