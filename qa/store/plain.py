"""Any noun of `qa.model` to plain JSON values and back, led by its type hints.

A dataclass is an object with every field (also those at their default: a default may change, what is
stored may not). A field that is missing in what was stored takes its default: that is how fields are
added. A `Span` is `[start, end]`, an enum its value, a time ISO 8601.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from qa.model import Span

T = TypeVar("T")
Coder = Callable[[Any], Any]


def to_plain(value: Any) -> Any:
    """`value`, a dataclass of the model, as JSON values."""
    return coder(cast(Hashable, type(value))).encode(value)


def from_plain(kind: type[T], plain: Any) -> T:
    """The `kind` that `to_plain` made `plain` from."""
    value: T = coder(cast(Hashable, kind)).decode(plain)
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class Codec:
    """Both directions for one type."""

    encode: Coder
    decode: Coder


def _same(value: Any) -> Any:
    return value


AS_IT_IS = Codec(_same, _same)
LEAVES: Mapping[Any, Codec] = {
    **dict.fromkeys((str, int, float, bool, NoneType, Any), AS_IT_IS),
    datetime: Codec(datetime.isoformat, datetime.fromisoformat),
    Path: Codec(str, Path),
    Span: Codec(lambda span: [span.start, span.end], lambda pair: Span(pair[0], pair[1])),
}


@functools.cache
def coder(hint: Any) -> Codec:
    """The codec of a type hint that occurs in the model."""
    if hint in LEAVES:
        return LEAVES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(coder(next(kind for kind in inner if kind is not NoneType)))
    if origin in (tuple, Sequence):
        return _many(coder(inner[0]))
    if origin is Mapping:
        return _mapping(coder(inner[0]), coder(inner[1]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Codec(lambda value: value.value, hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    raise TypeError(f"the model has no {hint!r}")


def _optional(one: Codec) -> Codec:
    if one is AS_IT_IS:
        return one
    return Codec(
        lambda value: None if value is None else one.encode(value),
        lambda plain: None if plain is None else one.decode(plain),
    )


def _many(one: Codec) -> Codec:
    if one is AS_IT_IS:
        return Codec(list, tuple)
    return Codec(lambda values: [one.encode(v) for v in values], lambda plain: tuple(map(one.decode, plain)))


def _mapping(key: Codec, one: Codec) -> Codec:
    return Codec(
        lambda values: {key.encode(k): one.encode(v) for k, v in values.items()},
        lambda plain: {key.decode(k): one.decode(v) for k, v in plain.items()},
    )


def _record(kind: type) -> Codec:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    plain_names = [name for name in names if coder(hints[name]) is AS_IT_IS]
    coded = [(name, coder(hints[name])) for name in names if coder(hints[name]) is not AS_IT_IS]

    def encode(value: Any) -> dict[str, Any]:
        plain = {name: getattr(value, name) for name in plain_names}
        plain.update((name, codec.encode(getattr(value, name))) for name, codec in coded)
        return plain

    def decode(plain: Mapping[str, Any]) -> Any:
        values = {name: plain[name] for name in plain_names if name in plain}
        values.update((name, codec.decode(plain[name])) for name, codec in coded if name in plain)
        return kind(**values)

    return Codec(encode, decode)
