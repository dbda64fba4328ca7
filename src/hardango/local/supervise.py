"""Runs one program of a proof, and leaves nothing behind when it ends or is to end.

A process of its own, so that it also outlives a `kill -9` of whoever started it: standard input is
a pipe whose other end only that one holds. Its first line is the order, in JSON; when it closes,
all processes are ended that came of the program, whatever they did to get away. An order without
a program keeps the throw-away directory, and removes it then.

On Linux the kernel keeps the program in (Landlock): it writes nowhere but in its directory, and
opens TCP connections to no ports but those of the proof, be it Python that does so or C.
https://docs.kernel.org/userspace-api/landlock.html

Run by its path: nothing of Hardango is imported here.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import time
from typing import Any

_SET_DEATH_SIGNAL, _SET_NO_NEW_PRIVILEGES, _SET_SUBREAPER = 1, 38, 36
_CREATE_RULESET, _ADD_RULE, _RESTRICT = 444, 445, 446
_BENEATH, _PORT = 1, 2
_WRITE_FILE, _TRUNCATE = 1 << 1, 1 << 14
_BEFORE_EVERY_ABI = 0b1_1111_1111_0010
"""Writing, making and removing, of files and directories of every kind."""
_REFER = 1 << 13
_BIND_TCP, _CONNECT_TCP = 1, 2
_OWN_SOCKETS_AND_SIGNALS = 3
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx")


def main() -> int:
    """Run the program of the order; its exit code, or 128 + the signal that ended it."""
    order = _order()
    _prctl(_SET_SUBREAPER, 1)
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    if not order["argv"]:
        return _keep(order)
    child = os.fork()
    if child == 0:
        _become(order)
    code = None
    while code is None:
        ready, _, _ = select.select([0, woken], [], [], 1.0)
        if woken in ready and signal.SIGTERM in os.read(woken, 64):
            break
        if 0 in ready and not os.read(0, 64):
            break
        code = _reaped(child)
    return _end(child, code, order["grace"])


def _order() -> Any:
    """The first line of standard input, and not a byte more: the rest is waited for."""
    line = b""
    while not line.endswith(b"\n"):
        piece = os.read(0, 1)
        if not piece:
            sys.exit(1)
        line += piece
    return json.loads(line)


def _keep(order: dict[str, Any]) -> int:
    """Run nothing; remove the throw-away directory once the others, ended meanwhile, are gone."""
    while os.read(0, 64):
        pass
    end = time.monotonic() + order["grace"]
    while os.path.isdir(order["remove"]) and time.monotonic() < end:
        shutil.rmtree(order["remove"], ignore_errors=True)
        time.sleep(0.05)
    return 0


def _become(order: dict[str, Any]) -> None:
    """In the new process: confined, and then the program."""
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.chdir(order["directory"])
        if order["confine"] is not None:
            confine(order["confine"]["writable"], order["confine"]["ports"])
        os.execve(order["argv"][0], order["argv"], order["environment"])
    except OSError as error:
        os.write(2, f"{order['argv'][0]}: {error.strerror}\n".encode())
    os._exit(127)


def _reaped(child: int) -> int | None:
    """The exit code of the program, None while it runs; what it left behind is reaped, too."""
    code = None
    while True:
        try:
            number, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if number == 0:
            return code
        if number == child:
            code = _code(status)


def _code(status: int) -> int:
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _end(child: int, code: int | None, grace: float) -> int:
    """End the program politely, then everything that came of it."""
    end = time.monotonic() + grace
    if code is None:
        _signal(child, signal.SIGTERM)
    while code is None and time.monotonic() < end:
        code = _reaped(child)
        if code is None:
            time.sleep(0.02)
    for _ in range(200):
        left = _descendants(os.getpid())
        if not left and code is not None:
            break
        for number in left:
            _signal(number, signal.SIGKILL)
        if sys.platform != "linux":
            _signal(-child, signal.SIGKILL)
        time.sleep(0.01)
        found = _reaped(child)
        code = found if code is None else code
    return 137 if code is None else code


def _signal(number: int, what: int) -> None:
    try:
        os.kill(number, what)
    except OSError:
        pass


def _descendants(top: int) -> list[int]:
    """Every process below `top`; as a subreaper it is the parent of what has lost its own."""
    parents: dict[int, int] = {}
    try:
        numbers = [int(each) for each in os.listdir("/proc") if each.isdecimal()]
    except OSError:
        return []
    for number in numbers:
        try:
            with open(f"/proc/{number}/stat", "rb") as opened:
                parents[number] = int(opened.read().rpartition(b")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found: list[int] = []
    level = [top]
    while level:
        level = [number for number, parent in parents.items() if parent in level]
        found += level
    return found


# -- what the kernel refuses -----------------------------------------------------------------------


def kernel_confines() -> int:
    """Which version of Landlock this kernel has, 0 for none."""
    return max(0, _syscall(_CREATE_RULESET, None, 0, 1)) if sys.platform == "linux" else 0


def confine(writable: list[str], ports: list[int]) -> None:
    """From here on this process and its children write only below the directories `writable`, and
    use TCP only on `ports`, as far as the kernel can refuse the rest. Raises OSError."""
    version = kernel_confines()
    if not version:
        return
    writing = _BEFORE_EVERY_ABI | (_REFER if version >= 2 else 0)
    writing |= _TRUNCATE if version >= 3 else 0
    network = _BIND_TCP | _CONNECT_TCP if version >= 4 else 0
    scoped = _OWN_SOCKETS_AND_SIGNALS if version >= 6 else 0
    said = [_u64(each) for each in (writing, network, scoped)]
    attributes = b"".join(said[: 3 if version >= 6 else 2 if version >= 4 else 1])
    rules = _checked(_syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    for path in writable:
        _allow_beneath(rules, path, writing)
    for path in _DEVICES:
        _allow_beneath(rules, path, writing & (_WRITE_FILE | _TRUNCATE))
    for port in ports if network else ():
        _checked(_syscall(_ADD_RULE, rules, _PORT, _u64(network) + _u64(port), 0))
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    _checked(_syscall(_RESTRICT, rules, 0))
    os.close(rules)


def _allow_beneath(rules: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    _checked(_syscall(_ADD_RULE, rules, _BENEATH,
                      _u64(rights) + descriptor.to_bytes(4, sys.byteorder), 0))  # fmt: skip
    os.close(descriptor)


def _u64(number: int) -> bytes:
    return number.to_bytes(8, sys.byteorder)


def _syscall(number: int, *arguments: int | bytes | None) -> int:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    given = [ctypes.c_long(each) if isinstance(each, int) else ctypes.c_char_p(each)
             for each in arguments]  # fmt: skip
    done = int(libc.syscall(ctypes.c_long(number), *given))
    return -ctypes.get_errno() if done == -1 else done


def _checked(done: int) -> int:
    if done < 0:
        raise OSError(-done, os.strerror(-done))
    return done


def _prctl(what: int, value: int) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(what, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
