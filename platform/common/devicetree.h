// SPDX-License-Identifier: ISC
/* devicetree.h - a flattened device tree (Devicetree Specification 0.4, chapter 5), read where it lies and from front to back. Pure.
 *
 * The tree is not believed: whatever it says about lengths, offsets and nesting, nothing outside its bytes is touched, and a walk ends
 * after as many steps as it has bytes. What is damaged in the middle ends the walk there, with `is_broken` set. */
#ifndef PLATFORM_COMMON_DEVICETREE_H
#define PLATFORM_COMMON_DEVICETREE_H
#include "base/attr.h"
#include "base/cursor.h"

#define DEVICETREE_HEADER_BYTES 40u
#define DEVICETREE_DEPTH_MAX 16u            /* deeper nodes are passed over */

struct devicetree {
    struct span structure, strings;
};
/* How long the tree is whose header begins here; 0: it is none. */
size_t devicetree_bytes(struct span header);
MUST_CHECK enum wire_err devicetree_open(struct devicetree *t, struct span blob);

struct devicetree_node {
    struct span name;                       /* with its unit address */
    struct span properties;
    struct span parent;                     /* the properties of its parent, which say how its own are to be read */
    unsigned depth;                         /* of the root: 0 */
    unsigned address_cells, size_cells;     /* of its parent's children; 0 as well where it says more than can be */
};
struct devicetree_around {                  /* private: a node that others are in */
    struct span properties;
    unsigned address_cells, size_cells;
    bool has_cells;                         /* looked for when the first child is met */
};
struct devicetree_walk {
    const struct devicetree *tree;
    struct cur left;
    unsigned depth;                         /* of what comes next */
    struct devicetree_around around[DEVICETREE_DEPTH_MAX];
    bool is_broken;
};
void devicetree_begin(struct devicetree_walk *w, const struct devicetree *t);
/* The next node, parents before their children. false: there is none. */
MUST_CHECK bool devicetree_next(struct devicetree_walk *w, struct devicetree_node *node);

/* Empty where there is none, and where it has no value. */
struct span devicetree_property(const struct devicetree *t, struct span properties, struct span name);
bool devicetree_has(const struct devicetree *t, struct span properties, struct span name);
/* Whether a list of strings, each with a zero behind it, has this one. */
bool devicetree_lists(struct span list, struct span word);
/* A property of one cell; `otherwise` where it is not one. */
uint32_t devicetree_u32(const struct devicetree *t, struct span properties, struct span name, uint32_t otherwise);
/* Takes a number of so many cells from the front; of more than two the last two count. 0 at the end. */
uint64_t devicetree_take(struct span *cells, unsigned num);
/* The i-th range of "reg". false: there are not so many. */
MUST_CHECK bool devicetree_reg(const struct devicetree *t, const struct devicetree_node *n, unsigned i, uint64_t *at, uint64_t *num_bytes);

#endif
