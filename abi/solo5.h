// SPDX-License-Identifier: ISC
/* solo5.h - what a Solo5 image and its tender owe each other: the two ELF notes (ABI1, MFT1), the memory
 * layout and, for spt, the boot information. Everything is little-endian; the layout asserted below is
 * that of Solo5's ABI version 2 of spt, manifest version 1.
 *
 * An image defines its notes with SOLO5_ABI_NOTE and SOLO5_MANIFEST_NOTE, once each:
 *
 *     SOLO5_ABI_NOTE(SOLO5_TARGET_SPT, SOLO5_SPT_VERSION);
 *     SOLO5_MANIFEST_NOTE(SOLO5_NET("service"), SOLO5_BLOCK("storage"));
 *     SOLO5_MANIFEST_NOTE();                          no device at all
 *
 * Each lies in a section of its own, which the linker script puts first into a PT_NOTE of its own. */
#ifndef ABI_SOLO5_H
#define ABI_SOLO5_H
#include <stddef.h>
#include <stdint.h>

#define SOLO5_IMAGE_START 0x100000u             /* no segment and no entry point lies below */
#define SOLO5_INTERPRETER "/nonexistent/solo5/" /* so that a host kernel refuses to run the image itself */

/* ---- Notes */

#define SOLO5_NOTE_NAME "Solo5"                 /* 6 bytes with its NUL, padded to 8 */
#define SOLO5_NOTE_NAME_BYTES 6u
struct solo5_note_head {
    uint32_t name_bytes, desc_bytes, type;
    char name[8];
};
_Static_assert(sizeof(struct solo5_note_head) == 20, "Solo5 ABI");

#define SOLO5_ABI_TYPE 0x31494241u              /* "ABI1" */
enum solo5_target {
    SOLO5_TARGET_HVT = 1,
    SOLO5_TARGET_SPT = 2,
    SOLO5_TARGET_VIRTIO = 3,
    SOLO5_TARGET_MUEN = 4,
    SOLO5_TARGET_GENODE = 5,
    SOLO5_TARGET_XEN = 6,
};
#define SOLO5_HVT_VERSION 2u
#define SOLO5_SPT_VERSION 2u
#define SOLO5_ABI_DESC_BYTES_MAX 32u
struct solo5_abi {                              /* payload of ABI1, right behind the head */
    uint32_t target, version, reserved0, reserved1;
};
struct solo5_abi_note {
    struct solo5_note_head head;
    struct solo5_abi abi;
};
_Static_assert(offsetof(struct solo5_abi_note, abi) == 20 && sizeof(struct solo5_abi_note) == 36, "Solo5 ABI");

#define SOLO5_MANIFEST_TYPE 0x3154464du         /* "MFT1" */
#define SOLO5_MANIFEST_VERSION 1u
#define SOLO5_RECORDS_MAX 64u                   /* the first is reserved, so handles are 1..63 */
#define SOLO5_NAME_BYTES 68u                    /* with at least one NUL */
enum solo5_device {
    SOLO5_DEVICE_BLOCK = 1,
    SOLO5_DEVICE_NET = 2,
    SOLO5_DEVICE_RESERVED = 0x40000000,         /* this type and those above: nothing to attach */
};
struct solo5_record {
    char name[SOLO5_NAME_BYTES];
    uint32_t type;
    union {                                     /* zero in the file, filled in by the tender */
        struct {
            uint64_t capacity_bytes;
            uint16_t sector_bytes;
        } block;
        struct {
            uint8_t mac[6];
            uint16_t mtu;
        } net;
    };
    union {
        int32_t host_fd;
        uint64_t reserved;
    };
    uint8_t is_attached;
    uint8_t padding[7];
};
_Static_assert(offsetof(struct solo5_record, type) == 68 && offsetof(struct solo5_record, block) == 72 &&
               offsetof(struct solo5_record, block.sector_bytes) == 80 && offsetof(struct solo5_record, net.mtu) == 78 &&
               offsetof(struct solo5_record, host_fd) == 88 && offsetof(struct solo5_record, is_attached) == 96 &&
               sizeof(struct solo5_record) == 104, "Solo5 manifest");

struct solo5_manifest {                         /* payload of MFT1: only `entries` records are there */
    uint32_t version, entries;
    struct solo5_record record[SOLO5_RECORDS_MAX];
};
#define SOLO5_MANIFEST_HEAD_BYTES 8u
#define SOLO5_MANIFEST_PAD_BYTES 4u             /* between the note's head and the payload; desc_bytes counts it */
#define SOLO5_MANIFEST_DESC_BYTES_MAX (SOLO5_MANIFEST_PAD_BYTES + (uint32_t)sizeof(struct solo5_manifest))
_Static_assert(offsetof(struct solo5_manifest, record) == SOLO5_MANIFEST_HEAD_BYTES &&
               sizeof(struct solo5_manifest) == 6664, "Solo5 manifest");

#define SOLO5_ABI_NOTE(target_, version_)                                                               \
    const struct solo5_abi_note solo5_abi_note                                                          \
        __attribute__((section(".note.solo5.abi"), used, aligned(4))) = {                               \
            { SOLO5_NOTE_NAME_BYTES, sizeof(struct solo5_abi), SOLO5_ABI_TYPE, SOLO5_NOTE_NAME },       \
            { .target = (target_), .version = (version_) } }

#define SOLO5_RECORDS_(...)                                                                             \
    (struct solo5_record[]) { { .type = SOLO5_DEVICE_RESERVED }, __VA_ARGS__ }
#define SOLO5_NUM_RECORDS_(...) (sizeof(SOLO5_RECORDS_(__VA_ARGS__)) / sizeof(struct solo5_record))
#define SOLO5_NET(name_) { .name = name_, .type = SOLO5_DEVICE_NET }
#define SOLO5_BLOCK(name_) { .name = name_, .type = SOLO5_DEVICE_BLOCK }
/* Devices in the order of their handles, the first is handle 1. */
#define SOLO5_MANIFEST_NOTE(...)                                                                        \
    _Static_assert(SOLO5_NUM_RECORDS_(__VA_ARGS__) <= SOLO5_RECORDS_MAX, "more than 63 devices");       \
    const struct {                                                                                      \
        struct solo5_note_head head;                                                                    \
        uint32_t padding, version, entries;                                                             \
        struct solo5_record record[SOLO5_NUM_RECORDS_(__VA_ARGS__)];                                    \
    } solo5_manifest_note __attribute__((section(".note.solo5.manifest"), used, aligned(8))) = {        \
        { SOLO5_NOTE_NAME_BYTES,                                                                        \
          SOLO5_MANIFEST_PAD_BYTES + SOLO5_MANIFEST_HEAD_BYTES +                                        \
              (uint32_t)sizeof(SOLO5_RECORDS_(__VA_ARGS__)),                                            \
          SOLO5_MANIFEST_TYPE, SOLO5_NOTE_NAME },                                                       \
        0, SOLO5_MANIFEST_VERSION, (uint32_t)SOLO5_NUM_RECORDS_(__VA_ARGS__),                           \
        { { .type = SOLO5_DEVICE_RESERVED }, __VA_ARGS__ } }

/* ---- spt: the guest is the process, addresses are the process's own */

#define SOLO5_SPT_MEMORY_START 0x10000u         /* memory is [this, mem_bytes); fresh and zero, never executable */
#define SOLO5_SPT_BOOT 0x11000u                 /* boot information, manifest, command line follow one another */
#define SOLO5_COMMAND_LINE_BYTES 8192u          /* with its NUL */
#define SOLO5_SPT_TIMER_EVENT 0xfffffffeu       /* epoll data of the timer; that of a network device is its handle */

struct solo5_spt_boot {
    uint64_t mem_bytes;
    uint64_t kernel_end;                        /* page-rounded end of the last segment with bytes in the file */
    const char *command_line;
    const struct solo5_manifest *manifest;
    int32_t epoll_fd, timer_fd;
};
_Static_assert(offsetof(struct solo5_spt_boot, command_line) == 16 && offsetof(struct solo5_spt_boot, manifest) == 24 &&
               offsetof(struct solo5_spt_boot, timer_fd) == 36 && sizeof(struct solo5_spt_boot) == 40, "Solo5 spt ABI");

#endif
