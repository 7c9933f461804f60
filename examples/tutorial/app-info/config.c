// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(app_info_main);

void configure(void)
{
    about("tells what it is made of");
    unikernel("app-info", app_info_main());
}
