// SPDX-License-Identifier: ISC
/* settings.h - what a script set by sysctl (host/sysctl keeps it). */
#ifndef CHECK_PACKETDRILL_SETTINGS_H
#define CHECK_PACKETDRILL_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>

/* The which-th number of net.ipv4.NAME, or `otherwise`. */
uint32_t setting(const char *name, unsigned which, uint32_t otherwise);
bool setting_is(const char *name, const char *value);
uint32_t device_setting(const char *name, uint32_t otherwise);
bool device_setting_is(const char *name, const char *value);    /* by ethtool, tc, or the test */

#endif
