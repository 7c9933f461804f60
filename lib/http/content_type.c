// SPDX-License-Identifier: ISC
/* content_type.c - media types (RFC 9110 section 8.3) by the extension of a name. Text is UTF-8. */
#include "lib/http/octet.h"
#include "lib/http/response.h"

#define EXTENSION_BYTES 12

struct content_type {
    char extension[EXTENSION_BYTES];            /* with zeros behind it */
    char type[31];
    uint8_t type_bytes;
};
static const struct content_type types[] = {    /* ascending, for the bisection */
#define TYPE(extension, type) { extension, type, sizeof type - 1 }
    TYPE("aac", "audio/aac"),
    TYPE("atom", "application/atom+xml"),
    TYPE("avif", "image/avif"),
    TYPE("bin", "application/octet-stream"),
    TYPE("bmp", "image/bmp"),
    TYPE("bz2", "application/x-bzip2"),
    TYPE("c", "text/plain; charset=utf-8"),
    TYPE("css", "text/css; charset=utf-8"),
    TYPE("csv", "text/csv; charset=utf-8"),
    TYPE("eot", "application/vnd.ms-fontobject"),
    TYPE("epub", "application/epub+zip"),
    TYPE("flac", "audio/flac"),
    TYPE("gif", "image/gif"),
    TYPE("gz", "application/gzip"),
    TYPE("h", "text/plain; charset=utf-8"),
    TYPE("htm", "text/html; charset=utf-8"),
    TYPE("html", "text/html; charset=utf-8"),
    TYPE("ico", "image/vnd.microsoft.icon"),
    TYPE("ics", "text/calendar; charset=utf-8"),
    TYPE("jpeg", "image/jpeg"),
    TYPE("jpg", "image/jpeg"),
    TYPE("js", "text/javascript; charset=utf-8"),
    TYPE("json", "application/json"),
    TYPE("m4a", "audio/mp4"),
    TYPE("map", "application/json"),
    TYPE("md", "text/markdown; charset=utf-8"),
    TYPE("mjs", "text/javascript; charset=utf-8"),
    TYPE("mp3", "audio/mpeg"),
    TYPE("mp4", "video/mp4"),
    TYPE("oga", "audio/ogg"),
    TYPE("ogg", "audio/ogg"),
    TYPE("ogv", "video/ogg"),
    TYPE("opus", "audio/ogg"),
    TYPE("otf", "font/otf"),
    TYPE("pdf", "application/pdf"),
    TYPE("png", "image/png"),
    TYPE("rss", "application/rss+xml"),
    TYPE("svg", "image/svg+xml"),
    TYPE("tar", "application/x-tar"),
    TYPE("tgz", "application/gzip"),
    TYPE("tif", "image/tiff"),
    TYPE("tiff", "image/tiff"),
    TYPE("ttf", "font/ttf"),
    TYPE("txt", "text/plain; charset=utf-8"),
    TYPE("vcf", "text/vcard; charset=utf-8"),
    TYPE("wasm", "application/wasm"),
    TYPE("wav", "audio/wav"),
    TYPE("webm", "video/webm"),
    TYPE("webmanifest", "application/manifest+json"),
    TYPE("webp", "image/webp"),
    TYPE("woff", "font/woff"),
    TYPE("woff2", "font/woff2"),
    TYPE("xhtml", "application/xhtml+xml"),
    TYPE("xml", "application/xml"),
    TYPE("xz", "application/x-xz"),
    TYPE("zip", "application/zip"),
    TYPE("zst", "application/zstd"),
#undef TYPE
};

/* < 0, 0, > 0 as `a` stands before, at or behind `b`, both with zeros behind them. */
static int compare(struct span a, struct span b)
{
    for (size_t i = 0; i < EXTENSION_BYTES; i += 4)
        if (span_u32(a, i) != span_u32(b, i))
            return span_u32(a, i) < span_u32(b, i) ? -1 : 1;
    return 0;
}

/* Behind the last dot of the last segment; empty where there is none, or nothing in front of it. */
static struct span extension_of(struct span key)
{
    for (size_t i = key.n; i > 1; i--) {
        uint8_t c = span_at(key, i - 1);
        if (c == '/')
            break;
        if (c == '.')
            return span_at(key, i - 2) == '/' ? (struct span){ 0 } : span_skip(key, i);
    }
    return (struct span){ 0 };
}

struct span http_content_type(struct span key)
{
    struct span extension = extension_of(key);
    uint8_t name[EXTENSION_BYTES] = { 0 };
    size_t low = 0, high = extension.n < sizeof name ? NUM_OF(types) : 0;
    for (size_t i = 0; i < extension.n && i < sizeof name; i++)
        mspan_put(MSPAN(name), i, octet_lower(span_at(extension, i)));
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(SPAN(name), SPAN(types[middle].extension));
        if (order == 0)
            return span_first(SPAN(types[middle].type), types[middle].type_bytes);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return TEXT("application/octet-stream");
}
