"""The Django app: checks, and the guard at start-up."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.core import checks

from hardango.django.checks import check_controls, check_setting
from hardango.django.events import login_failed
from hardango.django.guard import guard
from hardango.django.headers import logged_out


class HardangoConfig(AppConfig):
    """`"hardango.django"` in INSTALLED_APPS."""

    name = "hardango.django"
    label = "hardango"
    verbose_name = "Hardango"

    def ready(self) -> None:
        checks.register(check_setting, checks.Tags.security)
        checks.register(check_controls, checks.Tags.security, deploy=True)
        user_logged_out.connect(logged_out, dispatch_uid="hardango.logged_out")
        user_login_failed.connect(login_failed, dispatch_uid="hardango.login_failed")
        guard()
