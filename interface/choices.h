// SPDX-License-Identifier: ISC
/* choices.h - what an application may choose for a TCP connection. All zero is what is usual: everything is sent at once, the handshake
 * offers all there is, silence is borne for ever. */
#ifndef INTERFACE_CHOICES_H
#define INTERFACE_CHOICES_H
#include <stdbool.h>
#include <stdint.h>

struct tcp_choices {
    bool nagle;                     /* what does not fill a segment waits while another one that did not is in flight (RFC 9293 section
                                     * 3.7.4, as Minshall improved it) */
    bool cork;                      /* it waits for more in any case, for a retransmission timeout at most; the end of all never waits */
    bool auto_buffers;              /* buffers begin small, and grow with what is read and sent, as far as the stack has memory; not the
                                     * send queue where its budget is chosen */
    /* Of the handshake, hence chosen before it. mss_bytes: the most text of a segment, both ways, where the link takes more; at
     * least 88; 0: what the link takes. The options are those of RFC 7323 and RFC 2018. */
    bool no_timestamps, no_sack, no_window_scaling;
    uint16_t mss_bytes;
    uint32_t keepalive_idle_s;      /* after so much silence the peer is asked, then every 75 s; the ninth question without an answer ends
                                     * the connection. 0: it is not asked */
    uint32_t user_timeout_ms;       /* so long may text that was sent wait for its acknowledgment, the probe of a closed window too (RFC
                                     * 5482, without its option); 0: as RFC 9293 section 3.8.3 wants */
    uint32_t send_budget_bytes;     /* of copied bytes that are not acknowledged; 0, or more than the stack's: the stack's */
    uint32_t unsent_mark_bytes;     /* there is room only while fewer bytes than that wait to be sent; 0: in any case */
};

#endif
