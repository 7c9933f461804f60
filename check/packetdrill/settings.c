// SPDX-License-Identifier: ISC
/* settings.c - one file for each setting, in a folder that the test names. */
#include "check/packetdrill/settings.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_file(const char *name, const char *mode)
{
    char path[256];
    const char *folder = getenv("PACKETDRILL_SETTINGS");
    (void)snprintf(path, sizeof path, "%s/%s", folder ? folder : ".", name);
    return fopen(path, mode);
}
void setting_line(const char *of, const char *name, char *line, size_t n)
{
    char file[128];
    *line = 0;
    (void)snprintf(file, sizeof file, "%s%s", of, name);
    FILE *f = open_file(file, "re");
    if (!f)
        return;
    if (!fgets(line, (int)n, f))
        *line = 0;
    line[strcspn(line, "\n")] = 0;
    fclose(f);
}

static uint32_t number(const char *of, const char *name, unsigned which, uint32_t otherwise)
{
    char line[128];
    setting_line(of, name, line, sizeof line);
    char *next = line;
    for (unsigned i = 0;; i++) {
        char *end;
        unsigned long v = strtoul(next, &end, 0);
        if (end == next)
            return otherwise;
        if (i == which)
            return (uint32_t)v;
        next = end;
    }
}
uint32_t setting(const char *name, unsigned which, uint32_t otherwise)
{
    return number("net.ipv4.", name, which, otherwise);
}
uint32_t device_setting(const char *name, uint32_t otherwise)
{
    return number("device.", name, 0, otherwise);
}
bool setting_is(const char *name, const char *value)
{
    char line[128];
    setting_line("net.ipv4.", name, line, sizeof line);
    return strcmp(line, value) == 0;
}
bool device_setting_is(const char *name, const char *value)
{
    char line[128];
    setting_line("device.", name, line, sizeof line);
    return strcmp(line, value) == 0;
}
void setting_count(const char *name)
{
    FILE *f = open_file("nstat", "ae");
    if (!f)
        return;
    fprintf(f, "%-40s1                  0.0\n", name);
    fclose(f);
}
