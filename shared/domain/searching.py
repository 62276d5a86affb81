"""What people search for: words, phrases in quotation marks, and what the documents must be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from shared.domain.errors import QueryEmpty, QueryTooLong

LONGEST_QUERY = 2000
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»')
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit's document must be; of several values of a filter one must fit. Empty: anything.

    `date_from` and `date_to` (both included) mean the day of issue, or the date that the document's description has.
    `party` is part of a name, or a tax id: of seller, buyer, or people and organisations that the document names.
    """

    document_ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    parties: tuple[str, ...] = ()

    @property
    def of_documents(self) -> bool:
        """Whether anything is asked of the document as a whole."""
        return bool(self.document_ids or self.types or self.parties or self.date_from or self.date_to)


@dataclass(frozen=True, slots=True)
class Rankings:
    """Ids of passages by meaning and by words, best first; the share (0-1) of the query's words in the best one.

    `unembedded` is the code of the error that kept the query from being embedded.
    """

    vectors: tuple[str, ...]
    text: tuple[str, ...]
    share: float = 0.0
    unembedded: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """`text` is the query without its quotation marks; a hit must hold all `phrases` word for word."""

    text: str
    phrases: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)


def query_of(text: str, filters: Filters | None = None) -> Query:
    """The query that a person typed. Raises QueryEmpty or QueryTooLong."""
    if not text.strip():
        raise QueryEmpty
    if len(text) > LONGEST_QUERY:
        raise QueryTooLong(f"The query has {len(text)} characters; {LONGEST_QUERY} are the most.")
    quoted = [" ".join("".join(groups).split()) for groups in _QUOTED.findall(text)]
    phrases = tuple(phrase for phrase in quoted if _WORD.search(phrase))
    plain = " ".join(_QUOTED.sub(lambda match: " " + " ".join(filter(None, match.groups())) + " ", text).split())
    if not plain:
        raise QueryEmpty
    return Query(plain, phrases, filters or Filters())
