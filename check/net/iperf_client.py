#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""iperf_client.py ADDRESS - clients of examples/applications/iperf that say something else than iperf3's, one after the other. Behind each
the server has to take a whole test, made by hand here."""
import json, os, socket, struct, sys, time

SERVER = (sys.argv[1], 5201)
DENIED = b"\xff"

def connect(first=b""):
    s = socket.create_connection(SERVER, 10)
    s.settimeout(20)
    s.sendall(first)
    return s

def cookie():
    return os.urandom(18).hex().encode() + b"\0"

def read(s, n):
    got = b""
    while len(got) < n:
        b = s.recv(n - len(got))
        if not b:
            break
        got += b
    return got

def framed(text):
    return struct.pack(">I", len(text)) + text

def params(**more):
    return framed(json.dumps({"tcp": True, "omit": 0, "time": 1, "parallel": 1, "len": 1000, **more}).encode())

def results(text=b'{"streams":[{"id":1,"bytes":3000}]}'):
    return framed(text)

def is_over(s):
    """The server has closed, or reset, the connection."""
    try:
        while s.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True

def control(c=None):
    """A control connection that was let in; the server may still be busy with the last one."""
    for _ in range(200):
        s = connect(c or cookie())
        got = read(s, 1)
        if got == b"\x09":
            return s
        assert got == DENIED, got
        s.close()
        time.sleep(0.1)
    raise AssertionError("the server stays busy")

def joined(num=1, **more):
    c = cookie()
    s = control(c)
    s.sendall(params(parallel=num, **more))
    assert read(s, 1) == b"\x0a"
    streams = [connect(c) for _ in range(num)]
    assert read(s, 2) == b"\x01\x02"
    return s, streams, c

def ended(num=1):
    s, streams, c = joined(num)
    streams[0].sendall(bytes(3000))
    s.sendall(b"\x04")
    assert read(s, 1) == b"\x0d"
    return s, streams

def a_whole_test():
    s, (stream,), c = joined()
    stream.sendall(bytes(3000))
    stream.shutdown(socket.SHUT_WR)
    assert read(stream, 1) == b""           # the server has read all of it, and closed
    s.sendall(b"\x04")
    assert read(s, 1) == b"\x0d"
    s.sendall(results())
    got = json.loads(read(s, struct.unpack(">I", read(s, 4))[0]))
    assert [(t["id"], t["bytes"]) for t in got["streams"]] == [(1, 3000)], got
    assert read(s, 1) == b"\x0e"
    s.sendall(b"\x10")
    assert is_over(s)

# ---- Those that say something else

def one_that_closes_at_once():
    connect().close()

def half_a_cookie_and_the_end():
    connect(b"half").close()

def a_cookie_byte_by_byte():
    s = connect()
    for byte in cookie():
        s.send(bytes([byte]))
        time.sleep(0.01)
    assert read(s, 1) == b"\x09"

def a_length_of_four_gigabytes():
    s = control()
    s.sendall(b"\xff\xff\xff\xff{}")
    assert is_over(s)

def a_length_just_too_large():
    s = control()
    s.sendall(struct.pack(">I", 8193))
    assert is_over(s)

def a_length_of_nothing():
    s = control()
    s.sendall(bytes(4))
    assert is_over(s)

def a_length_that_is_more_than_comes():
    s = control()
    s.sendall(struct.pack(">I", 100) + b'{"tcp":true}')
    s.shutdown(socket.SHUT_WR)
    assert is_over(s)

def a_length_that_is_less_than_comes():
    s = control()
    s.sendall(struct.pack(">I", 5) + b'{"tcp":true}')
    assert is_over(s)

def texts_that_are_no_parameters():
    for text in (b"garbage!", b"[" * 8000, b'{"tcp":true', b'{"tcp":true}}', b'{"tcp"\0:true}', b"\xff" * 100):
        s = control()
        s.sendall(framed(text))
        assert is_over(s), text

def refusal(text, code):
    s = control()
    s.sendall(framed(text))
    got = read(s, 9)
    assert got == b"\xfe" + struct.pack(">II", code, 0), (text, got)
    assert is_over(s)

def parameters_that_we_do_not_have():
    for text in (b"[]", b"17", b'{"tcp":true,"time":-1}', b'{"tcp":true,"len":0}', b'{"tcp":true,"len":"x"}'):
        refusal(text, 114)
    for text in (b'{"udp":true,"len":15}', b'{"udp":true,"len":65508}', b'{"udp":true,"bandwidth":-1}'):
        refusal(text, 114)
    for text in (b"{}", b'{"udp":true,"tcp":true}', b'{"tcp":1}', b'{"tcp":true,"bidirectional":true}'):
        refusal(text, 13)
    for num in (b"0", b"-1", b"17", b"1e1", b"99999999999999999999", b'"1"', b"null", b"[]"):
        refusal(b'{"tcp":true,"parallel":%s}' % num, 6)
    refusal(b'{"tcp":true,"parallel":7,"reverse":true}', 6)
    refusal(b'{"tcp":true,"omit":601}', 12)

def datagrams_joined(**more):
    """The control connection, and a port that has introduced itself."""
    s = control()
    s.sendall(framed(json.dumps({"udp": True, "omit": 0, "time": 1, "parallel": 1, "len": 100, **more}).encode()))
    assert read(s, 1) == b"\x0a"
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    u.settimeout(20)
    u.connect(SERVER)
    u.send(bytes(100))                      # of an earlier test
    u.send(b"9876")
    assert u.recv(100) == b"6789"
    assert read(s, 2) == b"\x01\x02"
    return s, u

def datagrams_counted(s, u):
    """What the server says of them, once it has taken all."""
    time.sleep(0.3)
    s.sendall(b"\x04")
    assert read(s, 1) == b"\x0d"
    s.sendall(results(b'{"streams":[{"id":1,"bytes":3000,"packets":30,"errors":0,"jitter":0}]}'))
    got = json.loads(read(s, struct.unpack(">I", read(s, 4))[0]))["streams"][0]
    assert read(s, 1) == b"\x0e"
    s.sendall(b"\x10")
    assert is_over(s)
    return got["bytes"], got["packets"], got["errors"]

def datagrams_that_are_lost_or_late():
    s, u = datagrams_joined()
    for number in (1, 2, 4, 3, 7, 7):
        u.send(struct.pack(">III", 0, 0, number) + bytes(88))
    assert datagrams_counted(s, u) == (600, 7, 1)       # a second seventh counts as one that was late

def datagrams_with_long_counters():
    s, u = datagrams_joined(udp_counters_64bit=1)
    for number in (1, 1 << 33, (1 << 64) - 1):
        u.send(struct.pack(">IIQ", 0, 0, number) + bytes(84))
    assert datagrams_counted(s, u)[1:] == (1 << 33, (1 << 33) - 2)

def datagrams_that_are_none():
    s, u = datagrams_joined()
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.sendto(struct.pack(">III", 0, 0, 9) + bytes(88), SERVER)
    for n in (0, 1, 11):
        u.send(bytes(n))
    u.send(struct.pack(">III", 0, 0, 1))
    assert datagrams_counted(s, u) == (12, 1, 0)

def no_datagram_introduces_itself():
    s = control()
    s.sendall(framed(b'{"udp":true}'))
    assert read(s, 1) == b"\x0a"
    assert is_over(s)

def datagrams_for_one_who_is_gone():
    s, u = datagrams_joined(reverse=True, bandwidth=10000000)
    assert len(u.recv(200)) == 100
    u.close()
    s.close()

def results_without_datagrams():
    s, u = datagrams_joined()
    s.sendall(b"\x04")
    assert read(s, 1) == b"\x0d"
    s.sendall(results())
    assert is_over(s)

def the_end_where_streams_are_due():
    s = control()
    s.sendall(params(parallel=2))
    assert read(s, 1) == b"\x0a"
    s.close()

def a_stream_with_another_cookie():
    s = control()
    s.sendall(params())
    assert read(s, 1) == b"\x0a"
    other = connect(cookie())
    assert read(other, 1) == DENIED and is_over(other)

def one_stream_more_than_was_said():
    s, streams, c = joined(2)
    more = connect(c)
    assert read(more, 1) == DENIED and is_over(more)
    s.close()

def states_that_are_not_due():
    for state in (0, 1, 2, 12, 13, 99, 255):
        s, streams, c = joined()
        s.sendall(bytes([state]))
        assert is_over(s), state

def results_that_are_none():
    for text in (b"x", b"{}", b"[]", b'{"streams":{}}', b'{"streams":[{}]}', b'{"streams":[{"bytes":-1}]}', b'{"streams":[1]}',
                 b'{"streams":[{"bytes":18446744073709551615},{"bytes":1}]}'):
        s, streams = ended()
        s.sendall(results(text))
        assert is_over(s), text

def the_end_where_results_are_due():
    s, streams = ended()
    s.close()

def streams_that_are_reset():
    s, streams, c = joined(2)
    for t in streams:
        t.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        t.sendall(bytes(5000))
        t.close()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()

def receivers_that_are_reset():
    s, streams, c = joined(2, reverse=True)
    for t in streams:
        assert len(read(t, 5000)) == 5000
        t.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        t.close()
    s.sendall(b"\x04")
    assert read(s, 1) == b"\x0d"
    s.close()

def receivers_that_do_not_read():
    s, streams, c = joined(6, reverse=True)
    s.close()
    for t in streams:
        t.close()

def a_stream_that_stays_open():
    s, streams = ended()
    s.sendall(results())
    assert len(read(s, 4)) == 4
    s.close()
    kept.append(streams)

def the_next_one_while_the_last_is_ending():
    s, streams = ended()
    s.sendall(results())
    read(s, struct.unpack(">I", read(s, 4))[0])
    assert read(s, 1) == b"\x0e"
    other = connect(cookie())
    time.sleep(0.3)                     # a server that does not wait says so meanwhile
    s.sendall(b"\x10")
    assert read(other, 1) == b"\x09"
    other.close()

kept = []
for test in (one_that_closes_at_once, half_a_cookie_and_the_end, a_cookie_byte_by_byte, a_length_of_four_gigabytes, a_length_just_too_large,
             a_length_of_nothing, a_length_that_is_more_than_comes, a_length_that_is_less_than_comes, texts_that_are_no_parameters,
             parameters_that_we_do_not_have, the_end_where_streams_are_due, a_stream_with_another_cookie, one_stream_more_than_was_said,
             states_that_are_not_due, results_that_are_none, the_end_where_results_are_due, streams_that_are_reset,
             receivers_that_are_reset, receivers_that_do_not_read, datagrams_that_are_lost_or_late, datagrams_with_long_counters,
             datagrams_that_are_none, no_datagram_introduces_itself, datagrams_for_one_who_is_gone, results_without_datagrams,
             a_stream_that_stays_open, the_next_one_while_the_last_is_ending):
    try:
        test()
        a_whole_test()
        print("ok", test.__name__)
    except (AssertionError, OSError, ValueError, struct.error) as e:
        print("# %s" % repr(e).replace("\n", " "))
        print("not ok", test.__name__)
print("done")
