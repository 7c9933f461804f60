// SPDX-License-Identifier: ISC
#include <morgana/config.h>
void configure(void)
{
    (void)default_network();
}
