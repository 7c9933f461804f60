// SPDX-License-Identifier: ISC
/* Errors about paths, and time: an MTU is only ever lowered, not below what the family needs, and comes back after its time. */
#include "lib/pathmtu/pathmtu.h"
#include "check/any.h"

PROPERTY(prop_pathmtu, 200)
{
    struct pathmtu p = { 0 };
    struct cur c = cur_of(in);
    nanos now = NS_PER_S;
    while (cur_more(&c)) {
        uint8_t what = cur_u8(&c);
        struct ip to = what & 1 ? ip_from_v4(what >> 1) : (struct ip){ { 0x20, [15] = what >> 1 } };
        uint32_t before = pathmtu_to(&p, &to, 1500, now), told = cur_u16(&c);
        pathmtu_lower(&p, &to, told, now);
        uint32_t after = pathmtu_to(&p, &to, 1500, now), least = what & 1 ? PATHMTU_MIN_V4 : PATHMTU_MIN_V6;
        CHECK(after <= before && after >= least && (after <= told || after == least));
        CHECK(pathmtu_to(&p, &to, 600, now) == (after < 600 ? after : 600) && p.num <= PATHMTU_PLACES);
        CHECK(pathmtu_to(&p, &to, 1500, now + PATHMTU_NS) == 1500);
        now += (nanos)cur_u8(&c) * NS_PER_S;
    }
}
