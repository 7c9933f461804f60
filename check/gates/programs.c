// SPDX-License-Identifier: ISC
/* programs.c - what headers offer and programs or generated sources alone use, so that the gates see it as well (gate-headers). */
#include "abi/solo5.h"
#include "lib/kv_files/kv_files.h"
#include "platform/platform.h"
#include "runtime/bootarg_standard.h"
#include "runtime/channel.h"
#include "runtime/components.h"
#include "runtime/log.h"

SOLO5_MANIFEST_NOTE(SOLO5_NET("service"), SOLO5_BLOCK("data"));
PLATFORM_STACK_POOL(8, 16384);
LOG_SOURCE(program);
KV_FILE_BYTES(page_bytes, "page.html");

static const struct linked_component component[] = { { "program", "application", "1", "says what it is made of" } };
const struct linked_components linked_components = { .list = { component, NUM_OF(component) } };

err program(void);
err program(void)
{
    static struct kv_file pages[1];
    static struct bootarg standard[] = { BOOTARG_STANDARD };
    static struct kv_files files = KV_FILES(pages);
    int numbers[8];
    struct channel channel = CHANNEL_OVER(numbers);
    log_app(program, "%zu pages, %zu arguments", files.files.n, sizeof standard);
    channel_close(&channel);
    return OK;
}
