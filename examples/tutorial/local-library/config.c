// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(local_library_main);

void configure(void)
{
    about("greets with a library of its own");
    static_library("greeting");
    unikernel("local-library", local_library_main(),
              arg_string("whom", "world", "whom to greet"));
}
