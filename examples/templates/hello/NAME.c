// SPDX-License-Identifier: ISC
/* @NAME@.c - greets, and ends. */
#include "@NAME@.h"
#include "runtime/log.h"

err @IDENTIFIER@_main(void)
{
    struct span whom = arg_whom();
    print("Hello, %b!\n", &whom);
    return OK;
}
