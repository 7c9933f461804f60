// SPDX-License-Identifier: ISC
/* emit_albatross.c - the command that creates the unikernel under albatross, which attaches a device NAME to a bridge, or a volume,
 * and starts nothing whose manifest names other devices than the request, or whose ABI its tender does not speak. From 2.6 on it would put
 * --name=NAME before the boot arguments, which is an argument of MirageOS's. */
#include "cli/file.h"
#include "cli/package.h"

/* Labels of its names are letters, digits, '-' and '.'. */
static const char *albatross_name(const char *name)
{
    const char *out = "";
    struct span s = span_of_str(name);
    for (size_t i = 0; i < s.n; i++)
        out = text("%s%c", out, span_at(s, i) == '_' ? '-' : span_at(s, i));
    return out;
}

void emit_albatross(const struct package *p, const char *path)
{
    struct file f;
    if (!same(p->target, "hvt") && !same(p->target, "spt"))
        fail("albatross runs images of Solo5's tenders, and this is for %s: morgana configure -t hvt", p->target);
    if (file_exists(p->image))
        notes_check(p);
    file_begin(&f, path);
    fprintf(f.to, "#!/bin/sh\n# Creates %s under albatross. Behind each device stands the bridge or the volume of the host: put\n"
                  "# yours there.\nexec albatross-client create --no-add-name --mem=%s", p->name, p->mem);
    for (size_t i = 0; i < p->nets->n; i++)
        fprintf(f.to, " --net=%s:%s", AT(*p->nets, i), AT(*p->nets, i));
    for (size_t i = 0; i < p->blocks->n; i++)
        fprintf(f.to, " --block=%s:%s", AT(*p->blocks, i), AT(*p->blocks, i));
    for (size_t i = 0; i < p->boot_args->n; i++)
        fprintf(f.to, " --arg=%s", word_shell_quoted(AT(*p->boot_args, i)));
    fprintf(f.to, " \"$@\" %s \"$(dirname \"$0\")/%s\"\n", albatross_name(p->name), path_name(p->image));
    file_end(&f);
}
