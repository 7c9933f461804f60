// SPDX-License-Identifier: ISC
/* Networks on one device: each gets the frames with its tag, without that, in their order, and no other's; what it sends has its tag; the
 * work that a device left to do stays in the frame. What belongs to nobody is counted. */
#include "check/fake_device.h"
#include "lib/vlan/vlan.h"

enum { STATIONS = 12, TAGGED = 0x8100 };

/* A network, and the frames that are to come out of it. */
struct port {
    struct vlan vlan;
    struct ring ring;
    struct device_frame frame[DEVICE_FRAMES];
};
static struct vlan_trunk trunk;
static struct port port[3];
static const uint16_t ids[3] = { VLAN_UNTAGGED, 10, VLAN_ID_MAX };
static uint64_t num_malformed, num_unknown, num_scattered;

static bool is_sound(const struct frame_offload *o, size_t num_bytes)
{
    return (!o->needs_checksum || (size_t)o->checksum_start + o->checksum_offset + 2 <= num_bytes) &&
           (o->gso == FRAME_GSO_NONE || o->header_bytes <= num_bytes);
}

/* ---- In */

static void expect(uint16_t id, const struct span *parts, size_t num_parts)
{
    for (size_t i = 0; i < NUM_OF(port); i++)
        if (ids[i] == id && !ring_is_full(&port[i].ring)) {
            struct device_frame *f = &port[i].frame[ring_push(&port[i].ring)];
            struct wr w = wr_of(MSPAN(f->byte));
            for (size_t k = 0; k < num_parts; k++)
                wr_bytes(&w, parts[k]);
            f->num_bytes = wr_len(&w);
            return;
        }
    num_unknown++;
}
static void comes(struct span frame, const struct frame_offload *offload)
{
    if (!device_deliver(frame, offload))
        return;
    if (frame.n < STATIONS + 2) {
        num_malformed++;
    } else if (span_u16(frame, STATIONS) != TAGGED) {
        expect(VLAN_UNTAGGED, &frame, 1);
    } else if (frame.n < STATIONS + VLAN_TAG_BYTES || (span_u16(frame, STATIONS + 2) & 0xfff) == 0xfff ||
               (offload->needs_checksum && offload->checksum_start < STATIONS + VLAN_TAG_BYTES) ||
               (offload->gso != FRAME_GSO_NONE && offload->header_bytes < STATIONS + VLAN_TAG_BYTES)) {
        num_malformed++;
    } else {
        struct span parts[] = { span_first(frame, STATIONS), span_skip(frame, STATIONS + VLAN_TAG_BYTES) };
        expect(span_u16(frame, STATIONS + 2) & 0xfff, parts, 2);
    }
}
static void look(struct port *p)
{
    struct device_frame f;
    while (device_above(&p->vlan.net, &f)) {
        CHECK(!ring_is_empty(&p->ring));
        const struct device_frame *want = &p->frame[ring_pop(&p->ring)];
        CHECK(span_eq(device_bytes(&f), device_bytes(want)));
        CHECK(is_sound(&f.offload, f.num_bytes));
    }
}

/* ---- Out */

static void goes(struct port *p, struct span bytes, size_t cut, uint8_t about)
{
    struct frame_offload offload = { .needs_checksum = about & 1, .checksum_start = (uint16_t)(bytes.n / 2), .gso = about >> 1 & 1,
                                     .header_bytes = (uint16_t)(bytes.n / 3) };
    struct tx_frame f = { .part = { span_first(bytes, cut), span_skip(bytes, cut) }, .num_parts = 2, .offload = offload };
    bool is_tagged = p->vlan.id != VLAN_UNTAGGED, is_refused = is_tagged && f.part[0].n < STATIONS;
    unsigned by = is_tagged ? VLAN_TAG_BYTES : 0;
    size_t num_sent = net_send(&p->vlan.net, &f, 1);
    num_scattered += is_refused;
    const struct device_frame *got = device_take(&device.out);
    CHECK(num_sent == (is_refused || !device.is_full) && !got == (is_refused || device.is_full));
    if (!got)
        return;
    struct span s = device_bytes(got);
    CHECK(s.n == bytes.n + by && span_eq(span_first(s, STATIONS), span_first(bytes, STATIONS)));
    CHECK(span_eq(span_skip(s, STATIONS + by), span_skip(bytes, STATIONS)));
    CHECK(!is_tagged || (span_u16(s, STATIONS) == TAGGED && span_u16(s, STATIONS + 2) == (p->vlan.priority << 13 | p->vlan.id)));
    CHECK(!(about & 1) || got->offload.checksum_start == offload.checksum_start + by);
    CHECK(!(about & 2) || got->offload.header_bytes == offload.header_bytes + by);
}

/* A frame with a tag that the script chooses, or what the script says. */
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script), bytes[4] = { TAGGED >> 8, TAGGED & 0xff, what & 128 ? 0xe0 : 0, 0 }, room[200];
    struct port *p = &port[(what >> 4 & 3) % NUM_OF(port)];
    size_t n = cur_u8(script) % (sizeof room - 16);
    struct span rest = cur_bytes(script, n < script->left.n ? n : script->left.n);
    struct wr w = wr_of(MSPAN(room));
    struct frame_offload offload = { 0 };
    switch (what & 7) {
    case 0:
    case 1:
    case 2:
        mspan_u16(MSPAN(bytes), 2, (uint16_t)(span_u16(SPAN(bytes), 2) | p->vlan.id));
        wr_bytes(&w, TEXT("stations are"));
        wr_bytes(&w, span_first(SPAN(bytes), what & 8 ? 4 : 3));
        wr_bytes(&w, rest);
        offload = (struct frame_offload){ .needs_checksum = what & 64, .checksum_start = (uint16_t)(rest.n / 2), .gso = what >> 3 & 1,
                                          .header_bytes = (uint16_t)(rest.n / 3) };
        comes(wr_done(&w), &offload);
        break;
    case 3:
    case 4:
        comes(rest, &offload);
        break;
    case 5:
        goes(p, rest, what & 8 ? 5 : 20, what >> 6);
        break;
    case 6:
        device.is_full = what & 8;
        break;
    default:
        (void)!net_wait(&p->vlan.net, fake.now + NS_PER_MS);
    }
    device_pause(1);
    if (what & 128)
        for (size_t i = 0; i < NUM_OF(port); i++)
            look(&port[i]);
}
static err body(void *arg)
{
    struct cur script = cur_of(*(struct span *)arg);
    num_malformed = num_unknown = num_scattered = 0;
    CHECK(vlan_trunk_open(&device.net, &trunk) == OK);
    for (size_t i = 0; i < NUM_OF(port); i++) {
        CHECK(vlan_open(&trunk, ids[i], (uint8_t)(3 * i), &port[i].vlan) == OK);
        port[i].ring = ring_of(DEVICE_FRAMES);
    }
    CHECK(vlan_open(&trunk, 10, 0, &(struct vlan){ 0 }) == E_IN_USE);
    while (cur_more(&script))
        step(&script);
    for (size_t i = 0; i < NUM_OF(port); i++) {
        look(&port[i]);
        CHECK(ring_is_empty(&port[i].ring));
        vlan_close(&port[i].vlan);
    }
    const struct vlan_counters *c = &trunk.counters;
    CHECK(c->malformed == num_malformed && c->unknown_id == num_unknown && c->scattered == num_scattered && c->queue_full == 0);
    vlan_trunk_close(&trunk);
    return OK;
}

PROPERTY(prop_vlan, 400)
{
    device_run(body, in);
}
