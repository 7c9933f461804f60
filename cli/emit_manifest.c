// SPDX-License-Identifier: ISC
/* emit_manifest.c - manifest.c: the devices that the world below is to attach; stacks.c: the stacks of the fibers; components.c:
 * what is linked. */
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/target.h"
#include <stdlib.h>

/* Solo5's note, which a tender reads from the image */
static void solo5_manifest(FILE *to, const struct plan *p)
{
    const char *between = "";
    fputs("#include \"abi/solo5.h\"\n\nSOLO5_MANIFEST_NOTE(", to);
    for (size_t i = 0; i < p->devices.n; i++) {
        const struct node *d = AT(p->devices, i);
        if (!d->kind)
            continue;
        fprintf(to, "%sSOLO5_%s(%s)", between, same(d->kind, "net") ? "NET" : "BLOCK", c_literal(d->name));
        between = ", ";
    }
    fputs(");\n", to);
}

static void platform_manifest(FILE *to, const struct plan *p)
{
    size_t num = 0;
    fputs("#include \"platform/platform.h\"\n\n", to);
    for (size_t i = 0; i < p->devices.n; i++) {
        const struct node *d = AT(p->devices, i);
        if (!d->kind)
            continue;
        if (num++ == 0)
            fputs("static const struct platform_manifest_entry devices[] = {\n", to);
        fprintf(to, "    { .name = %s, .is_net = %s },\n", c_literal(d->name), same(d->kind, "net") ? "true" : "false");
    }
    if (num > 0)
        fputs("};\nconst struct platform_manifest platform_manifest = { { devices, NUM_OF(devices) } };\n", to);
    else
        fputs("const struct platform_manifest platform_manifest = { 0 };\n", to);
}

void emit_manifest(const struct plan *p, const char *target)
{
    struct file f;
    file_begin(&f, GENERATED_FOLDER "/manifest.c");
    fputs(emit_notice("manifest.c - the devices that the world below attaches, in the order of their handles."), f.to);
    if (target_of(target).has_solo5_manifest)
        solo5_manifest(f.to, p);
    else
        platform_manifest(f.to, p);
    file_end(&f);
}

/* The program's fibers, those of its devices, and the scheduler. */
static unsigned long num_stacks(const struct plan *p)
{
    unsigned long num = strtoul(p->graph->num_fibers, NULL, 10) + 1;
    for (size_t i = 0; i < p->devices.n; i++) {
        const struct node *n = AT(p->devices, i);
        num += n->fibers ? strtoul(n->fibers, NULL, 10) : 0;
    }
    return num;
}

void emit_stacks(const struct plan *p)
{
    struct file f;
    const struct graph *g = p->graph;
    file_begin(&f, GENERATED_FOLDER "/stacks.c");
    fputs(emit_notice("stacks.c - a stack for each of the fibers that run at the same time, and for the scheduler."), f.to);
    fputs("#include \"platform/platform.h\"\n", f.to);
    if (!g->stack_said)
        fputs("#include \"stacks.h\"       /* STACK_BYTES, computed from the call graph */\n", f.to);
    fprintf(f.to, "\nPLATFORM_STACK_POOL(%lu, %s);\n", num_stacks(p), g->stack_said ? g->stack_bytes : "STACK_BYTES");
    file_end(&f);
}

void emit_components(const struct components *linked, const char *version)
{
    struct file f;
    file_begin(&f, GENERATED_FOLDER "/components.c");
    fputs(emit_notice("components.c - what the image is linked with, for programs that want to tell."), f.to);
    fputs("#include \"runtime/components.h\"\n\nstatic const struct linked_component components[] = {\n", f.to);
    for (size_t i = 0; i < linked->n; i++) {
        const struct component *c = &AT(*linked, i);
        fprintf(f.to, "    { %s, %s, %s, %s },\n", c_literal(c->name), c_literal(c->kind), c_literal(version), c_literal(c->about));
    }
    fputs("};\nconst struct linked_components linked_components = { { components, NUM_OF(components) } };\n", f.to);
    file_end(&f);
}
