# SPDX-License-Identifier: ISC
# machine.py FAULT QEMU ARGUMENT... - runs a service as a virtual machine whose network device fails under it, and prints what it says. FD in
# an argument is the number of a stream socket. Faults:
#   none        nothing fails
#   unread      nobody reads, so that the device completes nothing; then all is read
#   gone        the other end closes
#   noise       the other end sends frames, and then some of every length
#   cable       the link goes down, and up again
#   taken       what the device sends to and hears from is taken away
#   broken      the device finds a queue that cannot be: it wants to be reset, and completes nothing any more
#   lies        the device says that it has completed what it does not have
# Each waits for what the service says in health. Ends it by the power button and prints "status N", as QEMU has it.
import atexit, json, socket, subprocess, sys, tempfile, time
from guest import Guest

fault, command = sys.argv[1], sys.argv[2:]
folder = tempfile.TemporaryDirectory()
net, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
net.setblocking(False)
other.setblocking(False)
command = [word.replace("FD", str(net.fileno())) for word in command]
for option in "qmp", "gdb":
    command += ["-" + option, "unix:%s/%s,server=on,wait=off" % (folder.name, option)]
guest = Guest(command, 20, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=[net.fileno()])
wait_for, forget = guest.wait_for, guest.forget
atexit.register(guest.kill)         # whatever happens here
net.close()

def talk(name):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    s.connect("%s/%s" % (folder.name, name))
    return s

class Monitor:
    def __init__(self):
        self.file = talk("qmp").makefile("rw")
        self.file.readline()
        self("qmp_capabilities")

    def __call__(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        try:
            while True:
                answer = json.loads(self.file.readline())
                if "return" in answer or "error" in answer:
                    return answer.get("return")
        except (OSError, ValueError):       # it has ended
            return None

def write_memory(address, data):
    """Of the machine, as a debugger does it; says whether it could."""
    monitor("stop")
    s = talk("gdb")
    text = b"M%x,%x:%s" % (address, len(data), data.hex().encode())
    s.sendall(b"$%s#%02x" % (text, sum(text) & 0xff))
    got = b""
    while b"$OK#" not in got and b"$E" not in got:
        got += s.recv(4096)
    s.sendall(b"+$D#44")
    s.close()
    monitor("cont")
    return b"$OK#" in got

def read_all():
    try:
        while other.recv(65536):
            pass
    except OSError:
        pass

def frame(n):
    try:
        other.send(n.to_bytes(4, "big") + b"x" * n)
    except OSError:
        pass

def places(queue):
    """Where the parts of a queue lie."""
    path = [d["path"] for d in monitor("x-query-virtio") if d["name"] == "virtio-net"][0]
    return monitor("x-query-virtio-queue-status", path=path, queue=queue)

def go_on(seconds):
    until = time.time() + seconds
    while time.time() < until and guest.poll() is None:
        read_all()
        wait_for(b"no such words", 0.02)

wait_for(b"all frames are taken")
monitor = Monitor()
if fault == "unread":
    wait_for(b"the device is full")
    forget()
    until = time.time() + 20
    while time.time() < until and not wait_for(b"all frames are taken", 0.05):
        read_all()
elif fault == "gone":
    other.close()
    wait_for(b"no such words", 0.5)
elif fault == "noise":
    for n in [60] * 20 + list(range(1, 80)) + [1514, 1515, 2048, 2049, 4000, 65535]:
        frame(n)
        go_on(0.01)
elif fault == "cable":
    monitor("set_link", name="n", up=False)
    frame(60)
    go_on(0.3)
    forget()
    monitor("set_link", name="n", up=True)
    until = time.time() + 20
    while time.time() < until and not wait_for(b"the first frame has come", 0.05):
        frame(60)
        read_all()
elif fault == "taken":
    monitor("netdev_del", id="n")
    wait_for(b"no such words", 0.5)
elif fault == "broken":         # by buffers of no bytes for what it receives next
    write_memory(places(0)["vring-desc"], bytes(256)) or print("memory cannot be written")
    frame(60)
    go_on(20)
elif fault == "lies":           # behind the flags of what it has received
    write_memory(places(0)["vring-used"] + 2, b"\xff\x7f") or print("memory cannot be written")
    go_on(20)
else:
    go_on(0.2)
if guest.poll() is None:
    monitor("system_powerdown")
    go_on(10)
if guest.poll() is None:
    guest.kill()
    print("it does not end")
guest.wait()
wait_for(b"no such words", 0)
forget()
print("status %d" % guest.returncode)
