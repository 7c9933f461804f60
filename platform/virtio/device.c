// SPDX-License-Identifier: ISC
/* device.c - the life of a device (VIRTIO 1.2, section 3.1), and which of the program's devices it is: network devices in the
 * order of slots are those of the manifest in its order, and block devices likewise. */
#include "platform/virtio/device.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

enum {                                      /* status */
    ACKNOWLEDGE = 1,
    DRIVER = 2,
    DRIVER_OK = 4,
    FEATURES_OK = 8,
    NEEDS_RESET = 64,
    FAILED = 128,
};
#define RESET_LOOKS_MAX 1000000u
#define NAME_BYTES_MAX 67u                  /* of a device, told */
#define DEVICES_MAX 32u                     /* that are watched: all that the drivers take */

static bool is_polled;
static const struct device *in_use[DEVICES_MAX];
static size_t num_in_use;

/* ---- Life */

static void add_status(const struct device *d, uint8_t bits)
{
    d->transport->set_status(d, (uint8_t)(d->transport->status(d) | bits));
}

static bool reset(const struct device *d)
{
    d->transport->set_status(d, 0);
    for (unsigned i = 0; i < RESET_LOOKS_MAX; i++)
        if (d->transport->status(d) == 0)
            return true;
    return false;
}

bool device_begin(struct device *d, uint64_t wanted)
{
    if (!reset(d))
        return false;
    add_status(d, ACKNOWLEDGE);
    add_status(d, DRIVER);
    uint64_t offered = d->transport->features(d);
    wanted |= FEATURE(FEATURE_EVENT_INDEX) | (d->is_legacy ? FEATURE(FEATURE_ANY_LAYOUT) : FEATURE(FEATURE_VERSION_1));
    d->features = offered & wanted;
    d->transport->set_features(d, d->features);
    if (d->is_legacy)
        return true;
    add_status(d, FEATURES_OK);
    return device_has(d, FEATURE_VERSION_1) && (d->transport->status(d) & FEATURES_OK);
}

static size_t queue_size(const struct device *d, unsigned index, size_t wanted)
{
    size_t size = d->transport->queue_size(d, index);
    while (!d->has_fixed_queues && size > wanted)
        size /= 2;
    while (!d->has_fixed_queues && (size & (size - 1)) != 0)
        size &= size - 1;
    return size;
}

void device_queue(struct device *d, unsigned index, size_t wanted, struct virtqueue *q)
{
    size_t size = queue_size(d, index, wanted);
    if (size == 0 || size > VIRTQUEUE_SIZE_MAX)
        device_lies("a device has a queue of an impossible size");
    struct mspan memory = memory_take(virtqueue_bytes(size)), slots = memory_take(size * sizeof(struct virtqueue_slot));
    if (virtqueue_init(q, memory, (struct virtqueue_slot *)(void *)slots.p, size, device_has(d, FEATURE_EVENT_INDEX)) != OK)
        device_lies("a device has a queue of an impossible size");
    d->transport->queue_enable(d, index, q);
}

void device_ready(struct device *d)
{
    REQUIRE(num_in_use < DEVICES_MAX);
    in_use[num_in_use++] = d;
    add_status(d, DRIVER_OK);
    is_polled |= !d->has_interrupt;
}

void device_give_up(struct device *d)
{
    add_status(d, FAILED);
}

bool devices_are_polled(void)
{
    return is_polled;
}

uint64_t device_config(const struct device *d, unsigned offset, unsigned num_bytes)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < num_bytes; i++)
        v |= (uint64_t)d->transport->config(d, offset + i) << 8 * i;
    return v;
}

void device_push(const struct device *d, unsigned index, struct virtqueue *q)
{
    if (virtqueue_publish(q))
        d->transport->notify(d, index);
}

static const char *failed_kind(const struct device *d)
{
    switch (d->kind) {
    case VIRTIO_NET:
        return "a network device has failed";
    case VIRTIO_BLOCK:
        return "a block device has failed";
    case VIRTIO_ENTROPY:
        break;
    }
    return "an entropy device has failed";
}

void devices_check(void)
{
    for (size_t i = 0; i < num_in_use; i++)
        if (in_use[i]->transport->status(in_use[i]) & NEEDS_RESET)
            machine_stop(failed_kind(in_use[i]));
}

void device_lies(const char *what)
{
    machine_stop(what);
}

/* ---- Which is which */

/* The next device of its kind in the manifest that has none yet; 0: there is none. */
static unsigned next_handle(bool is_net)
{
    static size_t next[2];
    for (size_t i = next[is_net]; i < platform_manifest.devices.n; i++)
        if (AT(platform_manifest.devices, i).is_net == is_net) {
            next[is_net] = i + 1;
            return (unsigned)i + 1;
        }
    next[is_net] = platform_manifest.devices.n;
    return 0;
}

void device_check_missing(struct span name, bool is_net)
{
    for (size_t i = 0; i < platform_manifest.devices.n; i++) {
        const struct platform_manifest_entry *e = &AT(platform_manifest.devices, i);
        if (e->is_net != is_net || !span_eq(span_of_str(e->name), name))
            continue;
        char text[160];
        struct wr w = wr_of(MSPAN_OF(text));
        wr_bytes(&w, is_net ? TEXT("the machine has no network device for \"") : TEXT("the machine has no block device for \""));
        wr_bytes(&w, span_first(name, NAME_BYTES_MAX));
        wr_bytes(&w, TEXT("\": give it one more"));
        wr_u8(&w, 0);
        machine_stop(text);
    }
}

void device_found(const struct device *d)
{
    switch (d->kind) {
    case VIRTIO_NET:
        if (!net_attach(d, next_handle(true)))
            return;
        break;
    case VIRTIO_BLOCK:
        if (!block_attach(d, next_handle(false)))
            return;
        break;
    case VIRTIO_ENTROPY:
        entropy_attach(d);
        break;
    default:
        break;
    }
}
