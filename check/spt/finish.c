// SPDX-License-Identifier: ISC
/* finish.c - the finisher alone: finish LINKED IMAGE DEBUG. */
#include "cli/image.h"
#include <stdio.h>
#include <stdlib.h>

void panic(const char *file, int line, const char *what)
{
    (void)fprintf(stderr, "finish: %s:%d: %s\n", file, line, what);
    abort();
}

int main(int argc, char **argv)
{
    struct image_message why;
    if (argc != 4) {
        (void)fputs("usage: finish LINKED IMAGE DEBUG\n", stderr);
        return 1;
    }
    if (image_finish(argv[1], argv[2], argv[3], &why) == OK)
        return 0;
    (void)fprintf(stderr, "finish: %s: %s\n", argv[1], why.text);
    return 1;
}
