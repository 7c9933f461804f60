// SPDX-License-Identifier: ISC
/* project.c - opens the folder of a config.c. The context lies in .morgana/context: what configure was told, in lines
 * "target spt", "output NAME", "key NAME=VALUE", and what run needs to know of the graph. */
#include "cli/project.h"
#include "cli/emit.h"
#include "cli/file.h"
#include "cli/keys.h"
#include "cli/target.h"
#include "cli/version.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define CONTEXT_FILE GENERATED_FOLDER "/context"

static void move_to_folder(struct project *p, const char *config)
{
    struct span folder = span_of_str(config);
    while (folder.n > 0 && span_at(folder, folder.n - 1) != '/')
        folder = span_first(folder, folder.n - 1);
    if (!file_exists(config))
        fail("there is no %s here: write one, or name it with --file", config);
    if (folder.n > 0 && chdir(text_of_span(folder)) != 0)
        fail("cannot enter the folder of %s: %s", config, strerror(errno));
    p->config = text_of_span(span_skip(span_of_str(config), folder.n));
}

static void context_line(struct project *p, const char *word, const char *value)
{
    const struct { const char *word, **to; } fields[] = {
        { "target", &p->choices.target }, { "arch", &p->arch }, { "output", &p->output }, { "name", &p->name }, { "image", &p->image },
    };
    const struct { const char *word; struct words *to; } lists[] = {
        { "key", &p->choices.keys }, { "net", &p->nets }, { "block", &p->blocks }, { "arg", &p->args },
    };
    for (size_t i = 0; i < NUM_OF(fields); i++)
        if (same(word, fields[i].word))
            *fields[i].to = value;
    for (size_t i = 0; i < NUM_OF(lists); i++)
        if (same(word, lists[i].word))
            ADD(lists[i].to, value);
}

static void context_read(struct project *p, const char *other)
{
    struct span left;
    if (other)
        left = file_read(other);
    p->is_configured = other || file_try_read(CONTEXT_FILE, &left);
    while (p->is_configured && left.n > 0) {
        size_t n = span_find(left, '\n');
        struct span line = span_first(left, n);
        size_t word = span_find(line, ' ');
        context_line(p, text_of_span(span_first(line, word)), text_of_span(span_skip(line, word + 1)));
        left = span_skip(left, n + 1);
    }
}

void project_remember(const struct project *p, const struct plan *plan)
{
    struct file f;
    file_begin(&f, CONTEXT_FILE);
    fprintf(f.to, "target %s\n", p->choices.target);
    if (p->arch)
        fprintf(f.to, "arch %s\n", p->arch);
    if (p->output)
        fprintf(f.to, "output %s\n", p->output);
    for (size_t i = 0; i < p->choices.keys.n; i++)
        fprintf(f.to, "key %s\n", AT(p->choices.keys, i));
    fprintf(f.to, "name %s\nimage %s\n", p->graph->name, project_image(p));
    for (size_t i = 0; i < plan->devices.n; i++)
        if (AT(plan->devices, i)->kind)
            fprintf(f.to, "%s %s\n", AT(plan->devices, i)->kind, AT(plan->devices, i)->name);
    for (size_t i = 0; i < plan->args.n; i++)
        fprintf(f.to, "arg %s\n", AT(plan->args, i)->name);
    file_end(&f);
}

static bool is_given(const struct words *keys, const char *name)
{
    for (size_t i = 0; i < keys->n; i++)
        if (same(key_name(AT(*keys, i)), name))
            return true;
    return false;
}

void project_open(struct project *p, const struct project_options *o)
{
    *p = (struct project){ 0 };
    const char *context = o->context ? realpath(o->context, NULL) : NULL;
    if (o->context && !context)
        fail("--context %s: %s", o->context, strerror(errno));
    move_to_folder(p, o->config ? o->config : "config.c");
    context_read(p, context);
    if (o->target)
        p->choices.target = o->target;
    if (!p->choices.target)
        p->choices.target = getenv("MORGANA_TARGET") ? getenv("MORGANA_TARGET") : "unix";
    target_check(p->choices.target);
    if (o->arch)
        p->arch = o->arch;
    if (p->arch)
        sdk_choose_arch(p->arch);
    if (o->output)
        p->output = o->output;
    struct words keys = { 0 };          /* each once: what is given last counts, then what is remembered */
    for (size_t i = o->keys.n; i > 0; i--) {
        const char *given = text_of_span(span_skip(span_of_str(AT(o->keys, i - 1)), 2));
        if (!is_given(&keys, key_name(given)))
            ADD(&keys, given);
    }
    for (size_t i = 0; i < p->choices.keys.n; i++)
        if (!is_given(&keys, key_name(AT(p->choices.keys, i))))
            ADD(&keys, AT(p->choices.keys, i));
    p->choices.keys = keys;
}

/* ---- The graph: config.c, compiled for the host and run */

static struct words compiler(void)
{
    const char *cc = getenv("CC");
    struct words argv = words_split(cc && *cc ? cc : "cc");
    return argv;
}

MUST_CHECK static bool compile(const char *config, const char *program)
{
    const char *sdk = sdk_folder();
    struct words argv = compiler();
    /* As headers of the system: a mistake is shown where it is, without the macros on the way. What can be left out of a compilation
     * is: it is most of what configure takes. */
    const char *const rest[] = { "-std=gnu11", "-Wall", "-Wextra", "-Werror=implicit-function-declaration",
                                 "-Werror=incompatible-pointer-types", "-Werror=int-conversion", "-O0", "-pipe", "-isystem",
                                 text("%s/include", sdk), "-s", "-o", program, config, text("%s/lib/host/libconfig.a", sdk) };
    for (size_t i = 0; i < NUM_OF(rest); i++)
        ADD(&argv, rest[i]);
    return run_program(&argv, NULL) == 0;
}

/* A target that a choice names and nobody has */
static void choices_check(const struct project *p)
{
    struct words known = sdk_targets();
    for (size_t i = 0; i < p->graph->nodes.n; i++) {
        const struct node *n = AT(p->graph->nodes, i);
        for (size_t k = 0; !n->key && k < n->ways.n; k++) {
            struct words targets = words_split(AT(n->ways, k).words);
            for (size_t t = 0; t < targets.n; t++)
                if (!words_have(&known, AT(targets, t)))
                    fail("%sthere is no target %s: %s", place(n->line), AT(targets, t), words_hint(&known, AT(targets, t)));
        }
    }
}

/* A component that config.c names and nobody has */
static void uses_check(const struct project *p)
{
    for (size_t i = 0; i < p->graph->uses.n; i++) {
        const char *complaint = component_complaint(AT(p->graph->uses, i), p->choices.target);
        if (*complaint)
            fail("%s%s", place(AT(p->graph->use_lines, i)), complaint);
    }
}

void project_load(struct project *p)
{
    version_check(p->config);
    const char *folder = folder_temporary();
    const char *program = text("%s/config", folder);
    struct words argv = { 0 };
    struct span written;
    if (!compile(p->config, program)) {
        rmdir(folder);
        fail("%s does not compile: the lines above say where", p->config);
    }
    ADD(&argv, program);
    int status = run_program(&argv, &written);
    unlink(program);
    rmdir(folder);
    if (status > 128)
        fail("%s ends with signal %d while it builds its graph", p->config, status - 128);
    if (status != 0)
        exit(status);
    p->graph = graph_read(written);
    keys_check(p->graph, &p->choices.keys);
    choices_check(p);
    uses_check(p);
}

/* The line of config.c that asks for a component, by a device or by name; NULL: another component does. */
static const char *component_line(const struct plan *plan, const char *component)
{
    for (size_t i = 0; i < plan->devices.n; i++)
        if (AT(plan->devices, i)->component && same(AT(plan->devices, i)->component, component))
            return AT(plan->devices, i)->line;
    for (size_t i = 0; i < plan->graph->uses.n; i++)
        if (same(AT(plan->graph->uses, i), component))
            return AT(plan->graph->use_lines, i);
    return NULL;
}

/* What needs a host, as its sockets do, is refused here: the linker would name symbols that nobody wrote. */
static void component_targets_check(const struct plan *plan, const struct components *linked, const char *target)
{
    for (size_t i = 0; i < linked->n; i++) {
        const struct component *c = &AT(*linked, i);
        if (c->targets.n > 0 && !words_have(&c->targets, target))
            fail("%scomponent %s is for the target %s, not for %s: choose by if_target(\"%s\", ...)",
                 place(component_line(plan, c->name)), c->name, words_join(&c->targets, " "), target, words_join(&c->targets, " "));
    }
}

struct components plan_components(const struct plan *plan, const char *target)
{
    struct words names = { 0 };
    words_add_once(&names, "runtime");
    words_add_once(&names, "platform");
    for (size_t i = 0; i < plan->components.n; i++)
        words_add_once(&names, AT(plan->components, i));
    struct components linked = components_closure(&names, target);
    component_targets_check(plan, &linked, target);
    if (target_of(target).is_hosted || (!components_have_libraries(&linked) && plan->libraries.n == 0))
        return linked;
    words_add_once(&names, "libc");     /* what archives of others expect */
    return components_closure(&names, target);
}

const char *project_image(const struct project *p)
{
    return text("dist/%s%s", p->output ? p->output : p->graph->name, target_of(p->choices.target).suffix);
}

/* Objects for another CPU than the host's lie apart. */
struct map project_map(const struct project *p, const char *variant)
{
    const char *map = text(GENERATED_FOLDER "/%s-%s%s/map", p->choices.target, variant, sdk_arch_is_host() ? "" : text("-%s", sdk_arch()));
    if (!p->is_configured)
        fail("this folder is not configured yet: morgana configure -t %s && make", p->choices.target);
    if (!file_exists(map))
        fail("there is no image %s: build it with make", p->image);
    return map_read(map);
}
