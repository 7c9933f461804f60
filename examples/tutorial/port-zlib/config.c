// SPDX-License-Identifier: ISC
/* config.c - a program that uses zlib, as Debian has it: morgana >= 0.1 */
#include <morgana/config.h>

JOB(port_zlib_main);

void configure(void)
{
    about("compresses, with the zlib of the system");
    uses("zlib");
    unikernel("port-zlib", port_zlib_main(), arg_uint_range("lines", 1000, 1, 1000, "how much text is compressed"),
              arg_uint_range("level", 6, 1, 9, "how hard zlib tries"));
}
