# SPDX-License-Identifier: ISC
"""raw_peer.py - a peer of a host of ours, made of raw frames: Ethernet, ARP, IPv4, IPv6, ICMP, UDP and TCP as they are told to be. What
both say is written to a capture, in the order in which it was said."""
import select, socket, struct, time

OURS, MINE = bytes.fromhex("020000000005"), bytes.fromhex("020000000099")
BROADCAST = b"\xff" * 6
V4, PEER4 = socket.inet_aton("10.88.5.2"), socket.inet_aton("10.88.5.1")
V6, PEER6 = (socket.inet_pton(socket.AF_INET6, a) for a in ("fd88:5::2", "fd88:5::1"))
LINK6 = socket.inet_pton(socket.AF_INET6, "fe80::99")
ALL_NODES = socket.inet_pton(socket.AF_INET6, "ff02::1")
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128
MSS, SACK_PERMITTED, SCALE, STAMPS = b"\2\4\5\xb4", b"\4\2\1\1", b"\3\3\7\1", b"\1\1\x08\x0a"
START = time.monotonic()
SOL_PACKET, PACKET_AUXDATA, VLAN_VALID, SO_RCVBUFFORCE = 263, 8, 0x10, 33

def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff

class Seen:
    """A frame of theirs, as far as it is looked at here."""
    def __init__(self, frame):
        self.frame, self.proto, self.data = frame, None, b""
        self.tag = struct.unpack(">H", frame[14:16])[0] & 0xfff if frame[12:14] == b"\x81\0" else 0
        kind, rest = (frame[16:18], frame[18:]) if self.tag else (frame[12:14], frame[14:])
        self.is_arp, self.rest = kind == b"\x08\x06", rest
        if kind == b"\x08\0":
            head, self.proto, self.src, self.dst = (rest[0] & 15) * 4, rest[9], rest[12:16], rest[16:20]
            self.more, self.ecn = rest[6] & 0x20 != 0, rest[1] & 3
            self.data = rest[head:struct.unpack(">H", rest[2:4])[0]]
        elif kind == b"\x86\xdd":
            self.proto, self.src, self.dst = rest[6], rest[8:24], rest[24:40]
            self.ecn, self.data = rest[1] >> 4 & 3, rest[40:40 + struct.unpack(">H", rest[4:6])[0]]
        if self.proto == 6:
            self.sport, self.dport, self.seq, self.ack, offset, self.flags, self.window = struct.unpack(">HHIIBBH", self.data[:16])
            self.options, self.text = self.data[20:(offset >> 4) * 4], self.data[(offset >> 4) * 4:]

class Wire:
    def __init__(self, device, capture):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.socket.bind((device, 3))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self.capture, self.tag = capture, b""

    def note(self, frame):
        now = time.time()
        self.capture.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(frame), len(frame)) + frame)

    def send(self, kind, rest, to=OURS):
        frame = to + MINE + self.tag + kind + rest
        frame += b"\0" * (60 - len(frame))
        self.note(frame)
        self.socket.send(frame)

    def wait(self, what, seconds=3):
        """The next frame of theirs for which `what` holds; none: the exchange has failed."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.socket], [], [], left)[0]:
                break
            frame, beside, _, _ = self.socket.recvmsg(65536, 64)
            if frame[6:12] != OURS:
                continue
            status, tag = struct.unpack("IIIHHH", beside[0][2][:18])[0::5]
            if status & VLAN_VALID:                         # the kernel has taken it off
                frame = frame[:12] + struct.pack(">HH", 0x8100, tag) + frame[12:]
            self.note(frame)
            seen = Seen(frame)
            self.answer(seen)
            if what(seen):
                return seen
        raise AssertionError("nothing came")

    def silence(self, what, seconds):
        try:
            self.wait(what, seconds)
        except AssertionError:
            return
        raise AssertionError("something came")

    def answer(self, seen):
        """Whoever asks for this peer's addresses is told."""
        if seen.is_arp and seen.rest[6:8] == b"\0\1" and seen.rest[24:28] == PEER4:
            self.arp(2, MINE, PEER4, OURS, seen.rest[14:18])
        if seen.proto == 58 and seen.data[0] == 135 and seen.data[8:24] in (PEER6, LINK6):
            if seen.src != bytes(16):
                self.icmp6(136, 0, b"\x60\0\0\0" + seen.data[8:24] + b"\2\1" + MINE, src=seen.data[8:24], dst=seen.src, hops=255)

    def arp(self, op, mac, ip, to_mac, to_ip, to=OURS):
        self.send(b"\x08\x06", struct.pack(">HHBBH", 1, 0x800, 6, 4, op) + mac + ip + to_mac + to_ip, to)

    def ip4(self, proto, data, dst=V4, to=OURS, ident=1, fragment=0, ecn=0, ttl=64, options=b""):
        head = struct.pack(">BBHHHBBH", 0x45 + len(options) // 4, ecn, 20 + len(options) + len(data), ident, fragment, ttl, proto, 0)
        head += PEER4 + dst + options
        self.send(b"\x08\0", head[:10] + struct.pack(">H", checksum(head)) + head[12:] + data, to)

    def ip6(self, proto, data, src=PEER6, dst=V6, to=OURS, hops=64, ecn=0):
        self.send(b"\x86\xdd", struct.pack(">IHBB", 6 << 28 | ecn << 20, len(data), proto, hops) + src + dst + data, to)

    def icmp(self, kind, code, rest, **more):
        data = bytes([kind, code, 0, 0]) + rest
        self.ip4(1, data[:2] + struct.pack(">H", checksum(data)) + data[4:], **more)

    def icmp6(self, kind, code, rest, src=PEER6, dst=V6, behind=b"", **more):
        data = bytes([kind, code, 0, 0]) + rest
        total = checksum(src + dst + struct.pack(">II", len(data), 58) + data)
        self.ip6(0 if behind else 58, behind + data[:2] + struct.pack(">H", total) + data[4:], src=src, dst=dst, **more)

    def udp_bytes(self, sport, dport, text, v6=False):
        data = struct.pack(">HHHH", sport, dport, 8 + len(text), 0) + text
        pseudo = PEER6 + V6 + struct.pack(">II", len(data), 17) if v6 else PEER4 + V4 + struct.pack(">HH", 17, len(data))
        return data[:6] + struct.pack(">H", checksum(pseudo + data) or 0xffff) + data[8:]

class Tcp:
    """One connection, which sends what it is told to and keeps count; nothing is answered by itself."""
    ports = 40000
    def __init__(self, wire, port, v6=False, window=65535, local=0):
        Tcp.ports += 1
        self.wire, self.port, self.v6, self.window = wire, port, v6, window
        self.local, self.seq, self.ack = local or Tcp.ports, 1000, 0
        self.stamps = None

    def send(self, flags=ACK, text=b"", options=b"", ecn=0, **other):
        seq, ack = other.get("seq", self.seq), other.get("ack", self.ack)
        if self.stamps is not None and not options:
            options = stamps_option(self.stamp(), self.stamps)
        head = struct.pack(">HHIIBBHHH", self.local, self.port, seq & 0xffffffff, ack & 0xffffffff, (20 + len(options)) // 4 << 4, flags,
                           other.get("window", self.window), 0, 0)
        data = head + options + text
        pseudo = PEER6 + V6 + struct.pack(">II", len(data), 6) if self.v6 else PEER4 + V4 + struct.pack(">HH", 6, len(data))
        data = data[:16] + struct.pack(">H", checksum(pseudo + data)) + data[18:]
        (self.wire.ip6 if self.v6 else self.wire.ip4)(6, data, ecn=ecn)
        if "seq" not in other:
            self.seq += len(text) + (flags & SYN != 0) + (flags & FIN != 0)

    def stamp(self):
        return int((time.monotonic() - START) * 1000) + 100000

    def wait(self, what=lambda s: True, seconds=3, takes=True):
        got = self.wire.wait(lambda s: s.proto == 6 and s.dport == self.local and s.sport == self.port and what(s), seconds)
        if takes and (got.text or got.flags & (SYN | FIN)) and not got.flags & RST:
            self.ack = got.seq + len(got.text) + (got.flags & SYN != 0) + (got.flags & FIN != 0)
        return got

    def text(self, num, **more):
        """So many segments with text; acknowledged is none of them."""
        return [self.wait(lambda s: s.text, **more) for _ in range(num)]

    def open(self, options=MSS, flags=SYN, **more):
        self.send(flags, options=options, **more)
        got = self.syn_ack = self.wait(lambda s: s.flags & SYN)
        assert got.flags & ACK and got.ack == self.seq, got.flags
        if STAMPS in options:
            self.stamps = struct.unpack(">I", got.options.split(STAMPS[2:])[1][:4])[0]
        self.send()
        return self

    def reset(self):
        self.send(RST)

def stamps_option(value=100000, echo=0):
    return STAMPS + struct.pack(">II", value, echo)

def sack_option(*blocks):
    """Of (left, right), each."""
    return b"\1\1\5" + bytes([2 + 8 * len(blocks)]) + b"".join(struct.pack(">II", *b) for b in blocks)
