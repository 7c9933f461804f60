// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "tender/options.h"

static struct options options;
static struct message why;
static struct device_option devices[SOLO5_RECORDS_MAX];
static const struct solo5_manifest manifest = { 1, 3, { { .type = SOLO5_DEVICE_RESERVED },
    { .name = "net", .type = SOLO5_DEVICE_NET }, { .name = "disk", .type = SOLO5_DEVICE_BLOCK } } };

#define PARSE(...)                                                                              \
    ({                                                                                          \
        static char *words_[] = { "morgana-spt", __VA_ARGS__ };                         \
        options_parse((int)NUM_OF(words_), words_, OPTIONS_SPT | OPTIONS_HVT, &options, &why);                             \
    })

TEST(the_image_comes_first_behind_the_options)
{
    EQ(PARSE("--mem=64", "image", "--help", "x"), OK);
    EQ(options.mem_bytes, 64 << 20);
    EQ(strcmp(options.image_path, "image"), 0);
    EQ(options.arguments.n, 2);
    EQ(options.what, RUN_IMAGE);
    EQ(PARSE("--", "--image"), OK);
    EQ(strcmp(options.image_path, "--image"), 0);
    EQ(options.arguments.n, 0);
    EQ(options.mem_bytes, 512 << 20);
}

TEST(nothing_to_run_is_an_error)
{
    EQ(PARSE("--mem=64"), E_INVALID);
    EQ(PARSE("--"), E_INVALID);
    EQ(PARSE("-x", "image"), E_INVALID);
    EQ(PARSE("--mem=1x", "image"), E_INVALID);
}

TEST(devices_get_what_is_said_of_them)
{
    memset(devices, 0, sizeof devices);
    EQ(PARSE("--net:net=tap0", "--net-mac:net=02:aB:00:00:00:ff", "--block-sector-size:disk=4096",
             "--block:disk=a=b", "image"), OK);
    EQ(options_devices(&options, &manifest, devices, &why), OK);
    SPAN_EQ(devices[1].where, "tap0");
    EQ(devices[1].mac[1], 0xab);
    EQ(devices[1].mac[5], 0xff);
    SPAN_EQ(devices[2].where, "a=b");
    EQ(devices[2].sector_bytes, 4096);
}

TEST(a_device_must_be_declared_and_every_declared_one_attached)
{
    memset(devices, 0, sizeof devices);
    EQ(PARSE("--net:net=tap0", "image"), OK);
    EQ(options_devices(&options, &manifest, devices, &why), E_INVALID);
    memset(devices, 0, sizeof devices);
    EQ(PARSE("--net:", "image"), OK);
    EQ(options_devices(&options, &manifest, devices, &why), E_NOT_FOUND);
    memset(devices, 0, sizeof devices);
    EQ(PARSE("--net:disk=tap0", "image"), OK);
    EQ(options_devices(&options, &manifest, devices, &why), E_NOT_FOUND);
}

TEST(decimals_are_whole_and_fit)
{
    uint64_t v = 0;
    TRUE(parse_decimal(TEXT("18446744073709551615"), &v));
    EQ(v, UINT64_MAX);
    TRUE(!parse_decimal(TEXT("18446744073709551616"), &v));
    TRUE(!parse_decimal(TEXT(""), &v));
    TRUE(!parse_decimal(TEXT("-1"), &v));
    TRUE(!parse_decimal(TEXT("1 "), &v));
}

TEST_MAIN
