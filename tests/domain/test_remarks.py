"""What people should know of a document, in both languages, and as it was written before there were codes."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import asdict

import pytest

from shared.adapters.clamav.scanner import OVER_ITS_LIMITS, OVER_THE_LIMIT
from shared.adapters.reading.kinds import NAMES, mismatch
from shared.domain.document import Inspection
from shared.domain.error_texts import SPANISH as ERRORS
from shared.domain.remark_texts import ENGLISH, PHRASES, SPANISH
from shared.domain.remarks import Remark, from_plain, phrase, to_plain, told
from shared.steps.scanning import NO_SCANNER

PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("code", ENGLISH)
def test_every_remark_is_told_in_both_languages_with_the_same_values(code: str) -> None:
    assert sorted(PLACE.findall(ENGLISH[code])) == sorted(PLACE.findall(SPANISH[code]))
    remark = Remark(code, **dict.fromkeys(PLACE.findall(ENGLISH[code]), "ñ {0} {code}"))
    assert "ñ" in told(remark, "es") or not PLACE.findall(ENGLISH[code])
    assert told(remark, "es") != told(remark, "en") == str(remark)


def test_no_sentence_is_without_a_code() -> None:
    assert set(ENGLISH) == set(SPANISH)


def test_an_error_within_a_remark_is_told_in_the_same_language() -> None:
    remark = Remark("page_not_read", page=3, error="truncated", why="It was cut off.")
    assert remark == "Page 3: It was cut off."
    assert told(remark, "es") == f"Página 3: {ERRORS['truncated']}"
    unknown = Remark("page_not_read", page=3, error="", why="The scan is too faint.")
    assert told(unknown, "es") == "Página 3: The scan is too faint."


def test_every_phrase_that_a_remark_may_hold_is_told_in_spanish() -> None:
    for english in (NO_SCANNER, OVER_THE_LIMIT, OVER_ITS_LIMITS):
        assert told(Remark("not_scanned", phrase=english), "es").endswith(PHRASES[english])
    for kind in set(NAMES):
        for remark in mismatch("a.pdf", kind) or mismatch("a.jpg", kind):
            assert isinstance(remark, Remark)
            said = str(remark.values["phrase"])
            assert said in PHRASES or said in {"Markdown", "WebVTT", "SubRip"}
    assert (phrase("Odd.", "es"), phrase(None, "es"), phrase(NO_SCANNER, "en")) == ("Odd.", None, NO_SCANNER)


def test_a_remark_is_stored_with_its_sentence_and_comes_back() -> None:
    remark = Remark("member_left", name="{x}.pdf", error="damaged", why="The file is damaged.")
    stored = json.loads(json.dumps(to_plain(remark)))
    assert (stored["code"], stored["text"]) == ("member_left", str(remark))
    assert (from_plain(stored), told(from_plain(stored), "es")) == (remark, told(remark, "es"))


def test_sentences_of_earlier_versions_and_codes_that_are_no_more_stay_readable() -> None:
    old = "Page 2: faint."
    assert (to_plain(old), from_plain(old), told(old, "es")) == (old, old, old)
    gone = {"code": "no_more", "values": {"n": 1}, "text": "Once there was 1."}
    assert told(from_plain(gone), "es") == "Once there was 1."
    changed = {"code": "page_not_read", "values": {"number": 1}, "text": "Page 1 was not read."}
    assert told(from_plain(changed), "es") == "Page 1 was not read."


def test_a_copy_of_a_remark_can_still_be_told() -> None:
    made = Inspection("text/plain", 1, (Remark("has_script"),))
    [copied] = asdict(made)["warnings"]
    assert told(copied, "es") == told(copy.deepcopy(copied), "es") == SPANISH["has_script"]
