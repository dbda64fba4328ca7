"""Every pattern of a project by brute force: nothing but Django's own resolver is asked.

It knows nothing of how Hardango walks: what has `url_patterns` is gone through, the rest is a route.
"""


def every():
    from django.urls import get_resolver

    return sorted(_below(get_resolver().url_patterns, ""))


def _below(patterns, prefix):
    for each in patterns:
        text = str(each.pattern)
        text = prefix + (text[1:] if text.startswith("^") else text)
        if hasattr(each, "url_patterns"):
            yield from _below(each.url_patterns, text)
        else:
            yield text
