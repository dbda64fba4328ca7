import ctypes
import functools
import itertools
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group
from django.core.mail import send_mail
from django.db import connection, transaction
from django.http import HttpResponse, StreamingHttpResponse

ELSEWHERE = os.environ.get("WILD_ELSEWHERE", "/nowhere")
PORT = int(os.environ.get("WILD_PORT", "9"))


def calm(request):
    return HttpResponse("here")


def exits(request):
    sys.exit(3)


def dies(request):
    os._exit(7)


def is_killed(request):
    os.kill(os.getpid(), signal.SIGKILL)


def kills_its_group(request):
    os.killpg(os.getpgrp(), signal.SIGKILL)


def crashes(request):
    ctypes.string_at(0)


def sleeps(request):
    time.sleep(600)


def is_deaf(request):
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def swallows_all(request):
    while True:
        try:
            while True:
                time.sleep(0.05)
        except BaseException:
            pass


def recurses(request):
    return recurses(request)


def raises(request):
    raise RuntimeError("on purpose")


def interrupts(request):
    raise KeyboardInterrupt


def streams(request):
    return StreamingHttpResponse(b"x" * 4096 for _ in itertools.count())


def says_nothing(request):
    return None


def closes(request):
    connection.close()
    return HttpResponse(str(Group.objects.count()))


def is_durable(request):
    with transaction.atomic(durable=True):
        Group.objects.create(name="durable")
    return HttpResponse("made")


def threads(request):
    def write():
        Group.objects.create(name="from a thread")

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    thread.join(0.2)
    return HttpResponse("done")


def makes(request):
    Group.objects.create(name="made")
    return HttpResponse("made")


def finds_what_was_made(request):
    return HttpResponse(status=500 if Group.objects.filter(name="made").exists() else 200)


def posts(request):
    if request.method == "POST":
        os._exit(9)
    return HttpResponse("read")


def catches_entry(view):
    @functools.wraps(view)
    def wrapped(request):
        try:
            return view(request)
        except BaseException:
            return HttpResponse("caught")

    return wrapped


@catches_entry
def caught(request):
    os._exit(9)


def gate_dies_for_staff(view):
    @functools.wraps(view)
    def wrapped(request):
        if request.user.is_staff:
            os._exit(11)
        return view(request)

    return wrapped


@gate_dies_for_staff
def dies_before(request):
    return HttpResponse("here")


@login_required
def logs_in(request):
    return HttpResponse("here")


def writes_a_file(request):
    with open(ELSEWHERE + "/written", "w") as opened:
        opened.write("harm")
    return HttpResponse("written")


def writes_a_database(request):
    with sqlite3.connect(ELSEWHERE + "/theirs.sqlite3") as theirs:
        theirs.execute("DELETE FROM things")
    return HttpResponse("written")


def runs_a_program(request):
    subprocess.run(["touch", ELSEWHERE + "/touched"], check=True)
    return HttpResponse("run")


def connects(request):
    socket.create_connection(("127.0.0.1", PORT), 2).close()
    return HttpResponse("connected")


def asks_the_web(request):
    return HttpResponse(urllib.request.urlopen("https://example.org/", timeout=2).read())


def sends_mail(request):
    send_mail("to somebody", "harm", None, ["somebody@wild.example"])
    return HttpResponse("sent")


def removes_the_database(request):
    os.remove(settings.BASE_DIR / "db.sqlite3")
    return HttpResponse("removed")


def forks(request):
    for _ in range(3):
        if os.fork() == 0:
            time.sleep(600)
    return HttpResponse("forked")


HARMFUL = [
    writes_a_file, writes_a_database, runs_a_program, connects, asks_the_web, sends_mail,
    removes_the_database, forks,
]  # fmt: skip
ALL = [
    calm, exits, dies, is_killed, kills_its_group, crashes, sleeps, is_deaf, swallows_all, recurses,
    raises, interrupts, streams, says_nothing, closes, is_durable, threads, makes,
    finds_what_was_made, posts, caught, dies_before, logs_in, *HARMFUL,
]  # fmt: skip
