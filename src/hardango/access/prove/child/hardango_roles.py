"""The users that ask, one for each role, and one whose things they may not see."""

from importlib import import_module

OWNER = "hardango-owner"
_made = {}


def users_of(roles, maker):
    """The keys of users by the names of their roles, made once; what could not be given."""
    found, said = {}, []
    for role in roles:
        if role["anonymous"]:
            continue
        known = repr(sorted(role.items()))
        if known not in _made:
            _made[known] = _user_of(role, maker)
        user, problems = _made[known]
        found[role["name"]] = user.pk
        said += problems
    return found, said


def _user_of(role, maker):
    """A user with the flags, permissions and groups of a role."""
    from django.contrib.auth import get_user_model

    model = get_user_model()
    given = {"is_active": True, "is_staff": role["staff"], "is_superuser": role["superuser"]}
    names = {each.name for each in model._meta.get_fields()}
    given = {name: value for name, value in given.items() if name in names}
    name = role["name"] if role["name"] == OWNER else "hardango-%s-%d" % (role["name"], len(_made))
    mail = name + "@hardango.invalid"
    given[model.USERNAME_FIELD] = mail if "mail" in model.USERNAME_FIELD else name
    if getattr(model, "EMAIL_FIELD", None) in names:
        given[model.EMAIL_FIELD] = mail
    user = maker.make(model, given)
    user.set_unusable_password()
    user.save()
    _confirm(user, mail)
    return user, _permit(user, role)


def _confirm(user, mail):
    from django.apps import apps

    if apps.is_installed("allauth.account"):
        model = apps.get_model("account", "EmailAddress")
        model.objects.get_or_create(user=user, email=mail, verified=True, primary=True)


def _permit(user, role):
    """Give permissions and groups; a sentence for each that does not exist."""
    said = []
    for name in role["permissions"]:
        found = _permission(name)
        if found is None:
            said.append("role %s: there is no permission %s" % (role["name"], name))
        else:
            user.user_permissions.add(found)
    for name in role["groups"]:
        from django.contrib.auth.models import Group

        group = Group.objects.filter(name=name).first()
        if group is None:
            group = Group.objects.create(name=name)
            said.append("role %s: no migration makes the group %s, so it has no permissions"
                        % (role["name"], name))  # fmt: skip
        user.groups.add(group)
    return said


def _permission(name):
    from django.contrib.auth.models import Permission

    label, _, code = name.partition(".")
    return Permission.objects.filter(content_type__app_label=label, codename=code).first()


def session_of(user):
    """The key of a session in which that user is logged in, as the project's own login makes it."""
    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = user._meta.pk.value_to_string(user)
    session[BACKEND_SESSION_KEY] = _backend(user)
    if hasattr(user, "get_session_auth_hash"):
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def _backend(user):
    """The first backend that knows the user again."""
    from django.conf import settings
    from django.contrib.auth import load_backend

    for path in settings.AUTHENTICATION_BACKENDS:
        try:
            if load_backend(path).get_user(user.pk) is not None:
                return path
        except Exception:
            continue
    return settings.AUTHENTICATION_BACKENDS[0]
