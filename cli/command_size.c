// SPDX-License-Identifier: ISC
/* command_size.c - morgana size: what each component adds to the image. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/project.h"
#include "cli/treemap.h"
#include <stdio.h>
#include <sys/stat.h>

static struct project_options given;
static bool wants_members, wants_svg, is_debug;

static const struct option options[] = {
    { 0, "members", NULL, "each object file, too", .flag = &wants_members },
    { 0, "svg", NULL, "draw it: areas are bytes", .flag = &wants_svg },
    { 0, "debug", NULL, "of the build with VARIANT=debug", .flag = &is_debug },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options table = { options, NUM_OF(options) };

static void row(const char *name, const struct bytes_by_use *b)
{
    printf("%-24s %9zu %9zu %9zu %9zu %11zu\n", name, in_image(b), b->code, b->constants, b->data, b->zeroed);
}

static void print_table(const struct map *m, const char *image)
{
    struct stat st;
    printf("%-24s %9s %9s %9s %9s %11s\n", "bytes", "in image", "code", "constants", "data", "zeroed");
    for (size_t i = 0; i < m->parts.n; i++) {
        const struct part *p = &AT(m->parts, i);
        row(p->name, &p->bytes);
        for (size_t j = 0; wants_members && j < p->members.n; j++)
            row(text("  %s", AT(p->members, j).name), &AT(p->members, j).bytes);
    }
    row("all", &m->bytes);
    if (stat(image, &st) == 0)
        printf("\n%s: %lld bytes\n", image, (long long)st.st_size);
}

static int size(struct words args)
{
    struct project p;
    struct words operands = { 0 }, rest = { 0 };
    options_parse(&table, args, &operands, &rest, NULL);
    no_operands("size", &operands);
    project_open(&p, &given);
    struct map m = project_map(&p, is_debug ? "debug" : "product");
    if (wants_svg)
        treemap_print(&m, text("%s: %zu bytes", p.image, in_image(&m.bytes)));
    else
        print_table(&m, p.image);
    return 0;
}

const struct command command_size = {
    .name = "size", .synopsis = "size [--members] [--svg]",
    .about = "shows what each component adds to the image", .run = size, .options = &table,
};
