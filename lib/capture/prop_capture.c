// SPDX-License-Identifier: ISC
/* A device that is captured, into a flow or onto a block device: traffic is what it would be without, and what is written is a whole file
 * at any time that a reader may look. Its packets are those that went through while somebody read, each as it was, cut where the
 * configuration says; those that found no room are counted in it. */
#include "check/fake_device.h"
#include "lib/capture/capture.h"

enum { SECTOR = 512, DISK_SECTORS = 24, FILE_BYTES = 64 << 10, PACKETS = 320 };

struct note {                   /* of a frame that is to be in the file */
    struct device_frame frame;
    bool is_inbound;
    uint64_t num_dropped;       /* before it */
};
static struct capture capture;
static struct capture_config cfg;
static uint8_t file[FILE_BYTES], disk[DISK_SECTORS * SECTOR];
static size_t file_bytes;
static struct note note[PACKETS];
static size_t num_notes, num_to_keep;
static err write_error, reader_says;

/* ---- Where the capture goes */

static err file_write(struct flow *f, struct span bytes, nanos deadline)
{
    (void)f, (void)deadline;
    CHECK(bytes.n <= sizeof file - file_bytes);
    if (write_error == OK)
        file_bytes += span_copy(mspan_skip(MSPAN(file), file_bytes), bytes);
    return write_error;
}
static err disk_write(struct block *b, uint64_t offset, struct span in)
{
    (void)b;
    CHECK(offset % SECTOR == 0 && in.n % SECTOR == 0 && offset <= sizeof disk && in.n <= sizeof disk - offset);
    if (write_error == OK)
        (void)span_copy(mspan_skip(MSPAN(disk), (size_t)offset), in);
    return write_error;
}
static const struct flow_ops flow_ops = { .write = file_write };
static const struct block_ops block_ops = { .write = disk_write };
static struct flow flow = { .ops = &flow_ops };
static struct block block = { .ops = &block_ops, .capacity_bytes = sizeof disk, .sector_bytes = SECTOR };

static err read_to_flow(void *arg)
{
    (void)arg;
    return reader_says = capture_to_flow(&capture, &flow);
}
static err read_to_block(void *arg)
{
    (void)arg;
    return reader_says = capture_to_block(&capture, &block);
}

/* ---- A reader of the file */

struct found {
    size_t num_packets;
    uint64_t num_dropped, num_other;
};
static void read_options(struct cur *c, struct found *f, const struct note *n)
{
    bool has_direction = false;
    for (;;) {
        uint16_t code = cur_u16(c), length = cur_u16(c);
        if (code == 0)
            break;
        CHECK((code == 2 && length == 4) || (code == 4 && length == 8));
        uint32_t high = length == 8 ? cur_u32(c) : 0, low = cur_u32(c);
        if (code == 4)
            f->num_dropped += (uint64_t)high << 32 | low;
        CHECK(code != 2 || low == (n->is_inbound ? 1 : 2));
        has_direction |= code == 2;
    }
    CHECK(has_direction);
}
static void read_packet(struct span body, struct found *f)
{
    struct cur c = cur_of(body);
    CHECK(cur_u32(&c) == 0 && f->num_packets < num_notes);
    const struct note *n = &note[f->num_packets++];
    (void)cur_u32(&c), (void)cur_u32(&c);
    size_t kept = cur_u32(&c), whole = cur_u32(&c);
    struct span bytes = span_first(cur_bytes(&c, (kept + 3) / 4 * 4), kept);
    CHECK(whole == n->frame.num_bytes && kept == size_min(whole, capture.cfg.snap_bytes));
    CHECK(span_eq(bytes, span_first(device_bytes(&n->frame), kept)));
    read_options(&c, f, n);
    CHECK(cur_end(&c) == WIRE_OK && f->num_dropped >= n->num_dropped);
}
static struct found read_file(struct span all)
{
    struct found f = { 0 };
    struct cur c = cur_of(all);
    for (unsigned i = 0; cur_more(&c); i++) {
        uint32_t type = cur_u32(&c), length = cur_u32(&c);
        CHECK(length % 4 == 0 && length >= 12);
        struct span body = cur_bytes(&c, length - 12);
        CHECK(cur_u32(&c) == length && c.err == WIRE_OK);
        CHECK(i != 0 || (type == 0x0a0d0d0a && span_u32(body, 0) == 0x1a2b3c4d));
        CHECK(i != 1 || (type == 1 && span_u16(body, 0) == 1 && span_u32(body, 4) == capture.cfg.snap_bytes));
        CHECK(i <= 1 || type == 6 || type == 0x40000bad);
        if (type == 6)
            read_packet(body, &f);
    }
    return f;
}

/* ---- Traffic */

/* TCP of the port that is left out, as far as plain headers tell. */
static bool is_left_out(struct span f)
{
    uint16_t type = f.n >= 14 ? span_u16(f, 12) : 0;
    if (cfg.without_port == 0 || f.n < 54 || (type != 0x0800 && type != 0x86dd))
        return false;
    size_t at = type == 0x0800 ? 14 + (span_at(f, 14) & 15u) * 4 : 54;
    return span_at(f, type == 0x0800 ? 23 : 20) == 6 && f.n >= at + 4 &&
           (span_u16(f, at) == cfg.without_port || span_u16(f, at + 2) == cfg.without_port);
}
static void went_through(struct span bytes, bool is_inbound)
{
    bool is_captured = capture.num_captured > num_notes;
    num_to_keep += capture.is_read && !is_left_out(bytes);
    CHECK(capture.num_captured + capture.num_dropped == num_to_keep);
    if (!is_captured || num_notes == PACKETS)
        return;
    struct note *n = &note[num_notes++];
    n->frame.num_bytes = span_copy(MSPAN(n->frame.byte), bytes);
    n->is_inbound = is_inbound;
    n->num_dropped = capture.num_dropped;
}
/* Plausible headers before what the script says. */
static struct span make_frame(struct cur *script, uint8_t what, struct mspan room)
{
    struct wr w = wr_of(room);
    size_t n = cur_u8(script);
    bool is_v4 = what & 64;
    wr_zeros(&w, 12);
    wr_u16(&w, is_v4 ? 0x0800 : 0x86dd);
    wr_u8(&w, is_v4 ? 0x45 : 0x60);
    wr_zeros(&w, is_v4 ? 8 : 5);
    wr_u8(&w, 6);
    wr_zeros(&w, is_v4 ? 10 : 33);
    wr_u16(&w, what & 128 ? 80 : 81);
    wr_bytes(&w, cur_bytes(script, n < script->left.n ? n : script->left.n));
    return what & 8 ? wr_done(&w) : span_skip(wr_done(&w), 14 + (is_v4 ? 20 : 40));
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script), room[DEVICE_FRAME_BYTES];
    struct span bytes = make_frame(script, what, MSPAN(room));
    struct device_frame got;
    struct tx_frame f = { .part = { span_first(bytes, 60), span_skip(bytes, 60) }, .num_parts = 2 };
    switch (what & 7) {
    case 0:
    case 1:
        (void)device_deliver(bytes, &(struct frame_offload){ 0 });
        CHECK(device_above(&capture.net, &got) && span_eq(device_bytes(&got), bytes));
        went_through(bytes, true);
        break;
    case 2:
    case 3:
        if (net_send(&capture.net, &f, 1) == 1)
            went_through(bytes, false);
        CHECK(device.is_full == !device_take(&device.out));
        break;
    case 4:
        device_pause((nanos)what * NS_PER_MS);
        break;
    case 5:
        device.is_full = what & 8;
        break;
    case 6:
        write_error = what == 254 ? E_IO : write_error;
        break;
    default:
        device_pause(1);
    }
}
static err body(void *arg)
{
    struct cur script = cur_of(*(struct span *)arg);
    struct scope scope;
    uint8_t about = cur_u8(&script);
    bool is_block = about & 1;
    cfg = (struct capture_config){ .snap_bytes = about & 2 ? 0 : 64, .buffer_bytes = about & 4 ? 0 : 1000,
                                   .without_port = about & 8 ? 80 : 0 };
    file_bytes = num_notes = num_to_keep = 0;
    write_error = reader_says = OK;
    memset(disk, 0xee, sizeof disk);
    CHECK(capture_open(&device.net, &cfg, &capture) == OK);
    CHECK(capture_open(&capture.net, &cfg, &(struct capture){ 0 }) == E_INVALID);
    scope_open(&scope);
    if (about & 128 || fiber_go(&scope, is_block ? read_to_block : read_to_flow, NULL, "reader") != OK)
        CHECK(about & 128);             /* nobody reads: nothing is remembered */
    device_pause(1);
    while (cur_more(&script))
        step(&script);
    device_pause(5 * (nanos)NS_PER_S);
    struct found f = { 0 };
    if (file_bytes > 0 || (is_block && !(about & 128) && write_error == OK))
        f = read_file(is_block ? SPAN(disk) : span_first(SPAN(file), file_bytes));
    if (reader_says == OK)
        CHECK(f.num_packets == capture.num_captured);
    CHECK(f.num_packets <= capture.num_captured && f.num_dropped <= capture.num_dropped);
    scope_cancel(&scope);
    capture_close(&capture);
    return OK;
}

PROPERTY(prop_capture, 600)
{
    device_run(body, in);
}
