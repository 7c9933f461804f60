// SPDX-License-Identifier: ISC
#include "platform/unix/unix.h"

int main(int argc, char **argv)
{
    unix_main(argc, argv);
}
