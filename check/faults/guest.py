# SPDX-License-Identifier: ISC
# guest.py - a service under test, and what it says, for host.py and machine.py.
import os, subprocess, sys, time

class Guest(subprocess.Popen):
    def __init__(self, command, patience, **options):
        super().__init__(command, stdout=subprocess.PIPE, **options)
        os.set_blocking(self.stdout.fileno(), False)
        self.patience, self.said = patience, b""

    def wait_for(self, words, seconds=None):
        """Prints nothing more than once: what was said before words is forgotten with them."""
        until = time.time() + (self.patience if seconds is None else seconds)
        while words not in self.said and time.time() < until and self.poll() is None:
            self.said += self.stdout.read() or b""
            time.sleep(0.005)
        self.said += self.stdout.read() or b""
        return words in self.said

    def forget(self):
        sys.stdout.write(self.said.decode(errors="replace").replace("\r", ""))
        self.said = b""
