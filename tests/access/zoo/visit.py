"""Asks every route of the zoo as every role, or as those that are named, in a process of its own; who
got in, as JSON."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", sys.argv[1])

import django
from django.conf import settings
from django.core.management import call_command

settings.DATABASES["default"]["NAME"] = ":memory:"
settings.MEDIA_ROOT = sys.argv[2]
# What costs time and changes nothing of who gets in.
settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
settings.MIGRATION_MODULES = dict.fromkeys(
    ("admin", "auth", "contenttypes", "flatpages", "sessions", "sites")
)
django.setup()

from django.contrib.auth.models import Group, Permission, User
from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.test import Client
from truth import TRUTHS
from zoo.models import Doc, Note

call_command("migrate", run_syncdb=True, verbosity=0)


def people():
    made = {
        "user": User.objects.create_user("user"),
        "staff": User.objects.create_user("staff", is_staff=True),
        "superuser": User.objects.create_user("superuser", is_staff=True, is_superuser=True),
        "owner": User.objects.create_user("owner"),
        "keeper": User.objects.create_user("keeper"),
        "holder": User.objects.create_user("holder"),
        "viewer": User.objects.create_user("viewer"),
        "staff-holder": User.objects.create_user("staff-holder", is_staff=True),
    }
    made["keeper"].groups.add(Group.objects.create(name="keepers"))
    everything = Permission.objects.filter(content_type__app_label="zoo")
    made["holder"].user_permissions.set(everything)
    made["staff-holder"].user_permissions.set(everything)
    made["viewer"].user_permissions.set(everything.filter(codename="view_doc"))
    return made


def main():
    accounts = people()
    Doc.objects.create(pk=1, title="hers", owner=accounts["owner"])
    Note.objects.create(pk=1, text="of nobody")
    page = FlatPage.objects.create(url="/hello/", title="Hello")
    page.sites.add(Site.objects.get())
    clients = {"anonymous": Client(SERVER_NAME="zoo.example")}
    clients["bearer"] = clients["anonymous"]
    for name, user in accounts.items():
        clients[name] = Client(SERVER_NAME="zoo.example")
        clients[name].force_login(user)
    if len(sys.argv) > 3:
        clients = {name: clients[name] for name in sys.argv[3].split(",")}
    entered = {}
    for truth in TRUTHS:
        for method in truth.reach:
            said = {}
            for role, client in clients.items():
                headers = dict(truth.headers) if role == "bearer" else {}
                query = truth.query if role == "bearer" else ""
                said[role] = got_in(client, method, "/" + truth.path + query, headers)
            entered[truth.path + " " + method] = said
    print(json.dumps(entered))


def got_in(client, method, path, headers):
    """Whether the view's own body answered. The row that it may delete is there again after."""
    client.raise_request_exception = False
    kept = [(each, list(each.objects.all())) for each in (Doc, Note)]
    answer = client.generic(method, path, b"{}", content_type="application/json", headers=headers)
    for model, rows in kept:
        for row in rows:
            if not model.objects.filter(pk=row.pk).exists():
                row.save(force_insert=True)
    to_login = answer.status_code in (301, 302) and "/login/" in answer["Location"]
    # 400: what came was looked at, so it was let in; 405 and 404: there is no such thing.
    return answer.status_code not in (401, 403, 404, 405, 500) and not to_login


main()
