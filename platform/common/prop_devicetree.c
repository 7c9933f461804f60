// SPDX-License-Identifier: ISC
#include "platform/common/devicetree.h"
#include "check/any.h"

static bool is_inside(struct span s, struct span whole)
{
    return s.n == 0 || (s.p >= whole.p && (size_t)(s.p - whole.p) <= whole.n && s.n <= whole.n - (size_t)(s.p - whole.p));
}

static void walk(const struct devicetree *t, struct span whole)
{
    struct devicetree_walk w;
    struct devicetree_node n;
    size_t num = 0;
    devicetree_begin(&w, t);
    while (devicetree_next(&w, &n)) {
        uint64_t at, num_bytes;
        struct span names = devicetree_property(t, n.properties, TEXT("compatible"));
        CHECK(n.depth <= DEVICETREE_DEPTH_MAX && ++num <= whole.n);
        CHECK(is_inside(n.name, whole) && is_inside(n.properties, whole) && is_inside(names, whole));
        CHECK(names.n == 0 || devicetree_has(t, n.properties, TEXT("compatible")));
        for (unsigned i = 0; devicetree_reg(t, &n, i, &at, &num_bytes); i++)
            CHECK(i < whole.n);
        (void)devicetree_lists(names, TEXT("virtio,mmio"));
    }
}

/* As a whole with its header, and as a structure block that is its own block of strings. */
PROPERTY(prop_devicetree, 128)
{
    struct devicetree t;
    if (devicetree_open(&t, in) == WIRE_OK)
        walk(&t, in);
    else
        CHECK(t.structure.n == 0 && t.strings.n == 0);
    t = (struct devicetree){ in, in };
    walk(&t, in);
}
