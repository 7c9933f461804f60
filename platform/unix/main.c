// SPDX-License-Identifier: ISC
/* The entry of a unix image. */
#include "platform/unix/unix.h"

int main(int argc, char **argv)
{
    unix_main(argc, argv);
}
