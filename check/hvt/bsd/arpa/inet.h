// SPDX-License-Identifier: ISC
/* arpa/inet.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_ARPA_INET_H
#define BSD_ARPA_INET_H
#include <stdint.h>
uint16_t htons(uint16_t);
uint32_t htonl(uint32_t);
#endif
