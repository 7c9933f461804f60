#include "cli/commands.h"
static int run(struct words args) { (void)args; return 0; }
const struct command command_run = { "run", "run", "x", run, NULL, false };
