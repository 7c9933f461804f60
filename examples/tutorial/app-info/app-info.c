// SPDX-License-Identifier: ISC
/* app-info.c - prints what it is called (--name says so) and the components that it is linked with. */
#include "app-info.h"
#include "runtime/components.h"
#include "runtime/log.h"
#include "runtime/main.h"

err app_info_main(void)
{
    struct span name = unikernel_name();
    print("%b\n", &name);
    for (size_t i = 0; i < linked_components.list.n; i++) {
        const struct linked_component *c = &AT(linked_components.list, i);
        print("%s %s: %s\n", c->name, c->version, c->about);
    }
    return OK;
}
