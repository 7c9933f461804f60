// SPDX-License-Identifier: ISC
/* A wire over a device, in both directions, whatever it is told to do to frames: what arrives was sent, as it was and no earlier than
 * it may; what does not arrive is counted; without reordering the order stays, and without duplicates nothing comes twice. */
#include "check/fake_device.h"
#include "lib/wire/wire.h"

struct way {
    unsigned num_sent, num_got;
    int last;
    nanos sent_at[DEVICE_FRAMES * 3];
};
static struct wire wire;
static struct way in, out;

/* Frame `number` of a way: its length and bytes follow from that. */
static struct span frame_of(unsigned number, struct mspan room)
{
    size_t n = 1 + number * 37 % 500;
    for (size_t i = 0; i < n; i++)
        mspan_put(room, i, (uint8_t)(number + i * 11));
    return span_first(span_of(room), n);
}
static struct frame_offload offload_of(unsigned number)
{
    return (struct frame_offload){ .needs_checksum = number & 1, .checksum_start = (uint16_t)(number * 3) };
}
static void arrives(struct way *way, const struct device_frame *f)
{
    uint8_t room[512];
    unsigned number = f->byte[0];
    struct frame_offload want = offload_of(number);
    CHECK(f->num_bytes > 0 && number < way->num_sent && span_eq(device_bytes(f), frame_of(number, MSPAN(room))));
    CHECK(f->offload.needs_checksum == want.needs_checksum && f->offload.checksum_start == want.checksum_start);
    CHECK(fake.now >= nanos_add(way->sent_at[number], wire.cfg.delay));
    CHECK(wire.cfg.reorder > 0 || (int)number > way->last || (wire.cfg.duplicate > 0 && (int)number == way->last));
    way->last = (int)number;
    way->num_got++;
}
static void look(void)
{
    struct device_frame f;
    while (device_above(&wire.net, &f))
        arrives(&in, &f);
    for (const struct device_frame *sent; (sent = device_take(&device.out)) != NULL;)
        arrives(&out, sent);
}
static void put(struct way *way)
{
    uint8_t room[512];
    struct frame_offload offload = offload_of(way->num_sent);
    struct span bytes = frame_of(way->num_sent, MSPAN(room));
    if (way->num_sent == NUM_OF(way->sent_at))
        return;
    way->sent_at[way->num_sent] = fake.now;
    if (way == &in) {
        in.num_sent += device_deliver(bytes, &offload);
        return;
    }
    struct tx_frame f = { .part = { span_first(bytes, 20), span_skip(bytes, 20) }, .num_parts = 2, .offload = offload };
    CHECK(net_send(&wire.net, &f, 1) == 1);
    out.num_sent++;
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    if ((what & 3) == 0)
        put(&in);
    else if ((what & 3) == 1)
        put(&out);
    else if ((what & 3) == 2)
        device_pause((nanos)cur_u8(script) * (NS_PER_MS / 4));
    else
        device.is_full = what & 4;
    if (what & 128)
        (void)!net_wait(&wire.net, fake.now + NS_PER_MS);
    device_pause(1);
    look();
}
static err body(void *arg)
{
    struct cur script = cur_of(*(struct span *)arg);
    static const uint32_t often[4] = { 0, 100, 500, 1000 };
    uint8_t about = cur_u8(&script), delay = cur_u8(&script);
    struct wire_config cfg = { .delay = (nanos)delay * (NS_PER_MS / 16), .loss = often[about & 3], .reorder = often[about >> 2 & 3],
                               .duplicate = often[about >> 4 & 3], .seed = cur_u8(&script), .queue_bytes = about & 64 ? 2000 : 128u << 10 };
    in = out = (struct way){ .last = -1 };
    CHECK(wire_open(&device.net, &cfg, &wire) == OK);
    while (cur_more(&script))
        step(&script);
    for (int i = 0; i < 100; i++) {             /* until all have left */
        device.is_full = false;
        device_pause(NS_PER_MS);
        look();
    }
    const struct wire_counters *c = &wire.counters;
    CHECK(in.num_got + out.num_got + c->lost + c->queue_full + c->device_full == in.num_sent + out.num_sent + c->duplicated);
    CHECK((cfg.loss > 0 || c->lost == 0) && (cfg.duplicate > 0 || c->duplicated == 0) && (cfg.reorder > 0 || c->reordered == 0));
    CHECK(cfg.loss < 1000 || in.num_got + out.num_got == 0);
    CHECK(cfg.queue_bytes == 2000 || c->queue_full == 0);
    wire_close(&wire);
    return OK;
}

PROPERTY(prop_wire, 300)
{
    device_run(body, in);
}
