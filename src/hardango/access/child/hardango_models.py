"""What the models of the project define: permissions, and which fields lead to a user."""

_KNOWING = (
    "django.contrib.auth.backends.",
    "allauth.",
    "axes.",
    "guardian.",
    "social_core.",
    "mozilla_django_oidc.",
)
"""Backends that know no permissions but those that models define."""


def every():
    """The models, and whether permissions are those of models alone."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import get_permission_codename, get_user_model
    from django.core.exceptions import ImproperlyConfigured

    try:
        user = get_user_model()
    except ImproperlyConfigured:  # Nobody can log in.
        user = None
    models = []
    for model in apps.get_models():
        meta = model._meta
        usual = [get_permission_codename(each, meta) for each in meta.default_permissions]
        models.append({
            "dotted": model.__module__ + "." + model.__qualname__,
            "label": meta.label,
            "permissions": [meta.app_label + "." + each for each in usual],
            "named": [meta.app_label + "." + each[0] for each in meta.permissions],
            "owners": _owners(model, user, 2) if user is not None else [],
        })  # fmt: skip
    return {
        "models": models,
        "alone": all(each.startswith(_KNOWING) for each in settings.AUTHENTICATION_BACKENDS),
    }


def _owners(model, user, hops):
    """The ways from a model to the user, field by field: "owner", "order__owner"."""
    found = []
    for field in model._meta.concrete_fields:
        other = field.remote_field.model if field.remote_field else None
        if not isinstance(other, type):
            continue
        if issubclass(user, other) or issubclass(other, user):
            found.append(field.name)
        elif hops > 1 and other is not model:
            found += [field.name + "__" + each for each in _owners(other, user, hops - 1)]
    return found[:6]
