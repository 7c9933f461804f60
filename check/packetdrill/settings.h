// SPDX-License-Identifier: ISC
/* settings.h - what a script set by sysctl (host/sysctl keeps it). */
#ifndef CHECK_PACKETDRILL_SETTINGS_H
#define CHECK_PACKETDRILL_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>

/* The which-th number of net.ipv4.NAME, or `otherwise`. */
uint32_t setting(const char *name, unsigned which, uint32_t otherwise);
bool setting_is(const char *name, const char *value);

#endif
