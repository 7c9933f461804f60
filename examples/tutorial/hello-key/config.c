// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(hello_key_main);

void configure(void)
{
    about("says what it is told at the start");
    unikernel("hello-key", hello_key_main(),
              arg_string("hello", "Hello World!", "how to say hello"));
}
