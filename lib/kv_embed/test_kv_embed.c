// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/kv_embed/kv_embed.h"

static const struct kv_embed_entry entries[] = {
    { TEXT_INIT("a"), TEXT_INIT("one"), { 1 } },
    { TEXT_INIT("a/b"), TEXT_INIT(""), { 2 } },
    { TEXT_INIT("ab"), TEXT_INIT("three"), { 3 } },
    { TEXT_INIT("css/site.css"), TEXT_INIT("body {}"), { 4 } },
    { TEXT_INIT("index.html"), TEXT_INIT("<html>"), { 5 } },
};
static struct kv_embed embed;
static struct kv *fresh(size_t num)
{
    kv_embed_init(&embed, (struct kv_embed_table){ entries, num });
    return &embed.kv;
}

TEST(every_key_of_tables_of_every_size_is_found)
{
    for (size_t num = 0; num <= NUM_OF(entries); num++) {
        struct kv *kv = fresh(num);
        for (size_t i = 0; i < NUM_OF(entries); i++) {
            struct kv_value v;
            EQ(kv_find(kv, entries[i].key, &v), i < num ? OK : E_NOT_FOUND);
            EQ(v.num_bytes, i < num ? entries[i].bytes.n : 0);
            TRUE(i >= num || span_eq(v.bytes, entries[i].bytes));
            EQ(v.digest[0], i < num ? i + 1 : 0);
        }
    }
}
TEST(what_is_not_there_is_not_found)
{
    static const char *const absent[] = { "", "b", "css", "css/", "a/", "a/b/", "index.htm", "index.html2", "zz", "/a", "../a", "A" };
    struct kv *kv = fresh(NUM_OF(entries));
    for (size_t i = 0; i < NUM_OF(absent); i++) {
        struct kv_value v;
        size_t n = 1;
        EQ(kv_find(kv, span_of_str(absent[i]), &v), E_NOT_FOUND);
        EQ(kv_read(kv, span_of_str(absent[i]), 0, (struct mspan){ 0 }, &n), E_NOT_FOUND);
        EQ(n, 0);
    }
}
TEST(reading_goes_from_any_offset_to_the_end)
{
    uint8_t out[4];
    size_t n;
    struct kv *kv = fresh(NUM_OF(entries));
    EQ(kv_read(kv, TEXT("ab"), 0, MSPAN(out), &n), OK);
    SPAN_EQ(span_first(SPAN(out), n), "thre");
    EQ(kv_read(kv, TEXT("ab"), 3, MSPAN(out), &n), OK);
    SPAN_EQ(span_first(SPAN(out), n), "ee");
    EQ(kv_read(kv, TEXT("ab"), 5, MSPAN(out), &n), OK);
    EQ(n, 0);
    EQ(kv_read(kv, TEXT("ab"), UINT64_MAX, MSPAN(out), &n), OK);
    EQ(n, 0);
}
TEST(keys_are_listed_in_order)
{
    struct span key;
    struct kv *kv = fresh(NUM_OF(entries));
    for (size_t i = 0; i < NUM_OF(entries); i++) {
        EQ(kv_entry(kv, i, &key), OK);
        TRUE(span_eq(key, entries[i].key));
    }
    EQ(kv_entry(kv, NUM_OF(entries), &key), E_NOT_FOUND);
}
TEST(a_table_that_is_not_sorted_or_has_a_bad_key_is_our_own_bug)
{
    static const struct kv_embed_entry twice[] = { { .key = TEXT_INIT("a") }, { .key = TEXT_INIT("a") } };
    static const struct kv_embed_entry backwards[] = { { .key = TEXT_INIT("b") }, { .key = TEXT_INIT("a") } };
    static const struct kv_embed_entry bad[] = { { .key = TEXT_INIT("../a") } };
    PANICS(kv_embed_init(&embed, (struct kv_embed_table){ twice, 2 }));
    PANICS(kv_embed_init(&embed, (struct kv_embed_table){ backwards, 2 }));
    PANICS(kv_embed_init(&embed, (struct kv_embed_table){ bad, 1 }));
}
TEST_MAIN
