// SPDX-License-Identifier: ISC
/* app-info.c - prints the components that it is linked with. */
#include "app-info.h"
#include "runtime/components.h"
#include "runtime/log.h"

err app_info_main(void)
{
    for (size_t i = 0; i < linked_components.list.n; i++) {
        const struct linked_component *c = &AT(linked_components.list, i);
        print("%s %s: %s\n", c->name, c->version, c->about);
    }
    return OK;
}
