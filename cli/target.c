// SPDX-License-Identifier: ISC
/* target.c - the table of targets. */
#include "cli/target.h"
#include "cli/sdk.h"

static const struct target targets[] = {
    { .name = "unix", .suffix = "", .is_hosted = true },
    { .name = "spt", .suffix = ".spt", .tender = "morgana-spt", .has_solo5_manifest = true, .sandbox = "spt" },
    { .name = "hvt", .suffix = ".hvt", .tender = "morgana-hvt", .has_solo5_manifest = true, .sandbox = "hvt" },
    { .name = "virtio", .suffix = ".virtio", .sandbox = "qemu" },
};

struct target target_of(const char *name)
{
    for (size_t i = 0; i < NUM_OF(targets); i++)
        if (same(targets[i].name, name))
            return targets[i];
    return (struct target){ .name = name, .suffix = text(".%s", name), .tender = text("morgana-%s", name), .has_solo5_manifest = true };
}

void target_check(const char *name)
{
    struct words known = sdk_targets();
    if (!words_have(&known, name))
        fail("there is no target %s: %s", name, words_hint(&known, name));
}
