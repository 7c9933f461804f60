// SPDX-License-Identifier: ISC
/* pack.c - a corpus in one text file: an input a line, printable characters as they are, the others as \xx.
 *
 *     pack FOLDER >FILE        the files of the folder, shortest first
 *     pack -x FILE FOLDER      a file for each line */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
    size_t n;
    unsigned char *byte;
};
static struct input inputs[100000];
static size_t num_inputs;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}
static void read_file(const char *folder, const char *name)
{
    char path[4096];
    static unsigned char bytes[1 << 16];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f || num_inputs == sizeof inputs / sizeof *inputs)
        fail(path);
    struct input *in = &inputs[num_inputs++];
    in->n = fread(bytes, 1, sizeof bytes, f);
    in->byte = malloc(in->n + 1);
    if (!in->byte)
        fail("malloc");
    memcpy(in->byte, bytes, in->n);
    fclose(f);
}
static int order(const void *a, const void *b)
{
    const struct input *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->n ? memcmp(x->byte, y->byte, x->n) : 0;
}
static void print(const struct input *in)
{
    for (size_t i = 0; i < in->n; i++) {
        unsigned char c = in->byte[i];
        if (c >= ' ' && c < 0x7f && c != '\\')
            putchar(c);
        else
            printf("\\%02x", (unsigned)c);
    }
    putchar('\n');
}
static int pack(const char *folder)
{
    DIR *d = opendir(folder);
    if (!d)
        fail(folder);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.')
            read_file(folder, e->d_name);
    closedir(d);
    qsort(inputs, num_inputs, sizeof *inputs, order);
    for (size_t i = 0; i < num_inputs; i++)
        print(&inputs[i]);
    return 0;
}
static int hex(int c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c > 0 ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}
/* One line into a file of its own; false: no more lines. */
static bool unpack_line(FILE *in, const char *path)
{
    int c = getc(in);
    if (c == EOF)
        return false;
    FILE *out = fopen(path, "wb");
    if (!out)
        fail(path);
    for (; c != '\n' && c != EOF; c = getc(in)) {
        if (c == '\\') {
            int high = hex(getc(in)), low = hex(getc(in));
            if (high < 0 || low < 0) {
                fprintf(stderr, "pack: a backslash without two digits, for %s\n", path);
                exit(1);
            }
            c = high << 4 | low;
        }
        putc(c, out);
    }
    fclose(out);
    return true;
}
static int unpack(const char *file, const char *folder)
{
    char path[4096];
    FILE *in = fopen(file, "r");
    if (!in)
        fail(file);
    for (unsigned i = 0; snprintf(path, sizeof path, "%s/%04u", folder, i), unpack_line(in, path); i++)
        ;
    fclose(in);
    return 0;
}
int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "-x") == 0)
        return unpack(argv[2], argv[3]);
    if (argc == 2)
        return pack(argv[1]);
    fprintf(stderr, "pack FOLDER >FILE | pack -x FILE FOLDER\n");
    return 2;
}
