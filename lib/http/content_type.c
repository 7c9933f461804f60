// SPDX-License-Identifier: ISC
/* content_type.c - media types (RFC 9110 section 8.3) by the extension of a name. Text is UTF-8. */
#include "lib/http/octet.h"
#include "lib/http/response.h"

#define EXTENSION_BYTES 12

/* Each type once, one behind the other. */
#define TYPES(T) \
    T(application_atom_xml, "application/atom+xml") \
    T(application_epub_zip, "application/epub+zip") \
    T(application_gzip, "application/gzip") \
    T(application_json, "application/json") \
    T(application_manifest_json, "application/manifest+json") \
    T(application_octet_stream, "application/octet-stream") \
    T(application_pdf, "application/pdf") \
    T(application_rss_xml, "application/rss+xml") \
    T(application_vnd_ms_fontobject, "application/vnd.ms-fontobject") \
    T(application_wasm, "application/wasm") \
    T(application_x_bzip2, "application/x-bzip2") \
    T(application_x_tar, "application/x-tar") \
    T(application_x_xz, "application/x-xz") \
    T(application_xhtml_xml, "application/xhtml+xml") \
    T(application_xml, "application/xml") \
    T(application_zip, "application/zip") \
    T(application_zstd, "application/zstd") \
    T(audio_aac, "audio/aac") \
    T(audio_flac, "audio/flac") \
    T(audio_mp4, "audio/mp4") \
    T(audio_mpeg, "audio/mpeg") \
    T(audio_ogg, "audio/ogg") \
    T(audio_wav, "audio/wav") \
    T(font_otf, "font/otf") \
    T(font_ttf, "font/ttf") \
    T(font_woff, "font/woff") \
    T(font_woff2, "font/woff2") \
    T(image_avif, "image/avif") \
    T(image_bmp, "image/bmp") \
    T(image_gif, "image/gif") \
    T(image_jpeg, "image/jpeg") \
    T(image_png, "image/png") \
    T(image_svg_xml, "image/svg+xml") \
    T(image_tiff, "image/tiff") \
    T(image_vnd_microsoft_icon, "image/vnd.microsoft.icon") \
    T(image_webp, "image/webp") \
    T(text_calendar, "text/calendar; charset=utf-8") \
    T(text_css, "text/css; charset=utf-8") \
    T(text_csv, "text/csv; charset=utf-8") \
    T(text_html, "text/html; charset=utf-8") \
    T(text_javascript, "text/javascript; charset=utf-8") \
    T(text_markdown, "text/markdown; charset=utf-8") \
    T(text_plain, "text/plain; charset=utf-8") \
    T(text_vcard, "text/vcard; charset=utf-8") \
    T(video_mp4, "video/mp4") \
    T(video_ogg, "video/ogg") \
    T(video_webm, "video/webm")

#define NAME(name, text) text
static const char names[] = TYPES(NAME);
#undef NAME

#define NAME(name, text) char name[sizeof text - 1];
struct places { TYPES(NAME) };                  /* where each name stands in `names` */
#undef NAME

struct content_type {
    char extension[EXTENSION_BYTES];            /* with zeros behind it */
    uint16_t place, bytes;
};
static const struct content_type types[] = {    /* ascending, for the bisection */
#define TYPE(extension, name) { extension, offsetof(struct places, name), sizeof ((struct places *)0)->name }
    TYPE("aac", audio_aac),
    TYPE("atom", application_atom_xml),
    TYPE("avif", image_avif),
    TYPE("bin", application_octet_stream),
    TYPE("bmp", image_bmp),
    TYPE("bz2", application_x_bzip2),
    TYPE("c", text_plain),
    TYPE("css", text_css),
    TYPE("csv", text_csv),
    TYPE("eot", application_vnd_ms_fontobject),
    TYPE("epub", application_epub_zip),
    TYPE("flac", audio_flac),
    TYPE("gif", image_gif),
    TYPE("gz", application_gzip),
    TYPE("h", text_plain),
    TYPE("htm", text_html),
    TYPE("html", text_html),
    TYPE("ico", image_vnd_microsoft_icon),
    TYPE("ics", text_calendar),
    TYPE("jpeg", image_jpeg),
    TYPE("jpg", image_jpeg),
    TYPE("js", text_javascript),
    TYPE("json", application_json),
    TYPE("m4a", audio_mp4),
    TYPE("map", application_json),
    TYPE("md", text_markdown),
    TYPE("mjs", text_javascript),
    TYPE("mp3", audio_mpeg),
    TYPE("mp4", video_mp4),
    TYPE("oga", audio_ogg),
    TYPE("ogg", audio_ogg),
    TYPE("ogv", video_ogg),
    TYPE("opus", audio_ogg),
    TYPE("otf", font_otf),
    TYPE("pdf", application_pdf),
    TYPE("png", image_png),
    TYPE("rss", application_rss_xml),
    TYPE("svg", image_svg_xml),
    TYPE("tar", application_x_tar),
    TYPE("tgz", application_gzip),
    TYPE("tif", image_tiff),
    TYPE("tiff", image_tiff),
    TYPE("ttf", font_ttf),
    TYPE("txt", text_plain),
    TYPE("vcf", text_vcard),
    TYPE("wasm", application_wasm),
    TYPE("wav", audio_wav),
    TYPE("webm", video_webm),
    TYPE("webmanifest", application_manifest_json),
    TYPE("webp", image_webp),
    TYPE("woff", font_woff),
    TYPE("woff2", font_woff2),
    TYPE("xhtml", application_xhtml_xml),
    TYPE("xml", application_xml),
    TYPE("xz", application_x_xz),
    TYPE("zip", application_zip),
    TYPE("zst", application_zstd),
#undef TYPE
};

/* < 0, 0, > 0 as `a` stands before, at or behind `b`, both with zeros behind them. */
static int compare(struct span a, struct span b)
{
    uint32_t x = span_u32(a, 0), y = span_u32(b, 0);
    for (size_t i = 4; x == y && i < EXTENSION_BYTES; i += 4) {
        x = span_u32(a, i);
        y = span_u32(b, i);
    }
    return (x > y) - (x < y);
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
            return span_first(span_skip(SPAN(names), types[middle].place), types[middle].bytes);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return TEXT("application/octet-stream");
}
