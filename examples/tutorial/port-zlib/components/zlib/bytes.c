// SPDX-License-Identifier: ISC
#include "zlib/bytes.h"
#include <zlib.h>

static err err_of(int status)
{
    switch (status) {
    case Z_OK:          return OK;
    case Z_MEM_ERROR:   return E_NOMEM;
    case Z_BUF_ERROR:   return E_RANGE;
    default:            return E_INVALID;
    }
}

err zlib_pack(struct span in, struct mspan out, int level, size_t *num_bytes)
{
    uLongf n = out.n;
    err e = err_of(compress2(out.p, &n, in.p, in.n, level));
    *num_bytes = e == OK ? n : 0;
    return e;
}

err zlib_unpack(struct span in, struct mspan out, size_t *num_bytes)
{
    uLongf n = out.n;
    err e = err_of(uncompress(out.p, &n, in.p, in.n));
    *num_bytes = e == OK ? n : 0;
    return e;
}
