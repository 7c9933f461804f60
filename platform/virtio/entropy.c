// SPDX-License-Identifier: ISC
/* entropy.c - the entropy device (VIRTIO 1.2, section 5.4): a buffer at a time, waited for on the spot, since it is asked at the
 * start alone. */
#include "arch/arch.h"
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

#define BUFFER_BYTES 256u
#define PATIENCE_NS NS_PER_S

static struct device device;
static struct virtqueue queue;
static struct mspan buffer;             /* empty: there is no device */

void entropy_attach(const struct device *found)
{
    if (buffer.n > 0)
        return;
    device = *found;
    if (!device_begin(&device, 0)) {
        device_give_up(&device);
        return;
    }
    device_queue(&device, 0, 2, &queue);
    device_ready(&device);
    virtqueue_want_quiet(&queue);
    buffer = mspan_first(memory_take(BUFFER_BYTES), BUFFER_BYTES);
}

/* As many bytes as the device gives at once; 0: it gives none. */
static size_t ask(size_t num_bytes)
{
    struct mspan part = mspan_first(buffer, num_bytes);
    uint32_t token, num_written = 0;
    nanos deadline = nanos_add(platform_clock_monotonic(), PATIENCE_NS);
    if (!virtqueue_add(&queue, &part, 1, 0, 0))
        return 0;                       /* it still has the buffer of a time when patience ended */
    device_push(&device, 0, &queue);
    while (!virtqueue_take(&queue, &token, &num_written)) {
        if (queue.is_broken)
            device_lies("an entropy device returned a buffer that it did not have");
        if (platform_clock_monotonic() >= deadline)
            return 0;
        arch_relax();
    }
    device.transport->acknowledge(&device);     /* nobody else does, and a line would stay */
    return num_written;
}

err platform_entropy(struct mspan out)
{
    while (out.n > 0) {
        size_t num = buffer.n > 0 ? ask(out.n) : 0;
        if (num == 0)
            return machine_seed(out) ? OK : E_UNSUPPORTED;
        out = mspan_skip(out, span_copy(out, span_of(mspan_first(buffer, num))));
        mspan_zero(buffer);
    }
    return OK;
}
