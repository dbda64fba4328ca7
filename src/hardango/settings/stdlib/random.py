"""Random values, which are new at each start, and digests, which are computed."""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import SCALARS
from hardango.settings.natives import constant, pure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Native, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


# -- what is new at each start -----------------------------------------------------------------------


def fresh(name: str, what: str, type: str | None = None) -> Native:
    """A function whose result is random."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return Unknown(
            f"{what}, new at each start",
            type,
            fresh=True,
            subject=f"{name}(…){interpreter.here()}",
        )

    return Native(name, run)


def _choice(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """One of several items: which one is random, which ones there are is known."""
    from hardango.settings.operations import items_of

    items = list(items_of(interpreter, arguments[0])) if arguments else []
    known = bool(items) and all(type(item) in SCALARS for item in items)
    types = {type(item).__name__ for item in items}
    return Unknown(
        "one of several items, chosen anew at each start",
        types.pop() if known and len(types) == 1 else None,
        choices=tuple(items) if known and len(items) <= 20 else (),
        fresh=True,
        subject=f"a random choice{interpreter.here()}",
    )


def _sample(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return interpreter.box([Unknown("items chosen anew at each start", several=True, fresh=True)])


def _generator(name: str) -> Names:
    """The functions of `random`, which are the methods of `random.SystemRandom()`, too."""
    return {
        "choice": Native(f"{name}.choice", _choice),
        "choices": Native(f"{name}.choices", _sample),
        "sample": Native(f"{name}.sample", _sample),
        "randint": fresh(f"{name}.randint", "a random number", "int"),
        "randrange": fresh(f"{name}.randrange", "a random number", "int"),
        "getrandbits": fresh(f"{name}.getrandbits", "a random number", "int"),
        "random": fresh(f"{name}.random", "a random number", "float"),
        "uniform": fresh(f"{name}.uniform", "a random number", "float"),
        "randbytes": fresh(f"{name}.randbytes", "random bytes", "bytes"),
        "seed": constant(f"{name}.seed", None),
        "shuffle": Native(f"{name}.shuffle", _shuffle),
    }


def _shuffle(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def run(content: list[Value]) -> None:
        content[:] = [Unknown("items in a random order", several=True, fresh=True)]

    box = interpreter.resolve(arguments[0])
    if isinstance(box, Box) and box.kind is list:
        interpreter.change(box, run)
    return None


def _random(interpreter: Interpreter) -> Names:
    names = _generator("random")
    generator = Thing("random.SystemRandom()", _generator("SystemRandom()"))
    return {
        **names,
        "SystemRandom": constant("random.SystemRandom", generator),
        "Random": constant("random.Random", generator),
    }


def _secrets(interpreter: Interpreter) -> Names:
    generator = Thing("secrets.SystemRandom()", _generator("SystemRandom()"))
    return {
        "token_hex": fresh("secrets.token_hex", "a random text", "str"),
        "token_urlsafe": fresh("secrets.token_urlsafe", "a random text", "str"),
        "token_bytes": fresh("secrets.token_bytes", "random bytes", "bytes"),
        "choice": Native("secrets.choice", _choice),
        "randbelow": fresh("secrets.randbelow", "a random number", "int"),
        "randbits": fresh("secrets.randbits", "a random number", "int"),
        "compare_digest": pure("secrets.compare_digest", lambda a, b: a == b, "bool"),
        "SystemRandom": constant("secrets.SystemRandom", generator),
    }


def _uuid(interpreter: Interpreter) -> Names:
    import uuid

    names: Names = {
        name: getattr(uuid, name)
        for name in ("NAMESPACE_DNS", "NAMESPACE_URL", "NAMESPACE_OID", "NAMESPACE_X500")
    }
    return {
        **names,
        "UUID": uuid.UUID,
        "uuid1": fresh("uuid.uuid1", "a UUID"),
        "uuid4": fresh("uuid.uuid4", "a random UUID"),
        "uuid7": fresh("uuid.uuid7", "a UUID"),
        "uuid3": pure("uuid.uuid3", uuid.uuid3),
        "uuid5": pure("uuid.uuid5", uuid.uuid5),
        "getnode": constant("uuid.getnode", Unknown("the network address of the host", "int")),
    }


# -- digests -----------------------------------------------------------------------------------------

ALGORITHMS = (
    "md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_224 sha3_256 sha3_384 sha3_512"
).split()


def digest(interpreter: Interpreter, name: str, make: Callable[[], Any], data: Value) -> Thing:
    """A `hashlib` object: `make()` gives the native one, which gets the parts when it is asked."""
    parts = interpreter.box([] if data is None else [data])

    def update(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return interpreter.change(parts, lambda content: content.append(arguments[0]))

    def read(method: str, type: str) -> Native:
        def run(native: list[bytes]) -> Any:
            made = make()
            for part in native:
                made.update(part)
            return getattr(made, method)()

        return Native(
            method,
            lambda interpreter, arguments, keywords: interpreter.pure(
                f"{name}(…).{method}", run, [parts], type=type
            ),
        )

    return Thing(
        name,
        {
            "update": Native("update", update),
            "hexdigest": read("hexdigest", "str"),
            "digest": read("digest", "bytes"),
            "name": name,
            "digest_size": make().digest_size,
        },
    )


def _algorithm(name: str) -> Native:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        data = arguments[0] if arguments else keywords.get("data", keywords.get("string"))
        options = {
            key: value
            for key, value in keywords.items()
            if key in ("digest_size", "key", "salt", "person") and name.startswith("blake2")
        }
        if any(not isinstance(value, (int, bytes)) for value in options.values()):
            return interpreter.unknown(f"{name}(…){interpreter.here()}", *options.values())
        import hashlib

        return digest(interpreter, name, lambda: getattr(hashlib, name)(**options), data)

    return Native(f"hashlib.{name}", run)


def _new(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("hashlib.new(…)", name)
        if name.lower() not in ALGORITHMS:
            raise interpreter.error(ValueError, f"unsupported hash type {name}")
        return interpreter.call(_algorithm(name.lower()), arguments[1:], keywords)

    return interpreter.each(arguments[0] if arguments else keywords.get("name"), one)


def _hashlib(interpreter: Interpreter) -> Names:
    return {
        **{name: _algorithm(name) for name in ALGORITHMS},
        "new": Native("hashlib.new", _new),
        "algorithms_available": interpreter.box(set(ALGORITHMS)),
        "algorithms_guaranteed": interpreter.box(set(ALGORITHMS)),
    }


def _hmac_new(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    import hmac

    key = arguments[0] if arguments else keywords.get("key")
    message = arguments[1] if len(arguments) > 1 else keywords.get("msg")
    kind = arguments[2] if len(arguments) > 2 else keywords.get("digestmod")
    name = kind.name.rpartition(".")[2] if isinstance(kind, Native) else kind
    if not isinstance(key, bytes) or name not in ALGORITHMS:
        return interpreter.unknown(f"hmac.new(…){interpreter.here()}", key, message)
    return digest(interpreter, str(name), lambda: hmac.new(key, digestmod=name), message)


def _hmac(interpreter: Interpreter) -> Names:
    return {
        "new": Native("hmac.new", _hmac_new),
        "compare_digest": pure("hmac.compare_digest", lambda a, b: a == b, "bool"),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "random": _random,
    "secrets": _secrets,
    "uuid": _uuid,
    "hashlib": _hashlib,
    "hmac": _hmac,
}
