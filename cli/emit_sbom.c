// SPDX-License-Identifier: ISC
/* emit_sbom.c - the bill of materials, in the JSON form of SPDX 2.3, made from the map of the linker: what is not in the image is
 * not in it. Time is SOURCE_DATE_EPOCH or 0, so that equal images have equal documents. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/json.h"
#include "cli/origin.h"
#include "cli/package.h"
#include <stdlib.h>
#include <time.h>

static const char *spdx_id(const char *kind, const char *name)
{
    char *id = text("SPDXRef-%s-%s", kind, name);
    struct mspan m = { (uint8_t *)id, strlen(id) };
    for (size_t i = 0; i < m.n; i++) {
        uint8_t c = span_at(span_of(m), i);
        bool is_good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
        mspan_put(m, i, is_good ? c : '.');
    }
    return id;
}

static const char *time_of_document(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t t = epoch ? (time_t)strtoll(epoch, NULL, 10) : 0;
    struct tm at;
    char out[sizeof "1970-01-01T00:00:00Z"] = "";
    gmtime_r(&t, &at);
    return strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%SZ", &at) > 0 ? text("%s", out) : "1970-01-01T00:00:00Z";
}

static void creation(struct json *j)
{
    struct words creators = { 0 };
    ADD(&creators, text("Tool: morgana-%s", morgana_version()));
    json_open(j, "creationInfo", '{');
    json_string(j, "created", time_of_document());
    json_words(j, "creators", &creators);
    json_close(j, '}');
}

static void digest(struct json *j, const char *path)
{
    json_open(j, "checksums", '[');
    json_open(j, NULL, '{');
    json_string(j, "algorithm", "SHA256");
    json_string(j, "checksumValue", digest_of_file(path));
    json_close(j, '}');
    json_close(j, ']');
}

static void package(struct json *j, const char *id, const char *name, const char *version, const char *license, const char *path,
                    const char *comment)
{
    json_open(j, NULL, '{');
    json_string(j, "SPDXID", id);
    json_string(j, "name", name);
    json_string(j, "versionInfo", version ? version : "unknown");
    json_string(j, "downloadLocation", "NOASSERTION");
    json_string(j, "licenseConcluded", license);
    json_string(j, "licenseDeclared", license);
    json_string(j, "copyrightText", "NOASSERTION");
    if (path)
        digest(j, path);
    if (comment)
        json_string(j, "comment", comment);
    json_close(j, '}');
}

static bool is_archive(const struct part *p)
{
    return p->kind == PART_COMPONENT || (p->kind == PART_OTHER && p->path);
}

static void package_of_part(struct json *j, const struct project *p, const struct part *part)
{
    struct words members = { 0 };
    for (size_t i = 0; i < part->members.n; i++)
        ADD(&members, AT(part->members, i).name);
    const char *comment = text("linked from it: %s", words_join(&members, " "));
    const char *id = spdx_id("Package", part->name), *version = morgana_version(), *license = "ISC", *name = part->name;
    if (part->kind == PART_COMPONENT) {
        struct component c = component_read(part->name, p->choices.target);
        version = c.version ? c.version : version;
        license = component_license(&c);
        name = text("morgana-%s", part->name);
    } else {
        struct origin o = origin_of(part->path);
        version = o.version;
        license = license_of(part->name);
        comment = o.package ? text("Debian package %s; %s", o.package, comment) : comment;
    }
    package(j, id, name, version, license, part->path, comment);
}

static void relationship(struct json *j, const char *from, const char *how, const char *to)
{
    json_open(j, NULL, '{');
    json_string(j, "spdxElementId", from);
    json_string(j, "relationshipType", how);
    json_string(j, "relatedSpdxElement", to);
    json_close(j, '}');
}

void emit_sbom(const struct project *p, const struct map *m, const char *path)
{
    struct file f;
    struct words described = { 0 };
    const char *image = spdx_id("Package", text("image-%s", p->name));
    ADD(&described, image);
    file_begin(&f, path);
    struct json j = { .to = f.to };
    json_open(&j, NULL, '{');
    json_string(&j, "spdxVersion", "SPDX-2.3");
    json_string(&j, "dataLicense", "CC0-1.0");
    json_string(&j, "SPDXID", "SPDXRef-DOCUMENT");
    json_string(&j, "name", p->name);
    json_string(&j, "documentNamespace", text("https://morgana.invalid/spdx/%s-%s", p->name, digest_of_file(p->image)));
    creation(&j);
    json_words(&j, "documentDescribes", &described);
    json_open(&j, "packages", '[');
    package(&j, image, p->name, NULL, "NOASSERTION", p->image, text("the unikernel for %s on %s", p->choices.target, sdk_arch()));
    for (size_t i = 0; i < m->parts.n; i++)
        if (is_archive(&AT(m->parts, i)))
            package_of_part(&j, p, &AT(m->parts, i));
    json_close(&j, ']');
    json_open(&j, "relationships", '[');
    relationship(&j, "SPDXRef-DOCUMENT", "DESCRIBES", image);
    for (size_t i = 0; i < m->parts.n; i++)
        if (is_archive(&AT(m->parts, i)))
            relationship(&j, image, "STATIC_LINK", spdx_id("Package", AT(m->parts, i).name));
    json_close(&j, ']');
    json_close(&j, '}');
    file_end(&f);
}
