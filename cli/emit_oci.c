// SPDX-License-Identifier: ISC
/* emit_oci.c - an OCI image (image-spec 1.0) that urunc runs: a layout of blobs named by their digests, with one layer that is not
 * compressed, and urunc's annotations in the manifest and in urunc.json inside the layer. */
#include "cli/file.h"
#include "cli/json.h"
#include "cli/origin.h"
#include "cli/package.h"
#include "cli/tar.h"
#include "cli/target.h"
#include <nettle/base64.h>
#include <stdlib.h>

#define TYPE_OF(what) "application/vnd.oci.image." what

static const char *base64(const char *s)
{
    size_t n = strlen(s);
    char *out = new_bytes(BASE64_ENCODE_RAW_LENGTH(n) + 1);
    base64_encode_raw(out, n, (const uint8_t *)s);
    return out;
}

struct annotation {
    const char *key, *value;
};
struct annotations {
    struct annotation *p;
    size_t n;
};

/* urunc attaches what it has: a network and a volume, of names of its own. */
static void devices_check(const struct package *p)
{
    for (size_t i = 0; i < p->nets->n; i++)
        if (!same(AT(*p->nets, i), "service"))
            fail("urunc attaches one network, called service, and this unikernel has one called %s", AT(*p->nets, i));
    for (size_t i = 0; i < p->blocks->n; i++)
        if (!same(AT(*p->blocks, i), "storage"))
            fail("urunc attaches one block device, called storage, and this unikernel has one called %s", AT(*p->blocks, i));
}

/* What is to be on the block device lies beside config.c, under its name; else urunc has to be given a volume. */
#define DISK "storage.img"
#define DISK_IN_IMAGE "unikernel/" DISK
static bool has_disk(const struct package *p)
{
    return p->blocks->n > 0 && file_exists(DISK);
}

static struct annotations urunc_annotations(const struct package *p)
{
    struct annotations all = { 0 };
    struct target target = target_of(p->target);
    if (!target.sandbox)
        fail("urunc cannot run the target %s: configure for spt", target.name);
    devices_check(p);
    /* urunc gives a guest of this type --ipv4 and --ipv4-gateway, and Solo5's command line to its tender */
    ADD(&all, (struct annotation){ "com.urunc.unikernel.unikernelType", base64("mirage") });
    ADD(&all, (struct annotation){ "com.urunc.unikernel.hypervisor", base64(target.sandbox) });
    ADD(&all, (struct annotation){ "com.urunc.unikernel.binary", base64(text("/unikernel/%s", path_name(p->image))) });
    ADD(&all, (struct annotation){ "com.urunc.unikernel.cmdline", base64(words_boot_line(p->boot_args)) });
    if (has_disk(p)) {
        ADD(&all, (struct annotation){ "com.urunc.unikernel.block", base64("/" DISK_IN_IMAGE) });
        ADD(&all, (struct annotation){ "com.urunc.unikernel.blkMntPoint", base64("/") });
    }
    /* the container's files are no disk of the guest's: in the words of older versions and of newer ones */
    ADD(&all, (struct annotation){ "com.urunc.unikernel.useDMBlock", base64("false") });
    ADD(&all, (struct annotation){ "com.urunc.unikernel.mountRootfs", base64("false") });
    return all;
}

/* ---- Texts and archives in memory */

struct buffer {
    FILE *to;
    char *bytes;
    size_t n;
};

static void buffer_begin(struct buffer *b)
{
    *b = (struct buffer){ 0 };
    b->to = open_memstream(&b->bytes, &b->n);
    if (!b->to)
        fail("no memory is left");
}

static struct span buffer_end(struct buffer *b)
{
    if (fclose(b->to) != 0)
        fail("no memory is left");
    return (struct span){ (const uint8_t *)b->bytes, b->n };
}

static struct span urunc_json(const struct annotations *a)
{
    struct buffer b;
    buffer_begin(&b);
    struct json j = { .to = b.to };
    json_open(&j, NULL, '{');
    for (size_t i = 0; i < a->n; i++)
        json_string(&j, AT(*a, i).key, AT(*a, i).value);
    json_close(&j, '}');
    return buffer_end(&b);
}

static struct span layer(const struct package *p, const struct annotations *a)
{
    struct buffer b;
    buffer_begin(&b);
    tar_folder(b.to, "unikernel");
    tar_file(b.to, text("unikernel/%s", path_name(p->image)), 0755, file_read(p->image));
    if (has_disk(p))
        tar_file(b.to, DISK_IN_IMAGE, 0644, file_read(DISK));
    tar_file(b.to, "urunc.json", 0644, urunc_json(a));
    tar_end(b.to);
    return buffer_end(&b);
}

/* In the words of GOARCH, as the specification wants them. */
static const char *architecture(void)
{
    return same(sdk_arch(), "x86_64") ? "amd64" : same(sdk_arch(), "aarch64") ? "arm64" : sdk_arch();
}

/* urunc takes the words of a container's process for the boot arguments, and joins them by blanks. Those who start containers want at least
 * one: "--" ends options. */
static struct words process_words(const struct package *p)
{
    struct words all = words_quoted(p->boot_args);
    if (all.n == 0)
        ADD(&all, "--");
    return all;
}

static struct span config(const struct package *p, struct span layer_bytes, const struct annotations *a)
{
    struct buffer b;
    struct words command = process_words(p), diff_ids = { 0 };
    ADD(&diff_ids, text("sha256:%s", digest_of_bytes(layer_bytes)));
    buffer_begin(&b);
    struct json j = { .to = b.to };
    json_open(&j, NULL, '{');
    json_string(&j, "architecture", architecture());
    json_string(&j, "os", "linux");
    json_open(&j, "config", '{');
    json_words(&j, "Cmd", &command);
    json_open(&j, "Labels", '{');
    for (size_t i = 0; i < a->n; i++)
        json_string(&j, AT(*a, i).key, AT(*a, i).value);
    json_close(&j, '}');
    json_close(&j, '}');
    json_open(&j, "rootfs", '{');
    json_string(&j, "type", "layers");
    json_words(&j, "diff_ids", &diff_ids);
    json_close(&j, '}');
    json_close(&j, '}');
    return buffer_end(&b);
}

static void descriptor(struct json *j, const char *key, const char *type, struct span blob)
{
    json_open(j, key, '{');
    json_string(j, "mediaType", type);
    json_string(j, "digest", text("sha256:%s", digest_of_bytes(blob)));
    json_number(j, "size", blob.n);
}

static struct span manifest(struct span config_bytes, struct span layer_bytes, const struct annotations *a)
{
    struct buffer b;
    buffer_begin(&b);
    struct json j = { .to = b.to };
    json_open(&j, NULL, '{');
    json_number(&j, "schemaVersion", 2);
    json_string(&j, "mediaType", TYPE_OF("manifest.v1+json"));
    descriptor(&j, "config", TYPE_OF("config.v1+json"), config_bytes);
    json_close(&j, '}');
    json_open(&j, "layers", '[');
    descriptor(&j, NULL, TYPE_OF("layer.v1.tar"), layer_bytes);
    json_close(&j, '}');
    json_close(&j, ']');
    json_open(&j, "annotations", '{');
    for (size_t i = 0; i < a->n; i++)
        json_string(&j, AT(*a, i).key, AT(*a, i).value);
    json_close(&j, '}');
    json_close(&j, '}');
    return buffer_end(&b);
}

static struct span image_index(const struct package *p, struct span manifest_bytes)
{
    struct buffer b;
    buffer_begin(&b);
    struct json j = { .to = b.to };
    json_open(&j, NULL, '{');
    json_number(&j, "schemaVersion", 2);
    json_string(&j, "mediaType", TYPE_OF("index.v1+json"));
    json_open(&j, "manifests", '[');
    descriptor(&j, NULL, TYPE_OF("manifest.v1+json"), manifest_bytes);
    json_open(&j, "annotations", '{');
    json_string(&j, "org.opencontainers.image.ref.name", text("%s:latest", p->name));
    json_close(&j, '}');
    json_close(&j, '}');
    json_close(&j, ']');
    json_close(&j, '}');
    return buffer_end(&b);
}

/* ---- The layout, as a folder and as a tar */

struct entry {
    const char *name;
    struct span bytes;
};

static const char *blob_name(struct span blob)
{
    return text("blobs/sha256/%s", digest_of_bytes(blob));
}

void emit_urunc(const struct package *p, const char *path)
{
    struct file f;
    struct annotations a = urunc_annotations(p);
    struct span json = urunc_json(&a);
    file_begin(&f, path);
    (void)fwrite(json.p, 1, json.n, f.to);
    file_end(&f);
}

void emit_oci(const struct package *p, const char *folder)
{
    struct file f;
    struct annotations a = urunc_annotations(p);
    struct span layer_bytes = layer(p, &a), config_bytes = config(p, layer_bytes, &a);
    struct span manifest_bytes = manifest(config_bytes, layer_bytes, &a);
    const struct entry entries[] = {
        { blob_name(layer_bytes), layer_bytes },    { blob_name(config_bytes), config_bytes },
        { blob_name(manifest_bytes), manifest_bytes }, { "index.json", image_index(p, manifest_bytes) },
        { "oci-layout", TEXT("{\"imageLayoutVersion\": \"1.0.0\"}\n") },
    };
    folder_remove(folder);
    folder_make(text("%s/blobs/sha256", folder));
    for (size_t i = 0; i < NUM_OF(entries); i++) {
        file_begin(&f, text("%s/%s", folder, entries[i].name));
        (void)fwrite(entries[i].bytes.p, 1, entries[i].bytes.n, f.to);
        file_end(&f);
    }
    file_begin(&f, text("%s.tar", folder));
    tar_folder(f.to, "blobs");
    tar_folder(f.to, "blobs/sha256");
    for (size_t i = 0; i < NUM_OF(entries); i++)
        tar_file(f.to, entries[i].name, 0644, entries[i].bytes);
    tar_end(f.to);
    file_end(&f);
}
