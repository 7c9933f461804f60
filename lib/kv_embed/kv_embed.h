// SPDX-License-Identifier: ISC
/* kv_embed.h - a read-only store of files that are linked into the image. The command generates the table:
 *
 *     static const struct kv_embed_entry entries[] = {
 *         { TEXT_INIT("css/site.css"), { css_site_css, 1234 }, { 0x1f, ... } },
 *         { TEXT_INIT("index.html"), ... },
 *     };
 *     static const struct kv_embed_table htdocs = { entries, NUM_OF(entries) }; */
#ifndef LIB_KV_EMBED_KV_EMBED_H
#define LIB_KV_EMBED_KV_EMBED_H
#include "interface/kv.h"

struct kv_embed_entry {
    struct span key, bytes;
    uint8_t digest[KV_DIGEST_BYTES];
};
struct kv_embed_table {         /* keys are valid and ascend in byte order, none twice */
    const struct kv_embed_entry *p;
    size_t n;
};
struct kv_embed {
    struct kv kv;
    struct kv_embed_table table;
};
/* Keeps the entries. Panics where the keys are not as said above. */
void kv_embed_init(struct kv_embed *e, struct kv_embed_table table);

#endif
