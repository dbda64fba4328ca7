"""Refuses what would leave the proof: connections to anywhere else, files outside its directory,
other programs.

An audit hook (PEP 578) sees what Python does, not what a C library does by itself; on Linux the
kernel refuses that too (Landlock, see `hardango.local.supervise`). What is refused looks to the
project like a host that is down or a disk that is read-only, and is written down for the report.
"""

import errno
import json
import os
import socket
import sys

_HARMLESS = frozenset(("ldconfig", "uname", "getconf", "nproc"))
"""Programs that only tell of the machine; `ctypes.util.find_library` runs the first."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DEVICES = ("/dev/null", "/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/dev/pts/",
            "/proc/self/fd/")  # fmt: skip
_LONGEST = 200


class _Plan:
    """What is allowed: directories to write in, ports of this machine, the record of refusals."""

    def __init__(self, said):
        self.writable = tuple(os.path.realpath(each) + os.sep for each in said["writable"])
        self.ports = frozenset(said["ports"])
        self.reachable = frozenset(map(tuple, said["reachable"]))
        self.record = said["record"]


def watch():
    """Guard this process and all that it forks."""
    with open(os.environ["HARDANGO_PLAN"], encoding="utf-8") as opened:
        plan = _Plan(json.load(opened))
    checks = _checks(plan)

    def hook(event, args):
        check = checks.get(event)
        if check is not None:
            check(*args)

    sys.addaudithook(hook)


def _refused(plan, what, name):
    """Write down what was refused; a record that cannot be written refuses all the same."""
    line = json.dumps([what, str(name)[:_LONGEST]]) + "\n"
    try:
        descriptor = os.open(plan.record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
    except OSError:
        pass


def _checks(plan):
    """A check for each audit event that matters: it raises OSError to refuse."""
    write = _writing(plan)
    return {**_of_network(plan, write), **_of_files(write), **_of_programs(plan)}


def _of_network(plan, write):
    def connect(sock, address):
        if not _reachable(plan, address):
            _refused(plan, "connect", _said(address))
            raise ConnectionRefusedError(errno.ECONNREFUSED, "refused by hardango prove")

    def send(sock, address=None):
        if address is not None:
            connect(sock, address)

    def bind(sock, address):
        if isinstance(address, tuple) and address and not _loopback(address[0]):
            _refused(plan, "listen", _said(address))
            raise PermissionError(errno.EACCES, "refused by hardango prove")
        if isinstance(address, (str, bytes)) and address:
            write(address)

    def resolve(host, *rest):
        if host is None or _loopback(host) or _is_address(host) or (host, None) in plan.reachable:
            return
        _refused(plan, "connect", _text(host))
        raise socket.gaierror(socket.EAI_NONAME, "refused by hardango prove")

    def reverse(host, *rest):
        # `socket.getfqdn` asks for the machine's own name, and takes a failure for an answer.
        if not _is_address(host):
            raise socket.herror(1, "refused by hardango prove")

    return {
        "socket.connect": connect, "socket.sendto": send, "socket.sendmsg": send,
        "socket.bind": bind, "socket.getaddrinfo": resolve, "socket.gethostbyname": resolve,
        "socket.gethostbyaddr": reverse,
    }  # fmt: skip


def _writing(plan):
    """Refuses to write at a path, unless it lies where the project may."""

    def write(path, *rest):
        if path is None or isinstance(path, int):
            return
        text = os.fsdecode(path)
        if text.startswith("\0") or text.startswith(_DEVICES):
            return
        directory, name = os.path.split(os.path.abspath(text))
        real = os.path.join(os.path.realpath(directory), name)
        if os.path.islink(real):
            real = os.path.realpath(real)
        if real.startswith(plan.writable) or real + os.sep in plan.writable:
            return
        _refused(plan, "write", real)
        raise PermissionError(errno.EROFS, "refused by hardango prove", text)

    return write


def _of_files(write):
    def opened(path, mode, flags):
        if isinstance(flags, int) and flags & _WRITES:
            write(path)

    def database(path, *rest):
        # A read-only database of a library (`file:…?mode=ro`) does no harm.
        text = os.fsdecode(path) if isinstance(path, (str, bytes, os.PathLike)) else ""
        if text and ":memory:" not in text and "mode=memory" not in text and "mode=ro" not in text:
            file = text[5:].partition("?")[0] if text.startswith("file:") else text
            write(file)
            # The directory that a script of production makes before it starts.
            os.makedirs(os.path.dirname(os.path.abspath(file)), exist_ok=True)

    def make(path, *rest):
        if os.path.isdir(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
        write(path)

    def both(source, target, *rest):
        write(source)
        write(target)

    def linked(source, target, *rest):
        write(target)

    return {
        "open": opened, "os.mkdir": make, "os.rmdir": write, "os.remove": write,
        "os.truncate": write, "os.chmod": write, "os.chown": write, "os.utime": write,
        "os.rename": both, "os.link": both, "os.symlink": linked, "shutil.rmtree": write,
        "sqlite3.connect": database,
    }  # fmt: skip


def _of_programs(plan):
    def run(executable, *rest):
        words = rest[0] if rest and isinstance(rest[0], (list, tuple)) else []
        name = _text(executable if executable else (words[0] if words else ""))
        if os.path.basename(name.split(" ")[0]) in _HARMLESS:
            return
        _refused(plan, "run", name)
        raise PermissionError(errno.EACCES, "refused by hardango prove", name)

    def signalled(number, *rest):
        if number in (0, os.getpid()) or number == os.getpgrp() or _is_ours(number):
            return
        _refused(plan, "signal", number)
        raise PermissionError(errno.EPERM, "refused by hardango prove")

    return {
        "subprocess.Popen": run, "os.system": run, "os.exec": run, "os.posix_spawn": run,
        "os.spawn": lambda mode, path, *rest: run(path, *rest),
        "os.kill": signalled, "os.killpg": signalled,
    }  # fmt: skip


def _reachable(plan, address):
    if isinstance(address, (str, bytes)):
        path = os.fsdecode(address)
        return not path or os.path.realpath(path).startswith(plan.writable)
    if not isinstance(address, tuple) or len(address) < 2:
        return True  # no address of a network: a pair of sockets, the kernel
    host, port = address[:2]
    if (_text(host), port) in plan.reachable:
        return True
    return _loopback(host) and port in plan.ports


def _loopback(host):
    text = _text(host)
    return text in ("", "localhost", "::1", "ip6-localhost") or text.startswith("127.")


def _is_address(host):
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, _text(host).partition("%")[0])
        except (OSError, ValueError):
            continue
        return True
    return False


def _is_ours(number):
    """Whether a process belongs to the session of this one: a server and its workers."""
    try:
        return os.getsid(number) == os.getsid(0)
    except OSError:
        return True  # it is gone, and the call will say so


def _text(value):
    return os.fsdecode(value) if isinstance(value, (bytes, os.PathLike)) else str(value)


def _said(address):
    if isinstance(address, tuple):
        return ":".join(map(_text, address[:2]))
    return _text(address)
