"""Every pattern of the zoo by brute force, as JSON: nothing but Django's own resolver is asked.

It knows nothing of how Hardango walks: it takes `url_patterns` where there are any, and the rest is
a route.
"""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", sys.argv[1])

import django

django.setup()

from django.urls import get_resolver


def every(patterns, prefix=""):
    for each in patterns:
        text = str(each.pattern)
        text = prefix + (text[1:] if text.startswith("^") else text)
        if hasattr(each, "url_patterns"):
            yield from every(each.url_patterns, text)
        else:
            yield text


print(json.dumps(sorted(every(get_resolver().url_patterns))))
