// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/pathmtu/pathmtu.h"

#define V6(n) ((struct ip){ { 0x20, 1, [15] = (n) } })
static struct pathmtu p;
static uint32_t to(struct ip a, nanos now)
{
    return pathmtu_to(&p, &a, 1500, now);
}

TEST(a_path_is_as_wide_as_the_link_until_an_error_says_otherwise_and_again_later)
{
    struct ip a = ip_from_v4(1), b = ip_from_v4(2);
    p = (struct pathmtu){ 0 };
    EQ(to(a, 0), 1500);
    pathmtu_lower(&p, &a, 1400, 5);
    EQ(to(a, 5), 1400);
    EQ(to(b, 5), 1500);
    EQ(pathmtu_to(&p, &a, 1300, 5), 1300);
    EQ(to(a, 4 + PATHMTU_NS), 1400);
    EQ(to(a, 5 + PATHMTU_NS), 1500);
}
TEST(it_is_only_ever_lowered_and_not_below_what_the_family_needs)
{
    struct ip a = ip_from_v4(1), b = V6(1);
    p = (struct pathmtu){ 0 };
    pathmtu_lower(&p, &a, 1000, 0);
    pathmtu_lower(&p, &a, 1400, 0);
    EQ(to(a, 1), 1000);
    pathmtu_lower(&p, &a, 0, 0);
    EQ(to(a, 1), PATHMTU_MIN_V4);
    pathmtu_lower(&p, &b, 68, 0);
    EQ(to(b, 1), PATHMTU_MIN_V6);
}
TEST(with_all_places_in_use_the_first_gives_way)
{
    p = (struct pathmtu){ 0 };
    for (uint8_t i = 0; i <= PATHMTU_PLACES; i++)
        pathmtu_lower(&p, &V6(i), 1300, 0);
    EQ(p.num, PATHMTU_PLACES);
    EQ(to(V6(0), 1), 1500);
    EQ(to(V6(1), 1), 1300);
    EQ(to(V6(PATHMTU_PLACES), 1), 1300);
}
TEST_MAIN
