"""Files that come in: forms, raw bodies, blobs."""

from __future__ import annotations

import pytest

from functions.triggers.documents_http import files_of
from shared.domain.errors import InvalidRequest
from shared.steps.leftovers import parts_of
from tests.triggers.requests import multipart, request

# Fixed: they name tests, too.
TENANT, PROJECT = "0c5f2f5e-8d7b-4c07-9a51-4f3f5b1c7d10", "7a1f0c52-55a4-4d5f-8a5c-2f0f0f3d9e21"


def raw_name(disposition: str) -> str:
    [(name, data)] = files_of(request(b"data", {"Content-Disposition": disposition}))
    assert data == b"data"
    return name


def test_every_file_of_a_form_is_taken_in_order() -> None:
    form = multipart(
        ("file", '; filename="a.txt"', b"uno"),
        ("file", '; filename="b.txt"', b"dos"),
        ("other", '; filename="c.pdf"', b"\x00\xff\r\n"),
    )
    assert files_of(form) == [("a.txt", b"uno"), ("b.txt", b"dos"), ("c.pdf", b"\x00\xff\r\n")]


def test_a_form_keeps_names_beyond_ascii() -> None:
    form = multipart(("file", "; filename*=UTF-8''a%C3%B1o.txt", b"x"), ("file", '; filename="señal.txt"', b"y"))
    assert [name for name, _ in files_of(form)] == ["año.txt", "señal.txt"]


def test_twofiles_of_of_one_name_are_twofiles_of() -> None:
    form = multipart(("file", '; filename="a.txt"', b"uno"), ("file", '; filename="a.txt"', b"dos"))
    assert [data for _, data in files_of(form)] == [b"uno", b"dos"]


@pytest.mark.parametrize("fields", [(), (("note", "", b"no file"),)])
def test_a_form_without_a_file_is_refused(fields: tuple[tuple[str, str, bytes], ...]) -> None:
    with pytest.raises(InvalidRequest, match="no file"):
        files_of(multipart(*fields))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="entrevista 1.txt"', "entrevista 1.txt"),
        ("attachment; filename=a.txt", "a.txt"),
        ("attachment; filename*=UTF-8''a%C3%B1o%20nuevo.pdf", "año nuevo.pdf"),
        ("attachment; filename*=utf-8'es'a%C3%B1o.pdf", "año.pdf"),
        ("attachment; filename*=ISO-8859-1''a%F1o.pdf", "año.pdf"),
        ("attachment; filename=\"ano.pdf\"; filename*=UTF-8''a%C3%B1o.pdf", "año.pdf"),
        ("attachment; filename*=UTF-8''100%2525.txt", "100%25.txt"),
        ('attachment; filename="a%C3%B1o.pdf"', "año.pdf"),
        ('attachment; filename="100%.txt"', "100%.txt"),
        ('attachment; filename="a;b.txt"', "a;b.txt"),
    ],
)
def test_a_raw_body_is_named_by_its_header(disposition: str, name: str) -> None:
    assert raw_name(disposition) == name


@pytest.mark.parametrize("disposition", ["", "attachment", 'attachment; filename=""', "attachment; filename*=UTF-8''"])
def test_a_raw_body_without_a_name_is_refused(disposition: str) -> None:
    with pytest.raises(InvalidRequest, match="Content-Disposition"):
        raw_name(disposition)


def test_a_charset_that_nobody_knows_is_no_crash() -> None:
    assert raw_name("attachment; filename*=KLINGON''abc.txt") == "abc.txt"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (f"{TENANT}/{PROJECT}/a.txt", (TENANT, PROJECT, "a.txt")),
        (f"{TENANT}/{PROJECT}/carpeta/b c.txt", (TENANT, PROJECT, "carpeta/b c.txt")),
        (f"{TENANT.upper()}/{PROJECT}/a.txt", (TENANT, PROJECT, "a.txt")),
        (f"{TENANT}/{PROJECT}/", (TENANT, PROJECT, "")),
        (f"{TENANT}/{PROJECT}", (TENANT, PROJECT, "")),
        (f"{TENANT}/a.txt", ("", "", "")),
        ("a.txt", ("", "", "")),
        ("", ("", "", "")),
        (f"/{TENANT}/{PROJECT}/a.txt", ("", "", "")),
    ],
)
def test_a_blob_s_path_says_whose_it_is(path: str, parts: tuple[str, str, str]) -> None:
    assert parts_of(path) == parts
