#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""iperf_server.py WHEN HEX | results JSON - a server of iperf3's protocol for one client. When "asked", it answers the cookie with these
bytes and closes; when "measured", it sees the test through and gives them as its results, with the length that they begin with."""
import socket, struct, sys

when, last = sys.argv[1], sys.argv[2].encode()
last = struct.pack(">I", len(last)) + last if when == "results" else bytes.fromhex(sys.argv[2])
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("10.94.0.1", 5201))
listener.listen(4)
print("up", flush=True)
control = listener.accept()[0]
control.settimeout(20)
incoming = control.makefile("rb")
cookie = incoming.read(37)
if when != "asked":
    control.sendall(b"\x09")
    incoming.read(struct.unpack(">I", incoming.read(4))[0])
    control.sendall(b"\x0a")
    stream = listener.accept()[0]
    assert stream.makefile("rb", 37).read(37) == cookie
    control.sendall(b"\x01\x02")
    assert incoming.read(1) == b"\x04"
    control.sendall(b"\x0d")
    incoming.read(struct.unpack(">I", incoming.read(4))[0])
    last += b"\x0e"
control.sendall(last)
control.shutdown(socket.SHUT_WR)
while incoming.read(4096):
    pass
