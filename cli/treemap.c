// SPDX-License-Identifier: ISC
/* treemap.c - squarified treemaps (Bruls, Huizing, van Wijk 2000): rectangles are laid in rows along the shorter side of what
 * is left; a row takes another one as long as that makes its worst rectangle squarer. */
#include "cli/treemap.h"
#include <stdio.h>

#define WIDTH 1200.0
#define HEIGHT 720.0
#define TITLE_HEIGHT 28.0
#define LABEL_HEIGHT 15.0
#define LETTER_WIDTH 7.0

struct box {
    double x, y, w, h;
};
struct weights {
    double *p;
    size_t n;
};
struct boxes {
    struct box *p;
    size_t n;
};

static double worst_ratio(const struct weights *w, size_t from, size_t to, double sum, double side)
{
    double worst = 1, thick = sum / side;
    for (size_t i = from; i < to; i++) {
        double length = AT(*w, i) / thick, ratio = length > thick ? length / thick : thick / length;
        worst = ratio > worst ? ratio : worst;
    }
    return worst;
}

/* The row that begins with `from`: where it ends, and what it weighs. */
static size_t row_end(const struct weights *w, size_t from, double side, double *sum)
{
    size_t to = from + 1;
    *sum = AT(*w, from);
    while (to < w->n && worst_ratio(w, from, to + 1, *sum + AT(*w, to), side) <= worst_ratio(w, from, to, *sum, side))
        *sum += AT(*w, to++);
    return to;
}

/* weights: areas, the largest first, which fill the room together. */
static struct boxes squarify(const struct weights *w, struct box room)
{
    struct boxes boxes = { 0 };
    for (size_t from = 0; from < w->n;) {
        bool is_wide = room.w >= room.h;
        double sum, side = is_wide ? room.h : room.w;
        size_t to = row_end(w, from, side, &sum);
        double thick = sum / side, at = 0;
        for (; from < to; from++) {
            double length = AT(*w, from) / thick;
            ADD(&boxes, is_wide ? (struct box){ room.x, room.y + at, thick, length } : (struct box){ room.x + at, room.y, length, thick });
            at += length;
        }
        if (is_wide)
            room = (struct box){ room.x + thick, room.y, room.w - thick, room.h };
        else
            room = (struct box){ room.x, room.y + thick, room.w, room.h - thick };
    }
    return boxes;
}

const char *xml_text(const char *s)
{
    const char *out = "";
    struct span all = span_of_str(s);
    for (size_t i = 0; i < all.n; i++) {
        char c = (char)span_at(all, i);
        out = c == '&' ? text("%s&amp;", out) : c == '<' ? text("%s&lt;", out) : c == '>' ? text("%s&gt;", out)
              : c == '"' ? text("%s&quot;", out) : text("%s%c", out, c);
    }
    return out;
}

static void label(struct box b, const char *name, const char *class)
{
    if (b.h >= LABEL_HEIGHT && b.w >= LETTER_WIDTH * (double)strlen(name))
        printf("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", class, b.x + 3, b.y + 12, xml_text(name));
}

static const char *color_of(const struct part *p, size_t i)
{
    static const char *const components[] = { "#7aa6c2", "#8fbf9f", "#c9b36b", "#a79acb", "#79b8b3", "#b7c56f", "#9db0d0", "#c4a58a" };
    switch (p->kind) {
    case PART_PROGRAM:      return "#e08d60";
    case PART_GENERATED:    return "#e6b48f";
    case PART_FILES:        return "#d9d0b4";
    case PART_OTHER:        return "#b5b5b5";
    case PART_COMPONENT:    return components[i % NUM_OF(components)];
    }
    UNREACHABLE("a part of no kind");
}

static void part_print(const struct part *p, struct box b, double scale, const char *color)
{
    struct weights inner = { 0 };
    bool has_title = b.h > 3 * LABEL_HEIGHT;
    struct box room = b;
    if (has_title)
        room = (struct box){ b.x, b.y + LABEL_HEIGHT, b.w, b.h - LABEL_HEIGHT };
    double shrink = room.h / b.h;
    for (size_t i = 0; i < p->members.n && in_image(&AT(p->members, i).bytes) > 0; i++)
        ADD(&inner, (double)in_image(&AT(p->members, i).bytes) * scale * shrink);
    struct boxes boxes = squarify(&inner, room);
    printf("<g><title>%s: %zu bytes</title>\n", xml_text(p->name), in_image(&p->bytes));
    printf("<rect class=\"part\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", b.x, b.y, b.w, b.h, color);
    for (size_t i = 0; i < boxes.n; i++) {
        struct box m = AT(boxes, i);
        printf("<g><title>%s %s: %zu bytes</title><rect class=\"member\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
               xml_text(p->name), xml_text(AT(p->members, i).name), in_image(&AT(p->members, i).bytes), m.x, m.y, m.w, m.h);
        if (has_title)
            label(m, AT(p->members, i).name, "small");
    }
    label(b, has_title ? text("%s %zu", p->name, in_image(&p->bytes)) : p->name, "large");
    puts("</g>");
}

void treemap_print(const struct map *m, const char *title)
{
    struct weights areas = { 0 };
    double scale = WIDTH * (HEIGHT - TITLE_HEIGHT) / (double)in_image(&m->bytes);
    for (size_t i = 0; i < m->parts.n && in_image(&AT(m->parts, i).bytes) > 0; i++)
        ADD(&areas, (double)in_image(&AT(m->parts, i).bytes) * scale);
    struct boxes boxes = squarify(&areas, (struct box){ 0, TITLE_HEIGHT, WIDTH, HEIGHT - TITLE_HEIGHT });
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\">\n"
           "<style>.part{stroke:#fff;stroke-width:3}.member{fill:none;stroke:#fff;stroke-width:.6}"
           ".large{font-size:12px;font-weight:bold}.small{font-size:10px;fill:#333}</style>\n"
           "<text x=\"4\" y=\"19\" font-size=\"16\">%s</text>\n", WIDTH, HEIGHT, xml_text(title));
    for (size_t i = 0; i < boxes.n; i++)
        part_print(&AT(m->parts, i), AT(boxes, i), scale, color_of(&AT(m->parts, i), i));
    puts("</svg>");
}
