"""
Runs a program on a terminal of its own, as a shell with job control does: the program leads the
foreground process group, so a Ctrl+C that is typed reaches it from the system and nobody else. The
standard library of Python has the calls for that; those of Bun and Deno give no terminal that
sends signals.

    python3 terminal.py REQUEST

REQUEST is JSON: {"command": [...], "cwd": ..., "env": {...}, "columns": ...}. What comes on stdin
is typed; what the program writes to the screen goes to stdout. When it has ended, one line of JSON
goes to stderr: its exit code (`code`, as a shell gives it), the signal that stopped it without
ending it (`stopped`), the settings of the terminal that are not what they were (`changed`), and
whether it still is what the terminal talks to (`foreground`).
"""

import fcntl
import json
import os
import select
import signal
import struct
import sys
import termios

# Nothing that a program would write to a screen.
END = b"\0the end\0"

SETTINGS = ("input", "output", "control", "local", "input speed", "output speed", "characters")


def main(request):
    master, slave = os.openpty()
    size = struct.pack("HHHH", 24, request["columns"], 0, 0)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
    if os.fork() == 0:
        os.close(master)
        lead(slave, request)
    os.close(slave)
    carry(master)


def lead(terminal, request):
    """The shell: own session, own terminal; tells how the program ended."""
    report = os.dup(2)
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for stream in (0, 1, 2):
        os.dup2(terminal, stream)
    os.close(terminal)
    # Whoever is not in the foreground is stopped when it changes the terminal; a shell is not.
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    before = termios.tcgetattr(0)
    program = os.fork()
    if program == 0:
        os.close(report)
        perform(request)
    _, status = os.waitpid(program, os.WUNTRACED)
    told = {
        "changed": [
            name for name, old, new in zip(SETTINGS, before, termios.tcgetattr(0)) if old != new
        ],
        "foreground": os.tcgetpgrp(0) == program,
    }
    if os.WIFSTOPPED(status):
        told["stopped"] = signal.Signals(os.WSTOPSIG(status)).name
        os.killpg(program, signal.SIGKILL)
        _, status = os.waitpid(program, 0)
    code = os.waitstatus_to_exitcode(status)
    told["code"] = code if code >= 0 else 128 - code
    os.write(report, json.dumps(told).encode() + b"\n")
    os.write(1, END)
    os._exit(0)


def perform(request):
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    # Python ignores one signal of its own accord, and what is ignored is inherited.
    for name in (signal.SIGTTOU, signal.SIGPIPE):
        signal.signal(name, signal.SIG_DFL)
    os.chdir(request["cwd"])
    command = request["command"]
    try:
        os.execvpe(command[0], command, request["env"])
    finally:
        os._exit(127)


def carry(master):
    """Between our streams and the terminal, until the program has ended."""
    sources = [0, master]
    written = b""
    while True:
        for source in select.select(sources, [], [])[0]:
            try:
                data = os.read(source, 65536)
            except OSError:
                # Nobody has the terminal open any more.
                return
            if source == master:
                if not data:
                    return
                # The end may come in pieces: what could be its beginning waits.
                written += data
                at = written.find(END)
                if at != -1:
                    put(written[:at])
                    return
                ready = written.rfind(b"\0")
                ready = len(written) if ready == -1 or len(written) - ready > len(END) else ready
                put(written[:ready])
                written = written[ready:]
            elif data:
                os.write(master, data)
            else:
                sources.remove(0)


def put(data):
    while data:
        data = data[os.write(1, data) :]


main(json.loads(sys.argv[1]))
