// SPDX-License-Identifier: ISC
/* Network devices of the unix target: attaching, and platform.h's calls over the three kinds. */
#include "platform/unix/net.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/random.h>

static struct net_device devices[UNIX_HANDLES];

struct net_device *net_device(unsigned handle)
{
    REQUIRE(handle > 0 && handle < UNIX_HANDLES);
    return &devices[handle];
}

/* The whole text as a decimal number; -1: it is none. */
static int number_of(const char *text)
{
    char *end;
    errno = 0;
    long v = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == 0 && errno == 0 && v <= INT32_MAX ? (int)v : -1;
}

void unix_net_attach(unsigned handle, const char *what)
{
    struct net_device *d = net_device(handle);
    struct span text = span_of_str(what);
    if (d->kind != NET_NONE)
        unix_refuse("--net: a device is attached twice (%s)", what);
    if (span_starts(text, TEXT("passt:")))
        net_passt_open(d, (const char *)span_skip(text, 6).p);
    else if (span_starts(text, TEXT("@")))
        net_fd_open(d, number_of((const char *)span_skip(text, 1).p));
    else
        net_tap_open(d, what);
}

void unix_net_set_mac(unsigned handle, const char *mac)
{
    struct net_device *d = net_device(handle);
    unsigned b[6];
    char rest;
    if (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &rest) != 6 ||
        strlen(mac) != 17 || (b[0] & 1) != 0)
        unix_refuse("--net-mac: \"%s\" is no address of one station, as in 02:00:00:00:00:01", mac);
    for (size_t i = 0; i < NUM_OF(b); i++)
        d->info.mac[i] = (uint8_t)b[i];
    d->has_mac = true;
}

static void choose_mac(struct net_device *d)
{
    if (platform_entropy(MSPAN(d->info.mac)) != OK)
        unix_refuse("cannot choose a MAC address: %s", strerror(errno));
    d->info.mac[0] = (uint8_t)((d->info.mac[0] & ~1u) | 2u);    /* one station, locally administered */
}

void unix_net_ready(void)
{
    for (unsigned h = 1; h < UNIX_HANDLES; h++) {
        struct net_device *d = net_device(h);
        if (d->kind == NET_NONE && d->has_mac)
            unix_refuse("--net-mac: a device has an address but no --net");
        if (d->kind != NET_NONE && !d->has_mac)
            choose_mac(d);
    }
}

void unix_net_restore(void)
{
    for (unsigned h = 1; h < UNIX_HANDLES; h++)
        net_tap_restore(net_device(h));
}

err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    for (unsigned h = 1; h <= platform_manifest.devices.n; h++) {
        const struct platform_manifest_entry *e = &AT(platform_manifest.devices, h - 1);
        if (!e->is_net || !span_eq(span_of_str(e->name), name))
            continue;
        if (net_device(h)->kind == NET_NONE)
            unix_refuse_missing(name, true);
        *handle = h;
        *info = net_device(h)->info;
        return OK;
    }
    return E_NOT_FOUND;
}

/* ---- Buffers */

bool net_buffers_offer(const struct net_buffers *b, const struct platform_net_info *info, struct net_vector *v)
{
    size_t left = b->all.n - b->num_used;
    if (left == 0)
        return false;
    size_t needs = frame_buffers_to_begin(AT(b->all, b->num_used).n, info->mtu, &info->features);
    if (left < needs)
        return false;
    for (size_t i = 0; i < needs; i++) {
        struct mspan m = AT(b->all, b->num_used + i);
        net_vector_add(v, m.p, m.n);
    }
    return true;
}

size_t net_buffers_take(struct net_buffers *b, size_t num_bytes)
{
    size_t num = 0;
    for (size_t taken = 0; taken < num_bytes; num++)
        taken += AT(b->all, b->num_used + num).n;
    b->num_used += num;
    return num;
}

/* ---- Frames */

static enum net_result receive(struct net_device *d, struct net_buffers *b, struct rx_frame *frame)
{
    if (d->is_dead)
        return NET_AGAIN;
    return d->kind == NET_STREAM ? net_stream_receive(d, b, frame) : net_message_receive(d, b, frame);
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames,
                            size_t max_frames)
{
    SLICE(struct rx_frame) out = { frames, max_frames };
    struct net_buffers b = { .all = { buffers, num_buffers } };
    struct net_device *d = net_device(handle);
    size_t num = 0;
    REQUIRE(d->kind != NET_NONE);
    for (size_t tries = 0; tries < max_frames; tries++) {       /* bounded, even where all frames are dropped */
        enum net_result r = receive(d, &b, &AT(out, num));
        if (r == NET_AGAIN)
            break;
        num += r == NET_DONE;
    }
    return num;
}

static enum net_result send_one(struct net_device *d, const struct tx_frame *frame)
{
    if (d->is_dead)
        return NET_DROPPED;
    return d->kind == NET_STREAM ? net_stream_send(d, frame) : net_message_send(d, frame);
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    SLICE(const struct tx_frame) all = { frames, num };
    struct net_device *d = net_device(handle);
    size_t num_taken = 0;
    REQUIRE(d->kind != NET_NONE);
    while (num_taken < num && send_one(d, &AT(all, num_taken)) != NET_AGAIN)
        num_taken++;
    return num_taken;
}

/* ---- Waiting */

int unix_net_poll(unsigned handle, short *events)
{
    struct net_device *d = net_device(handle);
    if (d->kind == NET_NONE || d->is_dead)
        return -1;
    *events = d->out.left.n > 0 ? POLLIN | POLLOUT : POLLIN;
    return d->fd;
}

void unix_net_polled(unsigned handle, short revents)
{
    struct net_device *d = net_device(handle);
    if ((revents & POLLOUT) != 0 && d->out.left.n > 0)
        (void)!net_stream_flush(d);
    if ((revents & POLLIN) == 0 && (revents & (POLLERR | POLLNVAL | POLLHUP)) != 0)
        d->is_dead = true;
}

bool unix_net_is_ready(unsigned handle)
{
    return net_device(handle)->kind == NET_STREAM && stream_in_has_frame(&net_device(handle)->in);
}
