// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "interface/kv.h"

TEST(a_key_is_segments_split_by_single_slashes)
{
    static const char *const good[] = { "a", "a/b", "index.html", "a/b/c.d", "...", ".x", "a b", "\xff" };
    static const char *const bad[] = { "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "./a", "../a" };
    for (size_t i = 0; i < NUM_OF(good); i++)
        if (!kv_key_is_valid(span_of_str(good[i])))
            TEST_FAIL("%s is refused", good[i]);
    for (size_t i = 0; i < NUM_OF(bad); i++)
        if (kv_key_is_valid(span_of_str(bad[i])))
            TEST_FAIL("%s is accepted", bad[i]);
}
TEST_MAIN
