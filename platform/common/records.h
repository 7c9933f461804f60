// SPDX-License-Identifier: ISC
/* records.h - devices by name in the manifest that a Solo5 tender filled in. */
#ifndef PLATFORM_COMMON_RECORDS_H
#define PLATFORM_COMMON_RECORDS_H
#include "abi/solo5.h"
#include "base/err.h"
#include "base/span.h"

static inline const struct solo5_record *record_at(const struct solo5_manifest *m, unsigned handle)
{
    REQUIRE(handle < m->entries && handle < SOLO5_RECORDS_MAX);
    return &m->record[handle];
}
/* The attached device of this type and name. */
MUST_CHECK static inline err record_find(const struct solo5_manifest *m, struct span name, enum solo5_device type,
                                         unsigned *handle)
{
    for (unsigned h = 1; h < m->entries && h < SOLO5_RECORDS_MAX; h++) {
        const struct solo5_record *r = record_at(m, h);
        if (r->type == (uint32_t)type && r->is_attached && span_eq(span_of_str(r->name), name)) {
            *handle = h;
            return OK;
        }
    }
    return E_NOT_FOUND;
}
/* Whether a block request is one that the device can do. */
MUST_CHECK static inline err record_check_range(const struct solo5_record *r, uint64_t offset, size_t num_bytes,
                                                size_t max_sectors)
{
    size_t sector = r->block.sector_bytes;
    if (offset % sector != 0 || num_bytes % sector != 0 || num_bytes / sector > max_sectors)
        return E_INVALID;
    if (offset > r->block.capacity_bytes || num_bytes > r->block.capacity_bytes - offset)
        return E_RANGE;
    return OK;
}

#endif
