"""A rotation logs nobody out, whatever else the same browser is asking for."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import KEY, Site

BELOW = """
MIDDLEWARE.insert(MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
                  "hardango.django.sessions.KeepSessionsMiddleware")
"""
START = """
import asyncio, logging
logging.disable(logging.CRITICAL)
from django.test import AsyncClient, Client
given = {"host": "shop.example", "x-forwarded-proto": "https"}
"""
LOG_IN = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
client = Client(headers=given)
client.force_login(User.objects.create_user("ann", password="pw"))
print(json.dumps(client.cookies["sessionid"].value))
"""
ASK = """
def told(answer): return [answer.content.decode(), "sessionid" in answer.cookies and
                          answer.cookies["sessionid"].value == ""]
async def asked(kept):
    client = AsyncClient()
    client.cookies["sessionid"] = kept
    return told(await client.get("/ame/", headers={{"x-forwarded-proto": "https"}}))
found = []
for number in range(3):
    client = Client(headers=given)
    client.cookies["sessionid"] = {session!r}
    found.append(told(client.get("/me/")))
found.append(asyncio.run(asked({session!r})))
print(json.dumps(found))
"""
VIEW = """
async def ame(request): return HttpResponse(str(await request.auser()))
urlpatterns.append(path("ame/", ame))
"""


@pytest.mark.parametrize(
    ("more", "answers"),
    [
        (BELOW, [["ann", False]] * 4),
        # What Django does alone: only the first of the requests with that cookie is ann's.
        ("", [["ann", False], *[["AnonymousUser", True]] * 3]),
    ],
    ids=["kept", "Django alone"],
)
def test_requests_with_the_cookie_of_before(
    tmp_path: Path, more: str, answers: list[object]
) -> None:
    site = Site(tmp_path, 'ALLOWED_HOSTS += ["testserver"]  # what AsyncClient asks\n' + more)
    urls = tmp_path / "shop" / "urls.py"
    urls.write_text(urls.read_text(encoding="utf-8") + VIEW, encoding="utf-8")
    session = site.tell(START + LOG_IN)
    after = {"DJANGO_SECRET_KEY": KEY[::-1], "DJANGO_SECRET_KEY_FALLBACKS": KEY}
    assert site.tell(START + ASK.format(session=session), **after) == answers
    gone = {**after, "DJANGO_SECRET_KEY_FALLBACKS": ""}
    assert site.tell(START + ASK.format(session=session), **gone)[0][0] == (
        "ann" if more else "AnonymousUser"
    )


def test_a_login_gets_a_new_name(tmp_path: Path) -> None:
    """A session that somebody else has planted is not the one of who logs in."""
    site = Site(tmp_path, BELOW)
    session = site.tell(START + LOG_IN)
    program = """
from django.contrib.auth.models import User
client = Client(headers=given)
client.get("/me/")
planted = client.session
planted["planted"] = 1
planted.save()
client.cookies["sessionid"] = planted.session_key
client.force_login(User.objects.get())
print(json.dumps([client.cookies["sessionid"].value != planted.session_key,
                  client.get("/me/").content.decode()]))
"""
    assert session
    assert site.tell(START + program) == [True, "ann"]
