"""Remarks: what people should know of a document that was taken all the same, told in English or Spanish.

A remark is its English sentence, and knows what that says: a stable code with values. It is stored with both, and told
in the reader's language at the edge. Rows of earlier versions hold sentences alone; they stay as they were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.error_texts import said
from shared.domain.remark_texts import ENGLISH, PHRASES, SPANISH

Value = str | int


class Remark(str):
    """A sentence for people that can also be told in Spanish.

    `values` are names, numbers and codes, never sentences, but for two: `why` is the English sentence of the error
    `error`, which has a sentence in every language; `phrase` is one of `PHRASES`.
    """

    __slots__ = ("code", "values")

    code: str
    values: dict[str, Value]

    def __new__(cls, code: str, **values: Value) -> Remark:
        """The remark with this code (see `remark_texts`)."""
        made = super().__new__(cls, ENGLISH[code].format(**values))
        made.code, made.values = code, values
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Value]]:
        """Copies are made anew from code and values."""
        return (self.code,), self.values


def told(remark: str, language: str) -> str:
    """The sentence in `language`; the English one where there is no other."""
    if not isinstance(remark, Remark) or language != "es":
        return str(remark)
    values = dict(remark.values)
    if "why" in values:
        values["why"] = said(str(values.get("error", "")), str(values["why"]), language) or ""
    if "phrase" in values:
        values["phrase"] = phrase(str(values["phrase"]), language) or ""
    return SPANISH[remark.code].format(**values)


def phrase(english: str | None, language: str) -> str | None:
    """A fixed phrase of ours in `language`."""
    return PHRASES.get(english, english) if english and language == "es" else english


def to_plain(remark: str) -> str | dict[str, Any]:
    """As it is stored: the sentence beside its code, so that it can be read without this table, too."""
    if not isinstance(remark, Remark):
        return remark
    return {"code": remark.code, "values": remark.values, "text": str(remark)}


def from_plain(stored: str | Mapping[str, Any]) -> str:
    """As it was stored; of a code that is no more there is its sentence."""
    if isinstance(stored, str):
        return stored
    try:
        return Remark(stored["code"], **stored["values"])
    except KeyError:
        return str(stored["text"])
