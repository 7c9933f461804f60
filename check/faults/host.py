# SPDX-License-Identifier: ISC
# host.py FAULT COMMAND... - runs a service on a host that fails while it runs, and prints what it says. In COMMAND, DISK is a disk and
# NET is a network. Faults of disks:
#   none        nothing fails
#   shorter     the file loses its second half, and gets it back
#   sealed      nothing can be written any more (a memory file that is sealed)
#   limit       files may not grow beyond half of the disk (RLIMIT_FSIZE)
#   space       the file system is full (DISK lies on a small one, which is the caller's)
#   io          the device below the file system fails (DISK is a loop device of the caller's, whose file loses its second half)
# Faults of networks, which are socket pairs:
#   unread      nobody reads, and then all is read
#   gone        the other end closes
#   noise       the other end sends frames, and then some of every length: empty, too short, too long
# Each fault waits for what the service says in health. Ends it by SIGTERM and prints "status N", and for networks "idle" where it
# did not spin.
import os, resource, signal, socket, subprocess, sys, time
from guest import Guest

fault, command = sys.argv[1], sys.argv[2:]
BYTES = 4 * 1024 * 1024
disk = os.environ.get("DISK")
net = other = None
keep = []

if fault == "sealed":
    memory = os.memfd_create("disk", os.MFD_ALLOW_SEALING)
    os.ftruncate(memory, BYTES)
    keep.append(memory)
    disk = "/proc/self/fd/%d" % memory
if any("NET" in word for word in command):
    kind = socket.SOCK_STREAM if os.environ.get("KIND") == "stream" else socket.SOCK_SEQPACKET
    net, other = socket.socketpair(socket.AF_UNIX, kind)
    keep.append(net.fileno())
    other.setblocking(False)
    net.setblocking(False)
command = [w.replace("DISK", disk or "").replace("NET", "@%d" % net.fileno() if net else "") for w in command]

def limit():
    if fault == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES // 2, BYTES // 2))

guest = Guest(command, 10, stderr=subprocess.STDOUT, pass_fds=keep, preexec_fn=limit)
wait_for, forget = guest.wait_for, guest.forget
if net and fault == "gone":
    net.close()

def ticks():        # of the service and its children
    total, todo = 0, [guest.pid]
    while todo:
        pid = todo.pop()
        try:
            fields = open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
            todo += map(int, open("/proc/%d/task/%d/children" % (pid, pid)).read().split())
        except OSError:
            pass
    return total

HEALTH = b"8 right, 0 wrong, 0 failed"
if fault == "shorter":
    wait_for(HEALTH)
    forget()
    whole = open(disk, "rb").read()
    os.truncate(disk, BYTES // 2)
    wait_for(b"failed")
    forget()
    with open(disk, "r+b") as file:
        file.write(whole)
    wait_for(HEALTH)
elif fault == "sealed":
    import fcntl
    wait_for(HEALTH)
    forget()
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE)
    wait_for(b"failed")
elif fault == "io":
    wait_for(HEALTH)
    forget()
    os.truncate(os.environ["BELOW"], BYTES // 2)
    wait_for(b"failed")
elif fault in ("limit", "space"):
    wait_for(b"failed")
elif fault == "unread":
    wait_for(b"all frames are taken")
    wait_for(b"the device is full")
    forget()
    until = time.time() + 10
    while time.time() < until and not wait_for(b"all frames are taken", 0.05):
        try:
            while other.recv(65536):
                pass
        except BlockingIOError:
            pass
elif fault == "gone":
    wait_for(b"all frames are taken")
    other.close()
    time.sleep(0.3)
    before = ticks()
    time.sleep(1)
    print("idle" if ticks() - before < os.sysconf("SC_CLK_TCK") // 2 else "it spins: %d ticks" % (ticks() - before))
elif fault == "noise":
    is_stream = os.environ.get("KIND") == "stream"
    def frame(n):
        try:
            other.send(n.to_bytes(4, "big") + b"x" * n if is_stream else b"x" * n)
            while other.recv(65536):
                pass
        except OSError:
            pass
    wait_for(b"all frames are taken")
    for _ in range(20):
        frame(60)
    wait_for(b"the first frame has come")
    for n in list(range(0, 80)) + [1514, 1515, 2048, 2049, 4000, 65535, 100000]:
        if n or is_stream:
            frame(n)
    time.sleep(0.2)
else:
    wait_for(HEALTH)
guest.send_signal(signal.SIGTERM)
try:
    guest.wait(10)
except subprocess.TimeoutExpired:
    guest.kill()
    guest.wait()
    print("it does not end")
wait_for(b"no such words", 0)
forget()
print("status %d" % guest.returncode)
