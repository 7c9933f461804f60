// SPDX-License-Identifier: ISC
/* settings.h - what a script set by sysctl (host/sysctl keeps it). */
#ifndef CHECK_PACKETDRILL_SETTINGS_H
#define CHECK_PACKETDRILL_SETTINGS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The which-th number of net.ipv4.NAME, or `otherwise`. */
uint32_t setting(const char *name, unsigned which, uint32_t otherwise);
void setting_line(const char *of, const char *name, char *line, size_t n);      /* empty: it was not set */
/* One more of what nstat counts (host/nstat). */
void setting_count(const char *name);
bool setting_is(const char *name, const char *value);
uint32_t device_setting(const char *name, uint32_t otherwise);
bool device_setting_is(const char *name, const char *value);    /* by ethtool, tc, or the test */

#endif
