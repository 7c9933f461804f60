// SPDX-License-Identifier: ISC
/* describe_svg.c - draws the graph: the job on top, what a node needs below it, choices as diamonds with all their ways. A node lies
 * in the layer below the deepest of those that need it; in a layer nodes stand by the mean place of their users, so that lines
 * cross little (one pass of Sugiyama's method). */
#include "cli/describe.h"
#include "cli/treemap.h"
#include <stdio.h>
#include <stdlib.h>

#define BOX_HEIGHT 44.0
#define LAYER_HEIGHT 104.0
#define LETTER_WIDTH 7.4
#define GAP 28.0
#define MARGIN 16.0

struct place {
    const struct node *node;        /* NULL: the job */
    const char *title, *detail;
    bool is_left_out;
    size_t layer;
    double x, width;                /* x: of its middle */
};
struct edge {
    size_t from, to;                /* places */
    const char *label;              /* NULL: plain */
    bool is_taken;                  /* a way */
};
struct drawing {
    struct { struct place *p; size_t n; } places;
    struct { struct edge *p; size_t n; } edges;
    size_t num_layers;
    double width;
};

/* ---- The graph as places and edges */

static void place_add(struct drawing *d, const struct node *n, const char *title, const char *detail, bool is_left_out)
{
    size_t letters = strlen(title) > strlen(detail) ? strlen(title) : strlen(detail);
    double width = (double)letters * LETTER_WIDTH + 24;
    bool is_choice = n && n->otherwise != 0;
    ADD(&d->places, (struct place){ .node = n, .title = title, .detail = detail, .is_left_out = is_left_out,
                                    .width = is_choice ? width * 1.4 : width });
}

static size_t place_of(const struct drawing *d, unsigned id)
{
    for (size_t i = 0; i < d->places.n; i++)
        if (AT(d->places, i).node && AT(d->places, i).node->id == id)
            return i;
    UNREACHABLE("a node that was not drawn");
}

static void edges_of(struct drawing *d, const struct graph *g, const struct choices *made, const struct node *n)
{
    size_t from = place_of(d, n->id);
    unsigned taken = made && n->otherwise != 0 ? choice_way(g, made, n) : 0;
    for (size_t k = 0; k < n->needs.n; k++)
        ADD(&d->edges, (struct edge){ from, place_of(d, AT(n->needs, k)), NULL, false });
    for (size_t k = 0; k < n->ways.n; k++)
        ADD(&d->edges, (struct edge){ from, place_of(d, AT(n->ways, k).id), AT(n->ways, k).words, AT(n->ways, k).id == taken });
    if (n->otherwise != 0)
        ADD(&d->edges, (struct edge){ from, place_of(d, n->otherwise), "else", n->otherwise == taken });
}

static void collect(struct drawing *d, const struct graph *g, const struct choices *made)
{
    struct ids taken = nodes_taken(g, made);
    place_add(d, NULL, g->job.what, g->name, false);
    for (size_t i = 0; i < g->nodes.n; i++) {
        const struct node *n = AT(g->nodes, i);
        bool is_left_out = !ids_have(&taken, n->id);
        if (n->otherwise != 0)
            place_add(d, n, text("%s?", choice_title(n)), "", is_left_out);
        else
            place_add(d, n, n->what, n->name ? n->name : n->component ? n->component : "", is_left_out);
    }
    for (size_t i = 0; i < g->job.needs.n; i++)
        ADD(&d->edges, (struct edge){ 0, place_of(d, AT(g->job.needs, i)), NULL, false });
    for (size_t i = 0; i < g->nodes.n; i++)
        edges_of(d, g, made, AT(g->nodes, i));
}

/* ---- Layers, and the order in them */

/* The graph has no cycles, so that as many rounds as there are places are enough. */
static void layers(struct drawing *d)
{
    bool has_changed = true;
    for (size_t round = 0; has_changed && round < d->places.n; round++) {
        has_changed = false;
        for (size_t i = 0; i < d->edges.n; i++) {
            const struct edge *e = &AT(d->edges, i);
            size_t least = AT(d->places, e->from).layer + 1;
            if (AT(d->places, e->to).layer < least) {
                AT(d->places, e->to).layer = least;
                has_changed = true;
            }
        }
    }
    for (size_t i = 0; i < d->places.n; i++)
        if (AT(d->places, i).layer >= d->num_layers)
            d->num_layers = AT(d->places, i).layer + 1;
}

static double wish(const struct drawing *d, size_t place)
{
    double sum = 0;
    size_t num = 0;
    for (size_t i = 0; i < d->edges.n; i++)
        if (AT(d->edges, i).to == place) {
            size_t user = AT(d->edges, i).from;
            sum += AT(d->places, user).x;
            num++;
        }
    return num == 0 ? 0 : sum / (double)num;
}

struct wished {
    size_t place;
    double x;
};

static int by_wish(const void *a, const void *b)
{
    const struct wished *left = a, *right = b;
    if (left->x < right->x || left->x > right->x)
        return left->x < right->x ? -1 : 1;
    return (left->place > right->place) - (left->place < right->place);
}

static double order_layer(struct drawing *d, size_t layer)
{
    struct { struct wished *p; size_t n; } row = { 0 };
    double x = MARGIN;
    for (size_t i = 0; i < d->places.n; i++)
        if (AT(d->places, i).layer == layer)
            ADD(&row, (struct wished){ i, wish(d, i) });
    if (row.n > 0)
        qsort(row.p, row.n, sizeof *row.p, by_wish);
    for (size_t i = 0; i < row.n; i++) {
        size_t place = AT(row, i).place;
        struct place *p = &AT(d->places, place);
        p->x = x + p->width / 2;
        x += p->width + GAP;
    }
    return x - GAP + MARGIN;
}

/* Each layer in the middle of the drawing */
static void center(struct drawing *d, size_t layer, double width)
{
    for (size_t i = 0; i < d->places.n; i++)
        if (AT(d->places, i).layer == layer)
            AT(d->places, i).x += (d->width - width) / 2;
}

static void arrange(struct drawing *d)
{
    struct { double *p; size_t n; } widths = { 0 };
    layers(d);
    for (size_t layer = 0; layer < d->num_layers; layer++) {
        double width = order_layer(d, layer);
        ADD(&widths, width);
        d->width = width > d->width ? width : d->width;
    }
    for (size_t layer = 0; layer < d->num_layers; layer++)
        center(d, layer, AT(widths, layer));
}

/* ---- The picture */

static double top_of(const struct place *p)
{
    return MARGIN + (double)p->layer * LAYER_HEIGHT;
}

static void print_edge(const struct drawing *d, const struct edge *e)
{
    const struct place *from = &AT(d->places, e->from), *to = &AT(d->places, e->to);
    double y1 = top_of(from) + BOX_HEIGHT, y2 = top_of(to), middle = (y1 + y2) / 2;
    const char *class = !e->label ? "need" : e->is_taken ? "way taken" : "way";
    printf("<path class=\"%s\" d=\"M%.1f %.1f C%.1f %.1f %.1f %.1f %.1f %.1f\"/>\n", class, from->x, y1, from->x, middle, to->x,
           middle, to->x, y2);
    if (e->label)
        printf("<text class=\"label\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", (from->x + to->x) / 2, middle - 3, xml_text(e->label));
}

static void print_place(const struct place *p)
{
    double y = top_of(p), left = p->x - p->width / 2, right = p->x + p->width / 2, middle = y + BOX_HEIGHT / 2;
    printf("<g%s>\n", p->is_left_out ? " class=\"out\"" : "");
    if (p->node && p->node->otherwise != 0)
        printf("<path class=\"choice\" d=\"M%.1f %.1f L%.1f %.1f L%.1f %.1f L%.1f %.1f Z\"/>\n", left, middle, p->x, y - 6, right, middle,
               p->x, y + BOX_HEIGHT + 6);
    else
        printf("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>\n", p->node ? "device" : "job", left, y,
               p->width, BOX_HEIGHT, p->node ? 4 : 22);
    printf("<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", p->x, middle - (*p->detail ? 3 : -4), xml_text(p->title));
    if (*p->detail)
        printf("<text class=\"detail\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", p->x, middle + 13, xml_text(p->detail));
    puts("</g>");
}

void describe_svg(const struct graph *g, const struct choices *made)
{
    struct drawing d = { 0 };
    collect(&d, g, made);
    arrange(&d);
    printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" font-size=\"13\" "
           "text-anchor=\"middle\">\n", d.width, (double)(d.num_layers - 1) * LAYER_HEIGHT + BOX_HEIGHT + 2 * MARGIN);
    puts("<style>rect,.choice{stroke:#456;fill:#eef3f7}.job{fill:#f6e3d5}.choice{fill:#f7f1d0}path{fill:none;stroke:#567}"
         ".way{stroke-dasharray:4 3}.taken{stroke-dasharray:none;stroke-width:2}.out{opacity:.4}"
         ".detail,.label{font-size:11px;fill:#555}</style>");
    for (size_t i = 0; i < d.edges.n; i++)
        print_edge(&d, &AT(d.edges, i));
    for (size_t i = 0; i < d.places.n; i++)
        print_place(&AT(d.places, i));
    puts("</svg>");
}
