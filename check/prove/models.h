// SPDX-License-Identifier: ISC
/* models.h - what Frama-C 25 does not know of gcc, for every file that is proved. */
#define _Alignas(x)
//@ assigns \result \from v;
static inline unsigned short model_swap16(unsigned short v)
{
    return (unsigned short)((unsigned)v << 8 | v >> 8);
}
//@ assigns \result \from v;
static inline unsigned model_swap32(unsigned v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}
#define __builtin_bswap16 model_swap16
#define __builtin_bswap32 model_swap32
