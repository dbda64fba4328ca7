"""Makes rows: every field that needs a value has one, and what can belong to a user belongs to the
owner that is given. The text in them is a canary: where it comes back, the row was shown.

A factory of the project's own (factory_boy) comes first where it is given; its model_bakery is asked
where a plain row cannot be made.
"""

import datetime
import decimal
import itertools
import uuid

CANARY = "hardangocanary"
_HOPS = 3
"""From a row to its owner: a foreign key to a user, to what belongs to one, and so on."""
_GIF = (b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
        b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")  # fmt: skip


class CannotMake(Exception):
    """No such row can be made; the text says why."""


class Maker:
    """Makes rows. `factories` gives the project's own for a model."""

    def __init__(self, factories=None):
        self._numbers = itertools.count(1)
        self._factories = factories or {}
        self._made = {}

    def forget(self):
        """The rows that were made are gone: their transaction was undone."""
        self._made = {}

    def make(self, model, given=None, owner=None, hops=0):
        """A saved row of `model` with the values `given`, by the names of its fields; what leads
        to a user leads to `owner`. Raises CannotMake."""
        from django.db import transaction

        given = dict(given or {})
        using = model._base_manager.db
        problem = None
        for way in (self._by_factory, self._plain, self._by_bakery):
            try:
                with transaction.atomic(using=using):
                    made = way(model, given, owner, hops)
            except CannotMake as error:
                problem = problem or error
                continue
            except Exception as error:
                problem = problem or error
                continue
            if made is not None:
                self._join(made, owner)
                return made
        raise CannotMake("no %s can be made: %s" % (model._meta.label, _first_line(problem)))

    def parent(self, model, owner, hops):
        """A row for others to belong to, the same for all that belong to one owner."""
        key = (model, owner and owner.pk)
        if key not in self._made:
            found = None if leads_to_user(model) else model._base_manager.first()
            self._made[key] = found or self.make(model, {}, owner, hops + 1)
        return self._made[key]

    # -- the ways to make one ----------------------------------------------------------------------

    def _plain(self, model, given, owner, hops):
        values = self._values(model, given, owner, hops)
        there = _only_one(model, values)
        if there is not None:
            return there
        made = model(**values)
        made.save()
        return made

    def _by_factory(self, model, given, owner, hops):
        factory = self._factories.get(model)
        if factory is None:
            return None
        return factory.create(
            **{**self._texts(model), **self._belonging(model, owner, hops), **given}
        )

    def _texts(self, model):
        """A canary for the texts of a row, but not where it must be another each time."""
        return {each.name: self._value(each) for each in model._meta.concrete_fields
                if type(each).__name__ in ("CharField", "TextField") and not each.unique
                and not each.flatchoices}  # fmt: skip

    def _by_bakery(self, model, given, owner, hops):
        try:
            from model_bakery import baker
        except ImportError:
            return None
        return baker.make(model, **{**self._belonging(model, owner, hops), **given})

    def _values(self, model, given, owner, hops):
        values = self._belonging(model, owner, hops)
        for field in model._meta.concrete_fields:
            if field.name in given or field.attname in given or field.name in values:
                continue
            if field.auto_created or getattr(field, "generated", False):
                continue
            if field.remote_field is not None:
                if not field.null and not field.has_default():
                    values[field.name] = self._related(field, owner, hops)
            elif _is_shown(field) or not (field.has_default() or field.null):
                value = self._value(field)
                if value is not None:
                    values[field.name] = value
        return {**values, **given}

    def _belonging(self, model, owner, hops):
        """The fields that lead to the owner, also those that may be empty."""
        found = {}
        if owner is None:
            return found
        for field in model._meta.concrete_fields:
            to = field.remote_field and field.related_model
            if not to or field.name in found or getattr(field.remote_field, "parent_link", False):
                continue
            if isinstance(owner, to):
                found[field.name] = owner
            elif to is not model and hops < _HOPS and leads_to_user(to, _HOPS - hops - 1):
                try:
                    found[field.name] = self.parent(to, owner, hops)
                except CannotMake:
                    if not field.null:
                        raise
        return found

    def _related(self, field, owner, hops):
        if hops > _HOPS + 2:
            raise CannotMake("%s leads too far" % field)
        return self.parent(field.related_model, owner, hops)

    def _join(self, made, owner):
        """Make the owner a member where membership is a table: `members = ManyToManyField(User)`."""
        if owner is None:
            return
        for field in made._meta.many_to_many:
            if not isinstance(owner, field.related_model):
                continue
            through = field.remote_field.through
            try:
                if through._meta.auto_created:
                    getattr(made, field.name).add(owner)
                else:
                    there = {field.m2m_field_name(): made, field.m2m_reverse_field_name(): owner}
                    if not through._base_manager.filter(**there).exists():
                        self.make(through, there, owner, _HOPS)
            except Exception:
                continue  # it may be a membership that only the project knows how to give

    # -- one value ---------------------------------------------------------------------------------

    def _value(self, field):
        number = next(self._numbers)
        choices = [each for each, _ in field.flatchoices if each not in ("", None)]
        if choices:
            return choices[0]
        kind = field.get_internal_type()
        text = "%s%d" % (CANARY, number)
        if kind in ("CharField", "TextField", "SlugField"):
            if type(field).__name__ == "EmailField":
                return text + "@hardango.invalid"
            if type(field).__name__ == "URLField":
                return "https://hardango.invalid/" + text
            longest = field.max_length or len(text)
            return text if longest >= len(text) else ("%d" % number).zfill(longest)[-longest:]
        plain = _VALUES.get(kind)
        if plain is None:
            for each in type(field).__mro__:
                plain = plain or _VALUES.get(each.__name__)
        if plain is None:
            raise CannotMake("no value is known for %s, a %s" % (field.name, type(field).__name__))
        return plain(number)


def _file(number):
    from django.core.files.base import ContentFile

    return ContentFile(CANARY.encode(), name="hardango%d.txt" % number)


def _image(number):
    from django.core.files.base import ContentFile

    return ContentFile(_GIF, name="hardango%d.gif" % number)


def _now(number):
    from django.utils import timezone

    return timezone.now()


_VALUES = {
    "BooleanField": lambda number: True, "NullBooleanField": lambda number: True,
    "IntegerField": lambda number: number, "SmallIntegerField": lambda number: number,
    "BigIntegerField": lambda number: number, "PositiveIntegerField": lambda number: number,
    "PositiveSmallIntegerField": lambda number: number,
    "PositiveBigIntegerField": lambda number: number, "FloatField": float,
    "DecimalField": lambda number: decimal.Decimal(1), "DateTimeField": _now,
    "DateField": lambda number: _now(number).date(), "TimeField": lambda number: datetime.time(12),
    "DurationField": lambda number: datetime.timedelta(hours=1),
    "UUIDField": lambda number: uuid.uuid4(), "JSONField": lambda number: {},
    "BinaryField": lambda number: CANARY.encode(), "ImageField": _image, "FileField": _file,
    "GenericIPAddressField": lambda number: "127.0.0.1", "IPAddressField": lambda number: "127.0.0.1",
    "FilePathField": lambda number: "", "ArrayField": lambda number: [],
    "HStoreField": lambda number: {}, "EmailField": lambda number: "%s%d@hardango.invalid" % (CANARY, number),
    "URLField": lambda number: "https://hardango.invalid/%s%d" % (CANARY, number),
    "CharField": lambda number: "%s%d" % (CANARY, number), "TextField": lambda number: "%s%d" % (CANARY, number),
}  # fmt: skip


def _is_shown(field):
    """Whether a field may hold text that is to be recognised, though it has a default."""
    plain = type(field).__name__ in ("CharField", "TextField")
    return plain and not field.flatchoices and not field.null and field.default in ("", None)


def leads_to_user(model, hops=_HOPS):
    """Whether a row of that model can belong to a user, by at most so many foreign keys."""
    from django.contrib.auth import get_user_model

    user = get_user_model()
    for field in model._meta.get_fields():
        to = (
            field.related_model
            if getattr(field, "concrete", False) and field.remote_field
            else None
        )
        if not isinstance(to, type) or to is model:
            continue
        if issubclass(user, to):
            return True
        if hops > 1 and field.many_to_many is False and leads_to_user(to, hops - 1):
            return True
    return False


def _only_one(model, values):
    """The row that is there already where there can be but one: a signal made the profile."""
    for field in model._meta.concrete_fields:
        if field.one_to_one and field.name in values and values[field.name] is not None:
            found = model._base_manager.filter(**{field.name: values[field.name]}).first()
            if found is not None:
                return found
    return None


def _first_line(problem):
    said = str(problem).strip().split("\n")[0][:200]
    return said or type(problem).__name__
