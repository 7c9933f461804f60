// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/json/json.h"

static enum json_kind kind_of(const char *text)
{
    struct json v;
    return json_read(span_of_str(text), &v) == WIRE_OK ? v.kind : JSON_NONE;
}
static bool is_refused(const char *text, enum wire_err why)
{
    struct json v = { JSON_TRUE, TEXT("x") };
    enum wire_err e = json_read(span_of_str(text), &v);
    if (e != why)
        printf("# %s: %u\n", text, (unsigned)e);
    return e == why && v.kind == JSON_NONE && v.text.n == 0;
}
static struct json read_of(const char *text)
{
    struct json v;
    EQ(json_read(span_of_str(text), &v), WIRE_OK);
    return v;
}

TEST(values_of_every_kind_are_read)
{
    EQ(kind_of("null"), JSON_NULL);
    EQ(kind_of("true"), JSON_TRUE);
    EQ(kind_of("false"), JSON_FALSE);
    EQ(kind_of("0"), JSON_NUMBER);
    EQ(kind_of("-12.50e+3"), JSON_NUMBER);
    EQ(kind_of("9E-09"), JSON_NUMBER);
    EQ(kind_of("-0"), JSON_NUMBER);
    EQ(kind_of("1e5"), JSON_NUMBER);
    EQ(kind_of("\"\""), JSON_STRING);
    EQ(kind_of("\" a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00aF\\uF909 \x7f\xc3\xa4\""), JSON_STRING);
    EQ(kind_of("[]"), JSON_ARRAY);
    EQ(kind_of("{}"), JSON_OBJECT);
    EQ(kind_of(" \t\r\n[ 1 ,\t[ ] , { } ,\"\" ] \n"), JSON_ARRAY);
    EQ(kind_of(" { \"a\" : [ { \"b\" : { } } ] , \"\" : null } "), JSON_OBJECT);
}
TEST(a_text_that_ends_early_is_short)
{
    TRUE(is_refused("", WIRE_SHORT));
    TRUE(is_refused(" ", WIRE_SHORT));
    TRUE(is_refused("-", WIRE_SHORT));
    TRUE(is_refused("1.", WIRE_SHORT));
    TRUE(is_refused("1e", WIRE_SHORT));
    TRUE(is_refused("1e-", WIRE_SHORT));
    TRUE(is_refused("tru", WIRE_SHORT));
    TRUE(is_refused("\"", WIRE_SHORT));
    TRUE(is_refused("\"\\", WIRE_SHORT));
    TRUE(is_refused("\"\\u123", WIRE_SHORT));
    TRUE(is_refused("\"\\u1234", WIRE_SHORT));
    TRUE(is_refused("[", WIRE_SHORT));
    TRUE(is_refused("[1", WIRE_SHORT));
    TRUE(is_refused("[1,", WIRE_SHORT));
    TRUE(is_refused("{\"a\"", WIRE_SHORT));
    TRUE(is_refused("{\"a\":1,", WIRE_SHORT));
}
TEST(what_stands_behind_a_value_is_refused)
{
    TRUE(is_refused("1 2", WIRE_TRAILING));
    TRUE(is_refused("01", WIRE_TRAILING));
    TRUE(is_refused("1.2.3", WIRE_TRAILING));
    TRUE(is_refused("[]]", WIRE_TRAILING));
    TRUE(is_refused("{},", WIRE_TRAILING));
    TRUE(is_refused("nulls", WIRE_TRAILING));
    TRUE(is_refused("1/", WIRE_TRAILING));
    TRUE(is_refused("1:", WIRE_TRAILING));
}
TEST(what_is_no_json_is_refused)
{
    TRUE(is_refused("x", WIRE_BAD_VALUE));
    TRUE(is_refused("+1", WIRE_BAD_VALUE));
    TRUE(is_refused(".5", WIRE_BAD_VALUE));
    TRUE(is_refused("1.e5", WIRE_BAD_VALUE));
    TRUE(is_refused("1e+-5", WIRE_BAD_VALUE));
    TRUE(is_refused("-x", WIRE_BAD_VALUE));
    TRUE(is_refused("nulk", WIRE_BAD_VALUE));
    TRUE(is_refused("False", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\x1f\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\x\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\U0000\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\u00g0\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\u00`0\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\u:000\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\u/000\"", WIRE_BAD_VALUE));
    TRUE(is_refused("\"\\u000/\"", WIRE_BAD_VALUE));
    TRUE(is_refused("[1}", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\":1]", WIRE_BAD_VALUE));
    TRUE(is_refused("{]", WIRE_BAD_VALUE));
    TRUE(is_refused("[}", WIRE_BAD_VALUE));
    TRUE(is_refused("[,1]", WIRE_BAD_VALUE));
    TRUE(is_refused("[1,]", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\":1,}", WIRE_BAD_VALUE));
    TRUE(is_refused("[1 2]", WIRE_BAD_VALUE));
    TRUE(is_refused("[\"a\":1]", WIRE_BAD_VALUE));
    TRUE(is_refused("{1:2}", WIRE_BAD_VALUE));
    TRUE(is_refused("{a:1}", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\" 1}", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\"}", WIRE_BAD_VALUE));
    TRUE(is_refused("[{\"a\":[]},{\"a\":[}]", WIRE_BAD_VALUE));
    TRUE(is_refused("\f1", WIRE_BAD_VALUE));
}
TEST(a_zero_byte_is_no_json)
{
    struct json v;
    EQ(json_read(TEXT("\0"), &v), WIRE_BAD_VALUE);
    EQ(json_read(TEXT("1\0"), &v), WIRE_TRAILING);
    EQ(json_read(TEXT("\"\0\""), &v), WIRE_BAD_VALUE);
}
TEST(brackets_are_nested_up_to_a_limit)
{
    uint8_t text[2 * (JSON_DEPTH_MAX + 1) + 1];
    for (size_t depth = 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        struct json v;
        struct wr w = wr_of(MSPAN(text));
        for (size_t i = 0; i < depth; i++)
            wr_u8(&w, '[');
        wr_u8(&w, '7');
        for (size_t i = 0; i < depth; i++)
            wr_u8(&w, ']');
        EQ(json_read(wr_done(&w), &v), depth <= JSON_DEPTH_MAX ? WIRE_OK : WIRE_BAD_VALUE);
    }
}
TEST(each_level_ends_with_the_bracket_that_it_began_with)
{
    EQ(kind_of("[{\"a\":[{\"b\":[1]}]}]"), JSON_ARRAY);
    EQ(kind_of("{\"a\":{\"b\":[[],{}]},\"c\":[{\"d\":1}]}"), JSON_OBJECT);
    TRUE(is_refused("[{\"a\":[{\"b\":[1]]}]}", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\":[1,\"b\":2]}", WIRE_BAD_VALUE));
    TRUE(is_refused("{\"a\":[1],2}", WIRE_BAD_VALUE));
}
TEST(every_truncation_of_a_text_is_refused)
{
    struct json v;
    struct span text = TEXT("{\"tcp\":true,\"omit\":0,\"a\":[1.5e3,null,\"\\u0041\"],\"b\":{\"c\":false}}");
    EQ(json_read(text, &v), WIRE_OK);
    for (size_t n = 0; n < text.n; n++)
        EQ(json_read(span_first(text, n), &v), WIRE_SHORT);
}
TEST(members_are_found_by_their_name)
{
    struct json v = read_of(" {\"time\" : 10 , \"a\\\"\" : {\"time\":1}, \"ti\":\"x\",\"\":[ ],\"time\":3}");
    struct json m = json_member(&v, TEXT("time"));
    EQ(m.kind, JSON_NUMBER);
    TRUE(span_eq(m.text, TEXT("10")));
    TRUE(span_eq(json_member(&v, TEXT("ti")).text, TEXT("\"x\"")));
    TRUE(span_eq(json_member(&v, TEXT("a\\\"")).text, TEXT("{\"time\":1}")));
    TRUE(span_eq(json_member(&v, TEXT("")).text, TEXT("[ ]")));
    EQ(json_member(&v, TEXT("tim")).kind, JSON_NONE);
    EQ(json_member(&v, TEXT("x")).kind, JSON_NONE);
    struct json list = read_of("[1,\"time\"]"), none = { 0 };
    EQ(json_member(&list, TEXT("")).kind, JSON_NONE);
    EQ(json_member(&none, TEXT("time")).kind, JSON_NONE);
}
TEST(elements_come_one_after_the_other)
{
    static const enum json_kind kind[] = { JSON_NUMBER, JSON_ARRAY, JSON_NULL, JSON_OBJECT, JSON_FALSE, JSON_STRING, JSON_TRUE };
    struct json v = read_of("[ -1.5 ,[2, 3],null,\t{\"a\":[4,5]} , false,\"]\",true ]"), value;
    struct json_items i = json_items(&v);
    struct span name;
    for (size_t n = 0; n < NUM_OF(kind); n++) {
        TRUE(json_next(&i, &name, &value));
        EQ(value.kind, kind[n]);
        EQ(name.n, 0);
    }
    TRUE(span_eq(value.text, TEXT("true")));
    TRUE(!json_next(&i, &name, &value) && value.kind == JSON_NONE);
    TRUE(!json_next(&i, &name, &value));
}
TEST(names_come_with_their_values)
{
    struct json v = read_of("{\"a\":1, \"b\" :[2] }"), value;
    struct json_items i = json_items(&v);
    struct span name;
    TRUE(json_next(&i, &name, &value) && span_eq(name, TEXT("a")) && span_eq(value.text, TEXT("1")));
    TRUE(json_next(&i, &name, &value) && span_eq(name, TEXT("b")) && span_eq(value.text, TEXT("[2]")));
    TRUE(!json_next(&i, &name, &value) && name.n == 0);
}
TEST(what_holds_no_values_has_no_items)
{
    static const char *const text[] = { "null", "true", "17", "\"a,b\"", "[]", "{ }" };
    struct span name;
    struct json value;
    for (size_t n = 0; n < NUM_OF(text); n++) {
        struct json v = read_of(text[n]);
        struct json_items i = json_items(&v);
        TRUE(!json_next(&i, &name, &value));
    }
}
TEST(whole_numbers_are_read_up_to_64_bits)
{
    uint64_t n;
    struct json v = read_of("18446744073709551615");
    TRUE(json_u64(&v, &n) && n == UINT64_MAX);
    v = read_of("0");
    TRUE(json_u64(&v, &n) && n == 0);
    v = read_of("9070");
    TRUE(json_u64(&v, &n) && n == 9070);
    static const char *const others[] = { "18446744073709551616", "184467440737095516150", "-1", "1.0", "1e3", "\"1\"", "null", "[1]" };
    for (size_t i = 0; i < NUM_OF(others); i++) {
        n = 1;
        v = read_of(others[i]);
        TRUE(!json_u64(&v, &n) && n == 0);
    }
}
TEST(what_is_written_is_read_again)
{
    uint8_t room[128];
    struct json_writer j = json_writer(MSPAN(room));
    struct json v;
    json_begin(&j, (struct span){ 0 }, '{');
    json_put_true(&j, TEXT("tcp"));
    json_put_int(&j, TEXT("least"), INT64_MIN);
    json_begin(&j, TEXT("list"), '[');
    json_put_int(&j, (struct span){ 0 }, -1);
    json_begin(&j, (struct span){ 0 }, '{');
    json_end(&j, '}');
    json_put_micro(&j, (struct span){ 0 }, 12034000);
    json_put_micro(&j, (struct span){ 0 }, 7);
    json_end(&j, ']');
    json_put_int(&j, TEXT("time"), 10);
    json_end(&j, '}');
    TRUE(span_eq(wr_done(&j.w), TEXT("{\"tcp\":true,\"least\":-9223372036854775808,\"list\":[-1,{},12.034000,0.000007],\"time\":10}")));
    EQ(json_read(wr_done(&j.w), &v), WIRE_OK);
}
TEST(what_does_not_fit_is_not_written)
{
    uint8_t room[8];
    struct json_writer j = json_writer(MSPAN(room));
    json_begin(&j, (struct span){ 0 }, '{');
    json_put_int(&j, TEXT("name"), 1);
    TRUE(j.w.full && wr_done(&j.w).n == 0);
}

TEST_MAIN
