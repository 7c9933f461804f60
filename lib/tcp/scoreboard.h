// SPDX-License-Identifier: ISC
/* scoreboard.h - what the sender knows of the octets in flight (RFC 6675 section 3): ranges of sequence space, one
 * behind the other from SND.UNA on. What lies behind the last one was sent once, and nothing was heard of it; so the
 * scoreboard of a connection that loses nothing is empty.
 *
 * The memory of the ranges is the owner's. A mark for which there is no room is not made: a segment that is not known
 * to have arrived is sent again in the end, one that is not known to be lost is found by the timer. */
#ifndef LIB_TCP_SCOREBOARD_H
#define LIB_TCP_SCOREBOARD_H
#include "base/attr.h"
#include "base/span.h"
#include "lib/tcp/seq.h"

enum tcp_range_kind { TCP_RANGE_SENT, TCP_RANGE_SACKED, TCP_RANGE_LOST /* send it again */, TCP_RANGE_RESENT };
struct tcp_range {
    uint32_t end;
    uint32_t four_ticks : 30, kind : 2;     /* when it was sent again; else 0 */
};
struct tcp_scoreboard {
    SLICE(struct tcp_range) range;
    uint32_t num, una;              /* una: where the first one starts; set while num > 0 */
    uint32_t sacked, lost;          /* octets of these kinds */
};
struct tcp_piece {                  /* of sequence space, all of one kind */
    uint32_t start, end, at;
    uint8_t kind;
};
#define TCP_RESENT_AT_BITS 3u       /* these bits of a time count as set: time is in units of four ticks, rounded up */

/* Changes [left, right) to a kind if there is room for that; una is where the scoreboard begins, una <= left < right. */
bool tcp_scoreboard_has_room(const struct tcp_scoreboard *b, uint32_t left, uint32_t right);
void tcp_scoreboard_mark(struct tcp_scoreboard *b, uint32_t una, uint32_t left, uint32_t right, enum tcp_range_kind kind,
                         uint32_t at);
/* Forgets what lies before una. */
void tcp_scoreboard_acked(struct tcp_scoreboard *b, uint32_t una);
/* Everything up to max that was not SACKed is lost, and that too where the peer has taken it back: the oldest octet is
 * never SACKed (RFC 2018 section 8). */
void tcp_scoreboard_lose(struct tcp_scoreboard *b, uint32_t una, uint32_t max);
void tcp_scoreboard_unlose(struct tcp_scoreboard *b);       /* what is lost was only late */
void tcp_scoreboard_clear(struct tcp_scoreboard *b);
/* The piece from seq on, up to max at most; una <= seq < max. */
struct tcp_piece tcp_scoreboard_at(const struct tcp_scoreboard *b, uint32_t seq, uint32_t max);
/* The first piece that is to be sent again; false: none. */
MUST_CHECK bool tcp_scoreboard_first_lost(const struct tcp_scoreboard *b, struct tcp_piece *lost);
/* Behind the last octet that was selectively acknowledged; una: none. */
uint32_t tcp_scoreboard_highest_sacked(const struct tcp_scoreboard *b, uint32_t una);

#endif
