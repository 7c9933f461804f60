// SPDX-License-Identifier: ISC
#include "runtime/descriptor.h"
#include "platform/platform.h"
#include "runtime/fiber.h"

static bool is_watched;

err descriptor_watch(int descriptor)
{
    if (is_watched)
        return E_IN_USE;
    is_watched = true;
    platform_watch(descriptor);
    return OK;
}

void descriptor_unwatch(void)
{
    if (is_watched)
        platform_watch(-1);
    is_watched = false;
}

err descriptor_wait(nanos deadline)
{
    return device_wait(PLATFORM_WATCHED, deadline);
}
