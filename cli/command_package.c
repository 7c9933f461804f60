// SPDX-License-Identifier: ISC
/* command_package.c - morgana package: what belongs beside an image that leaves the house; morgana lock: what it is built from. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/lock.h"
#include "cli/package.h"
#include "cli/target.h"

static struct project_options given;
static bool wants_relink, wants_check;
static struct words operands, boot_args;

static const struct option package_options[] = {
    { 0, "relink", NULL, "the objects and archives that the image was linked from, too", .flag = &wants_relink },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options package_table = { package_options, NUM_OF(package_options) };

static int package(struct words args)
{
    struct project p;
    options_parse(&package_table, args, &operands, &boot_args, NULL);
    no_operands("package", &operands);
    project_open(&p, &given);
    struct map m = project_map(&p, "product");
    int status = wants_relink ? make_goal("relink") : 0;
    emit_sbom(&p, &m, text("dist/%s.spdx.json", p.name));
    if (target_of(p.choices.target).sandbox)
        emit_oci(&p, words_join(&boot_args, " "), text("dist/%s.oci", p.name));
    else
        tell("no OCI image: urunc cannot run the target %s", p.choices.target);
    return status;
}

const struct command command_package = {
    .name = "package", .synopsis = "package [--relink] [-- BOOT-ARGUMENT...]",
    .about = "writes an OCI image, an SBOM, objects to link again", .run = package, .options = &package_table,
};

/* ---- lock */

static const struct option lock_options[] = {
    { 0, "check", NULL, "compare with morgana.lock instead of writing it", .flag = &wants_check },
    { 'f', "file", "FILE", "the configuration; config.c unless given", .value = &given.config, .variable = "MORGANA_FILE" },
};
static const struct options lock_table = { lock_options, NUM_OF(lock_options) };

static int lock(struct words args)
{
    struct project p;
    options_parse(&lock_table, args, &operands, &boot_args, NULL);
    no_operands("lock", &operands);
    project_open(&p, &given);
    if (!p.is_configured)
        fail("this folder is not configured yet: morgana configure -t %s", p.choices.target);
    project_load(&p);
    if (wants_check)
        lock_check(&p);
    else
        lock_write(&p);
    return 0;
}

const struct command command_lock = {
    .name = "lock", .synopsis = "lock [--check]",
    .about = "writes morgana.lock: what the image is built from", .run = lock, .options = &lock_table,
};
