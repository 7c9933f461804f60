#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""exchanges.py CAPTURE TABLE - the exchanges that the RFCs tell of, one after the other, by raw frames (raw_peer.py) on tap0 with a host of
ours at the other end, on tap1 with one behind a tag. Says how each went. CAPTURE has all frames; a line of TABLE is a name, a tab, and a
filter that tshark has to find a frame of ours by."""
import os, socket, struct, sys, time
from raw_peer import *

# ---- The link, addresses, groups

def an_address_is_probed_and_announced(w):
    w.wait(lambda s: s.is_arp and s.rest[14:18] == V4, 15)

def arp_is_answered_and_asked(w):
    w.arp(1, MINE, PEER4, bytes(6), V4, BROADCAST)
    w.wait(lambda s: s.is_arp and s.rest[6:8] == b"\0\2" and s.rest[14:18] == V4)

def a_duplicate_address_is_defended(w):
    w.icmp6(135, 0, bytes(4) + V6, src=bytes(16), dst=bytes.fromhex("ff0200000000000000000001ff000002"), hops=255, to=b"\x33\x33\xff\0\0\2")
    w.wait(lambda s: s.proto == 58 and s.data[0] == 136 and s.data[8:24] == V6)

def an_address_is_made_of_a_routers_prefix(w):
    prefix = b"\3\4\x40\xc0" + struct.pack(">III", 3600, 1800, 0) + socket.inet_pton(socket.AF_INET6, "fd99:5::")
    resolver = b"\x19\3\0\0" + struct.pack(">I", 3600) + PEER6
    w.icmp6(134, 0, b"\x40\0\x07\x08" + bytes(8) + b"\1\1" + MINE + prefix + resolver, src=LINK6, dst=ALL_NODES, hops=255,
            to=b"\x33\x33\0\0\0\1")
    w.wait(lambda s: s.proto == 58 and s.data[0] == 135 and s.src == bytes(16) and s.data[8:16] == bytes.fromhex("fd99000500000000"), 5)

def groups_of_ipv4_are_reported(w):
    data = b"\x11\x0a\0\0" + bytes(4) + b"\2\x7d\0\0"
    w.ip4(2, data[:2] + struct.pack(">H", checksum(data)) + data[4:], dst=socket.inet_aton("224.0.0.1"), to=b"\1\0\x5e\0\0\1", ttl=1,
          options=b"\x94\4\0\0")
    w.wait(lambda s: s.proto == 2 and s.data[0] == 0x22, 5)

def groups_of_ipv6_are_reported(w):
    w.icmp6(130, 0, struct.pack(">HH", 1000, 0) + bytes(16) + b"\2\x7d\0\0", src=LINK6, dst=ALL_NODES, hops=1, to=b"\x33\x33\0\0\0\1",
            behind=b"\x3a\0\5\2\0\0\1\0")
    w.wait(lambda s: s.proto == 0 and s.data[8] == 143, 5)

# ---- IP, ICMP, UDP

def echo_requests_are_answered(w):
    w.icmp(8, 0, b"\0\2\0\1hello")
    w.wait(lambda s: s.proto == 1 and s.data[0] == 0)
    w.icmp6(128, 0, b"\0\2\0\1hello")
    w.wait(lambda s: s.proto == 58 and s.data[0] == 129)

def datagrams_come_and_go_in_fragments(w):
    data = w.udp_bytes(5000, 7, os.urandom(3000))
    for at in range(0, len(data), 1480):
        w.ip4(17, data[at:at + 1480], ident=7, fragment=at // 8 | (0x2000 if at + 1480 < len(data) else 0))
    w.wait(lambda s: s.proto == 17 and s.more)
    w.wait(lambda s: s.proto == 17 and not s.more)

def datagrams_of_ipv6_come_and_go_in_fragments(w):
    data = w.udp_bytes(5000, 7, os.urandom(3000), True)
    for at in range(0, len(data), 1448):
        w.ip6(44, struct.pack(">BBHI", 17, 0, at | (at + 1448 < len(data)), 7) + data[at:at + 1448])
    for _ in range(3):
        w.wait(lambda s: s.proto == 44)

def ports_that_nobody_has_are_unreachable(w):
    w.ip4(17, w.udp_bytes(5000, 99, b"?"))
    w.wait(lambda s: s.proto == 1 and s.data[:2] == b"\3\3")
    w.ip6(17, w.udp_bytes(5000, 99, b"?", True))
    w.wait(lambda s: s.proto == 58 and s.data[:2] == b"\1\4")

def protocols_that_nobody_has_are_refused(w):
    w.ip4(99, b"what")
    w.wait(lambda s: s.proto == 1 and s.data[:2] == b"\3\2")
    w.ip6(99, b"what")
    w.wait(lambda s: s.proto == 58 and s.data[:2] == b"\4\1")

# ---- TCP: beginnings

def a_handshake_has_options(w):
    c = Tcp(w, 7).open(MSS + SACK_PERMITTED + SCALE + stamps_option())
    time.sleep(0.01)
    c.send(PSH | ACK, b"hello")
    c.text(1)
    c.reset()

def a_closed_port_resets(w):
    c = Tcp(w, 81)
    c.send(SYN)
    assert c.wait().flags == RST | ACK

def both_open_at_once(w):
    asks, c = Tcp(w, 1).open(), Tcp(w, 0, local=4000)
    asks.send(PSH | ACK, b"4000")
    c.port = w.wait(lambda s: s.proto == 6 and s.dport == 4000 and s.flags & SYN).sport
    c.send(SYN, options=MSS)
    c.wait(lambda s: s.flags & SYN and s.flags & ACK)
    c.send(SYN | ACK, seq=1000, options=MSS)
    c.send(PSH | FIN | ACK, b"both at once")
    assert asks.text(1)[0].text == b"both at once"
    asks.reset()

def text_comes_on_a_syn(w):
    first = Tcp(w, 7).open(MSS + b"\x22\2\1\1")
    first.reset()
    cookie = first.syn_ack.options.split(b"\x22\x0a")[1][:8]
    c = Tcp(w, 7)
    c.send(SYN, b"hello", options=MSS + b"\x22\x0a" + cookie + b"\1\1")
    assert c.wait(lambda s: s.flags & SYN).ack == c.seq
    c.send()
    assert c.text(1)[0].text == b"hello"
    c.reset()

def a_flood_of_syns_is_met_by_cookies(w):
    for i in range(6000):
        Tcp(w, 7, local=50000 + i).send(SYN, options=MSS)
    c = Tcp(w, 7, local=49999)
    c.send(SYN, options=MSS)
    c.wait(lambda s: s.flags & SYN)
    w.silence(lambda s: s.proto == 6 and s.dport == c.local, 1.5)       # what is kept in mind would be sent again
    c.send(PSH | ACK, b"hello")
    assert c.text(1)[0].text == b"hello"
    c.reset()

# ---- TCP: loss, congestion, windows

def what_is_out_of_order_is_told_by_sack(w):
    c = Tcp(w, 7).open(MSS + SACK_PERMITTED)
    c.send(PSH | ACK, b"later", seq=c.seq + 5)
    c.wait(lambda s: b"\5\x0a" + struct.pack(">II", c.seq + 5, c.seq + 10) in s.options)
    c.send(PSH | ACK, b"first")
    c.seq += 5
    c.text(1)
    c.reset()

def what_came_twice_is_told_by_sack(w):
    c = Tcp(w, 7).open(MSS + SACK_PERMITTED)
    c.send(PSH | ACK, b"hello")
    c.text(1)
    c.send(PSH | ACK, b"hello", seq=c.seq - 5)
    c.wait(lambda s: b"\5\x0a" + struct.pack(">II", c.seq - 5, c.seq) in s.options)
    c.reset()

def what_is_not_acknowledged_is_sent_again(w):
    c = Tcp(w, 7).open()
    c.send(PSH | ACK, b"hello")
    first = c.text(1, takes=False)[0]
    for _ in range(3):
        assert c.text(1, takes=False)[0].seq == first.seq
    c.reset()

def a_tail_is_asked_for_by_a_probe(w):
    c = Tcp(w, 19, window=3 * 1460).open(MSS + SACK_PERMITTED)
    last = c.text(3)[-1]
    assert c.text(1)[0].seq == last.seq                     # a timeout would send the first again
    c.reset()

def what_sack_shows_to_be_lost_is_sent_at_once(w):
    c = Tcp(w, 19).open(MSS + SACK_PERMITTED)
    sent = c.text(8)
    for i in (4, 5, 6, 7):
        c.send(ack=sent[0].seq, options=sack_option((sent[3].seq, sent[i].seq), (sent[1].seq, sent[2].seq)))
    c.wait(lambda s: s.text and s.seq == sent[0].seq)
    c.wait(lambda s: s.text and s.seq == sent[2].seq)       # a timeout would wait until the first is acknowledged
    c.reset()

def congestion_is_marked_and_answered(w):
    c = Tcp(w, 7).open(flags=SYN | ECE | CWR)
    c.send(PSH | ACK, b"hello", ecn=3)
    c.wait(lambda s: s.flags & ECE)
    c.send(PSH | ACK | CWR, b"heard", ecn=2)
    c.wait(lambda s: s.text.endswith(b"heard") and not s.flags & ECE)
    c.send(ACK | ECE)
    c.send(PSH | ACK, b"less", ecn=2)
    c.wait(lambda s: s.text == b"less" and s.flags & CWR)
    c.reset()

def a_closed_window_is_probed(w):
    c = Tcp(w, 19, window=2920).open()
    c.text(2)
    c.send(window=0)
    c.wait(lambda s: len(s.text) <= 1)
    c.send(window=0)
    c.send(window=2920)
    c.text(1)
    c.reset()

def a_path_says_that_it_takes_less(w):
    c = Tcp(w, 19).open()
    big = c.text(1)[0].frame
    w.icmp(3, 4, struct.pack(">HH", 0, 600) + big[14:42])
    c.wait(lambda s: len(s.text) > 500 and len(s.frame) <= 614)
    c.reset()

def the_next_connection_knows_it(w):
    c = Tcp(w, 19).open()
    c.wait(lambda s: len(s.text) > 500 and len(s.frame) <= 614)
    c.reset()

def a_path_of_ipv6_says_that_it_takes_less(w):
    c = Tcp(w, 19, v6=True).open()
    big = c.text(1)[0].frame
    w.icmp6(2, 0, struct.pack(">I", 1280) + big[14:1214])
    c.wait(lambda s: len(s.text) > 1100 and len(s.frame) <= 1294)
    c.reset()

def the_next_connection_knows_it_and_sends_no_fragments(w):
    c = Tcp(w, 19, v6=True).open()
    c.wait(lambda s: s.text and len(s.frame) <= 1294)
    c.reset()

# ---- TCP: ends, and those who only look like a peer

def one_side_ends_and_the_other_goes_on(w):
    c = Tcp(w, 19).open()
    c.text(1)
    c.send(FIN | ACK)
    c.wait(lambda s: s.text and s.ack == c.seq)
    c.reset()

def both_end_at_once(w):
    asked, c = Tcp(w, 0, local=4001), Tcp(w, 1).open()
    c.send(PSH | ACK, b"4001")
    syn = w.wait(lambda s: s.proto == 6 and s.dport == 4001)
    asked.port = syn.sport
    asked.send(RST | ACK, seq=0, ack=syn.seq + 1)
    end = c.wait(lambda s: s.flags & FIN)
    c.send(FIN | ACK, ack=end.seq + len(end.text))          # their end is not here yet
    c.wait(lambda s: s.flags == ACK and s.ack == c.seq)
    c.send()

def errors_that_others_made_up_are_ignored(w):
    c = Tcp(w, 19, window=1460).open()
    quote = c.text(1)[0].frame[14:42]
    for code in (1, 2, 3):
        w.icmp(3, code, bytes(4) + quote)                   # a connection that stands is not ended by them
    w.icmp(3, 4, struct.pack(">HH", 0, 300) + quote[:24] + struct.pack(">I", c.ack + 5000))
    c.send()
    assert len(c.text(1)[0].text) == 1460                   # nor does a path of octets that were never sent count
    c.reset()

def a_peer_that_is_silent_is_asked(w):
    c = Tcp(w, 9).open()
    asked = c.wait(lambda s: s.flags == ACK and s.seq == c.ack - 1 and not s.text, 5)
    assert asked.ack == c.seq
    c.send()
    c.reset()

def a_question_whether_we_are_there_is_answered(w):
    c = Tcp(w, 7).open()
    c.send(PSH | ACK, b"hello")
    c.text(1)
    c.send()
    c.send(seq=c.seq - 1)
    c.wait(lambda s: s.flags == ACK and s.ack == c.seq)
    c.reset()

def resets_and_syns_that_do_not_fit_are_challenged(w):
    c = Tcp(w, 7).open()
    c.send(SYN, seq=c.seq)
    c.wait(lambda s: s.flags == ACK and s.ack == c.seq)
    time.sleep(0.6)                                         # a challenge in half a second
    c.send(RST, seq=c.seq + 100)
    c.wait(lambda s: s.flags == ACK and s.ack == c.seq)
    c.send(PSH | ACK, b"alive")
    c.text(1)
    c.reset()
    c.send(PSH | ACK, b"gone")
    c.wait(lambda s: s.flags & RST)

def old_timestamps_are_refused(w):
    c = Tcp(w, 7).open(MSS + stamps_option())
    c.send(PSH | ACK, b"old", seq=c.seq, options=stamps_option(5, c.stamps))
    assert not c.wait(lambda s: s.flags & ACK and s.ack == c.seq).text
    c.reset()

def frames_have_a_tag(w):
    w.icmp(8, 0, b"\0\3\0\1hello")
    w.wait(lambda s: s.tag == 7 and s.proto == 1 and s.data[0] == 0)

EXCHANGES = (                   # where it stands; the exchange; what shows in a frame of ours. PORT: the one that the exchange had last
    ("rfc5227", an_address_is_probed_and_announced, "arp.isprobe", "arp.isannouncement"),
    ("rfc826", arp_is_answered_and_asked, "arp.opcode == 2 && arp.src.proto_ipv4 == 10.88.5.2"),
    ("rfc792", echo_requests_are_answered, "icmp.type == 0", "icmpv6.type == 129", "arp.opcode == 1 && arp.dst.proto_ipv4 == 10.88.5.1",
     "icmpv6.nd.ns.target_address == fd88:5::1"),
    ("rfc4862", a_duplicate_address_is_defended, "icmpv6.type == 135 && ipv6.src == :: && icmpv6.nd.ns.target_address == fd88:5::2",
     "icmpv6.type == 136 && ipv6.dst == ff02::1"),
    ("rfc4862", an_address_is_made_of_a_routers_prefix, "icmpv6.type == 133",
     "ipv6.src == :: && icmpv6.nd.ns.target_address == fd99:5::/64"),
    ("rfc3376", groups_of_ipv4_are_reported, "igmp.type == 0x22 && igmp.maddr == 239.1.2.3 && ip.dst == 224.0.0.22"),
    ("rfc3810", groups_of_ipv6_are_reported, "icmpv6.type == 143 && icmpv6.mldr.mar.multicast_address == ff15::7"),
    ("rfc791", datagrams_come_and_go_in_fragments, "ip.flags.mf == 1", "ip.frag_offset > 0"),
    ("rfc8200", datagrams_of_ipv6_come_and_go_in_fragments, "ipv6.fraghdr.more == 1", "ipv6.fraghdr.offset > 0"),
    ("rfc1122", ports_that_nobody_has_are_unreachable, "icmp.type == 3 && icmp.code == 3", "icmpv6.type == 1 && icmpv6.code == 4"),
    ("rfc4443", protocols_that_nobody_has_are_refused, "icmp.type == 3 && icmp.code == 2", "icmpv6.type == 4 && icmpv6.code == 1"),
    ("rfc7323", a_handshake_has_options, "tcp.port == PORT && tcp.options.wscale && tcp.options.sack_perm && tcp.options.timestamp.tsval",
     "tcp.port == PORT && tcp.len == 5 && tcp.options.timestamp.tsecr > 100000"),
    ("rfc9293", a_closed_port_resets, "tcp.port == PORT && tcp.flags.reset == 1"),
    ("rfc9293", both_open_at_once, "tcp.dstport == 4000 && tcp.flags == 0x002 || tcp.dstport == 4000 && tcp.flags == 0x0c2",
     "tcp.dstport == 4000 && tcp.flags.syn == 1 && tcp.flags.ack == 1"),
    ("rfc7413", text_comes_on_a_syn, "tcp.options.tfo.cookie && tcp.flags.ack == 1",
     "tcp.port == PORT && tcp.flags.syn == 1 && tcp.ack == 6"),
    ("rfc2018", what_is_out_of_order_is_told_by_sack, "tcp.port == PORT && tcp.options.sack_le"),
    ("rfc2883", what_came_twice_is_told_by_sack, "tcp.port == PORT && tcp.options.sack.dsack"),
    ("rfc6298", what_is_not_acknowledged_is_sent_again, "tcp.port == PORT && tcp.analysis.rto"),
    ("rfc8985", a_tail_is_asked_for_by_a_probe, "tcp.port == PORT && tcp.analysis.retransmission && tcp.seq == 2921"),
    ("rfc6675", what_sack_shows_to_be_lost_is_sent_at_once,
     "tcp.port == PORT && tcp.seq == 2921 && (tcp.analysis.retransmission || tcp.analysis.out_of_order)"),
    ("rfc3168", congestion_is_marked_and_answered, "tcp.port == PORT && tcp.flags.syn == 1 && tcp.flags.ece == 1 && tcp.flags.cwr == 0",
     "tcp.port == PORT && tcp.flags.syn == 0 && tcp.flags.ece == 1", "tcp.port == PORT && tcp.flags.cwr == 1 && ip.dsfield.ecn == 2"),
    ("rfc9293", a_closed_window_is_probed, "tcp.port == PORT && tcp.analysis.zero_window_probe"),
    ("rfc5927", errors_that_others_made_up_are_ignored, "tcp.port == PORT && tcp.len == 1460 && tcp.seq == 1461"),
    ("rfc1191", a_path_says_that_it_takes_less, "tcp.port == PORT && ip.len <= 600 && tcp.len > 500 && ip.flags.df == 1"),
    ("rfc1191", the_next_connection_knows_it, "tcp.port == PORT && ip.len <= 600 && tcp.len > 500 && ip.flags.df == 1"),
    ("rfc8201", a_path_of_ipv6_says_that_it_takes_less, "tcp.port == PORT && ipv6.plen <= 1240 && tcp.len > 1100"),
    ("rfc8900", the_next_connection_knows_it_and_sends_no_fragments, "tcp.port == PORT && tcp.len > 1100 && ipv6.plen <= 1240"),
    ("rfc9293", one_side_ends_and_the_other_goes_on, "tcp.port == PORT && tcp.len > 0 && tcp.ack == 2"),
    ("rfc9293", both_end_at_once, "tcp.port == PORT && tcp.flags.fin == 1", "tcp.port == PORT && tcp.flags == 0x010 && tcp.ack == 6"),
    ("rfc9293", a_peer_that_is_silent_is_asked, "tcp.port == PORT && tcp.analysis.keep_alive"),
    ("rfc9293", a_question_whether_we_are_there_is_answered, "tcp.port == PORT && tcp.analysis.keep_alive_ack"),
    ("rfc5961", resets_and_syns_that_do_not_fit_are_challenged, "tcp.port == PORT && tcp.flags == 0x010 && tcp.ack_raw == 1001"),
    ("rfc7323", old_timestamps_are_refused, "tcp.port == PORT && tcp.flags == 0x010 && tcp.ack == 1"),
    ("rfc4987", a_flood_of_syns_is_met_by_cookies, "tcp.dstport == 49999 && tcp.len == 5"),
    ("ieee802_1q", frames_have_a_tag, "vlan.id == 7 && icmp.type == 0"),
)

def attempt(exchange, w):
    """Why it failed; None: it has not. The timers of the host go on where this process has to wait for its turn, so there is a second."""
    for _ in range(2):
        try:
            exchange(w)
            return None
        except (AssertionError, IndexError) as e:
            failure = e
    return failure

with open(sys.argv[1], "wb") as capture, open(sys.argv[2], "w") as table:
    capture.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    plain, tagged = Wire("tap0", capture), Wire("tap1", capture)
    tagged.tag = b"\x81\0\0\7"
    print("up", flush=True)
    for standard, exchange, *filters in EXCHANGES:
        name = "%s_%s" % (standard, exchange.__name__)
        failure = attempt(exchange, tagged if exchange == frames_have_a_tag else plain)
        print("# %r\nnot ok %s" % (failure, name) if failure else "ok " + name, flush=True)
        table.writelines("%s_%d\t%s\n" % (name, i, f.replace("PORT", str(Tcp.ports))) for i, f in enumerate(filters, 1))
