// SPDX-License-Identifier: ISC
/* The store of files, over a table like a generated one and over the bytes of this very file. */
#include "check/test.h"
#include "lib/kv_files/kv_files.h"

KV_FILE_BYTES(own_source, "lib/kv_files/test_kv_files.c");

static const struct kv_file files[] = {
    { TEXT_INIT("a"), TEXT_INIT("first"), { 1 } },
    { TEXT_INIT("a/b"), TEXT_INIT(""), { 2 } },
    { TEXT_INIT("ab"), { own_source, 40 }, { 3 } },
    { TEXT_INIT("b"), TEXT_INIT("last"), { 4 } },
};
static struct kv_files store = KV_FILES(files);
static struct kv *kv = &store.kv;

TEST(every_key_is_found_with_its_value_and_digest)
{
    for (size_t i = 0; i < NUM_OF(files); i++) {
        struct kv_value v;
        EQ(kv_find(kv, files[i].key, &v), OK);
        TRUE(span_eq(v.bytes, files[i].bytes));
        EQ(v.num_bytes, files[i].bytes.n);
        TRUE(span_eq(SPAN(v.digest), SPAN(files[i].digest)));
    }
}
TEST(what_is_not_there_is_not_found)
{
    static const char *const keys[] = { "", "0", "a/", "a/a", "a/b/c", "aa", "abc", "c" };
    struct kv_value v;
    for (size_t i = 0; i < NUM_OF(keys); i++)
        EQ(kv_find(kv, span_of_str(keys[i]), &v), E_NOT_FOUND);
    struct kv_files empty = { .kv = { &kv_files_ops } };
    EQ(kv_find(&empty.kv, TEXT("a"), &v), E_NOT_FOUND);
}
TEST(read_copies_from_the_offset_what_there_is_and_fits)
{
    uint8_t out[3];
    size_t n;
    EQ(kv_read(kv, TEXT("a"), 1, MSPAN(out), &n), OK);
    EQ(n, 3);
    SPAN_EQ(SPAN(out), "irs");
    EQ(kv_read(kv, TEXT("a"), 4, MSPAN(out), &n), OK);
    EQ(n, 1);
    EQ(kv_read(kv, TEXT("a"), UINT64_MAX, MSPAN(out), &n), OK);
    EQ(n, 0);
    EQ(kv_read(kv, TEXT("none"), 0, MSPAN(out), &n), E_NOT_FOUND);
}
TEST(entries_come_in_order_and_end)
{
    struct span key;
    for (size_t i = 0; i < NUM_OF(files); i++) {
        EQ(kv_entry(kv, i, &key), OK);
        TRUE(span_eq(key, files[i].key));
    }
    EQ(kv_entry(kv, NUM_OF(files), &key), E_NOT_FOUND);
}
TEST(bytes_of_a_file_are_in_the_image)
{
    struct kv_value v;
    EQ(kv_find(kv, TEXT("ab"), &v), OK);
    SPAN_EQ(span_first(v.bytes, 34), "// SPDX-License-Identifier: ISC\n/*");
}
TEST_MAIN
