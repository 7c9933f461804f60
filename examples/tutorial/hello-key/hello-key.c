// SPDX-License-Identifier: ISC
/* hello-key.c - prints a boot argument. */
#include "hello-key.h"
#include "runtime/log.h"

err hello_key_main(void)
{
    struct span hello = arg_hello();
    print("%b\n", &hello);
    return OK;
}
