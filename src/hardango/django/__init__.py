"""The part of Hardango that lives in a site: `INSTALLED_APPS += ["hardango.django"]`.

It needs Django and nothing else. What settings modules use can be imported from here before the
settings are loaded:

    from hardango.django import hsts, secret

    SECRET_KEY = secret("DJANGO_SECRET_KEY")
    SECURE_HSTS_SECONDS = hsts.schedule(start="2026-12-01")
"""

from __future__ import annotations

from hardango import schedule as hsts
from hardango.django import managers
from hardango.django.secrets import fallbacks, secret

__all__ = ["fallbacks", "hsts", "managers", "secret"]
