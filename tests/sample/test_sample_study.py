"""The sample study is what its README says it is."""

import re
from decimal import Decimal
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from docx import Document

from sample.make_files import (
    DOCUMENTS,
    TEXTS,
    SampleDocument,
    build,
    read_invoice,
    read_study,
    speaker_and_words,
)

STUDY = read_study()
INTERVIEWS = [document for document in STUDY["documents"] if document["expected_type"] == "interview"]
INVOICE = next(document for document in STUDY["documents"] if document["expected_type"] == "invoice")


def flat(text: str) -> str:
    return " ".join(text.split())


def source_of(document: SampleDocument) -> str:
    return (TEXTS / document["source"]).read_text(encoding="utf-8")


def pdf_text(path: Path) -> str:
    pdf = pdfium.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def text_inside(path: Path) -> str:
    if path.suffix == ".docx":
        return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    if path.suffix == ".pdf":
        return pdf_text(path)
    return path.read_text(encoding="utf-8")


def with_format(*formats: str) -> list[SampleDocument]:
    return [document for document in STUDY["documents"] if document["format"] in formats]


def pictures_in(path: Path) -> list[np.ndarray]:
    if path.suffix == ".jpg":
        photo = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        assert photo is not None
        return [photo]
    return [page.render(scale=1, grayscale=True).to_numpy() for page in pdfium.PdfDocument(path)]


def tax_id_check_digit(tax_id: str) -> str:
    odd = [sum(divmod(2 * int(digit), 10)) for digit in tax_id[1:8:2]]
    even = [int(digit) for digit in tax_id[2:8:2]]
    return str(-(sum(odd) + sum(even)) % 10)


def account_check_digit(ten_digits: str) -> str:
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(ten_digits, weights, strict=True)) % 11
    return str({10: 1, 11: 0}.get(rest, rest))


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    build(folder)
    return folder


def test_every_file_listed_exists_and_no_other_stands_beside_them() -> None:
    assert {path.name for path in DOCUMENTS.iterdir()} == {document["file"] for document in STUDY["documents"]}
    assert {path.name for path in TEXTS.iterdir()} == {document["source"] for document in STUDY["documents"]}


def test_the_whole_folder_stays_under_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in TEXTS.parent.rglob("*") if path.is_file()) < 3_000_000


def test_half_of_the_documents_go_in_by_http_and_half_as_blobs() -> None:
    ways = [document["goes_in"] for document in STUDY["documents"]]
    assert ways.count("http") == ways.count("blob") == len(ways) / 2


def test_every_format_is_there_once_at_least() -> None:
    assert {document["format"] for document in STUDY["documents"]} == {
        "text",
        "word",
        "pdf",
        "scan",
        "photo",
        "invoice",
    }


def test_the_research_question_is_asked_in_both_languages() -> None:
    assert STUDY["language"] in STUDY["research_question"]
    assert set(STUDY["research_question"]) == {"es", "en"}


@pytest.mark.parametrize("language", ["es", "en"])
def test_at_least_three_interviews_are_in_each_language(language: str) -> None:
    assert sum(document["language"] == language for document in INTERVIEWS) >= 3


@pytest.mark.parametrize("interview", INTERVIEWS, ids=lambda document: document["file"])
def test_an_interview_has_800_to_1500_words(interview: SampleDocument) -> None:
    assert 800 <= len(source_of(interview).split()) <= 1500


@pytest.mark.parametrize("interview", INTERVIEWS, ids=lambda document: document["file"])
def test_every_turn_has_one_of_two_speakers_and_they_alternate(interview: SampleDocument) -> None:
    _, *turns = source_of(interview).strip().split("\n\n")
    speakers = [re.sub(r"^\[[\d:]+\] ", "", speaker_and_words(turn)[0]) for turn in turns]
    participant = str(interview["participant"]).split(",")[0]
    asks = {"es": "Entrevistadora:", "en": "Interviewer:"}[interview["language"]]
    assert set(speakers[::2]) == {asks}
    assert set(speakers[1::2]) == {f"{participant}:"}


@pytest.mark.parametrize("document", with_format("text", "word", "pdf"), ids=lambda document: document["file"])
def test_text_word_and_pdf_say_what_their_source_says(document: SampleDocument) -> None:
    assert flat(text_inside(DOCUMENTS / document["file"])) == flat(source_of(document))


@pytest.mark.parametrize("document", with_format("scan"), ids=lambda document: document["file"])
def test_the_scan_has_no_text_layer_and_at_most_three_pages(document: SampleDocument) -> None:
    path = DOCUMENTS / document["file"]
    assert pdf_text(path).strip() == ""
    assert 1 <= len(pdfium.PdfDocument(path)) <= 3


def test_the_invoice_adds_up() -> None:
    invoice = read_invoice(INVOICE["source"])
    for line in invoice["lines"]:
        assert Decimal(line["quantity"]) * Decimal(line["unit_price"]) == Decimal(line["amount"])
    base = sum(Decimal(line["amount"]) for line in invoice["lines"])
    assert base == Decimal(invoice["taxable_base"])
    vat = (base * Decimal(invoice["vat_rate"]) / 100).quantize(Decimal("0.01"))
    assert vat == Decimal(invoice["vat"])
    assert base + vat == Decimal(invoice["total"])


def test_the_invoice_carries_valid_check_digits() -> None:
    invoice = read_invoice(INVOICE["source"])
    for party in (invoice["seller"], invoice["buyer"]):
        assert party["tax_id"][-1] == tax_id_check_digit(party["tax_id"])
    iban = invoice["iban"]
    assert int(iban[4:] + "1428" + iban[2:4]) % 97 == 1
    assert len(iban) == 24
    bank, check, account = iban[4:12], iban[12:14], iban[14:]
    assert check == account_check_digit(f"00{bank}") + account_check_digit(account)


def test_the_printed_invoice_shows_its_numbers() -> None:
    invoice = read_invoice(INVOICE["source"])
    printed = flat(pdf_text(DOCUMENTS / INVOICE["file"]))
    for amount in (invoice["taxable_base"], invoice["vat"], invoice["total"]):
        assert f"{amount.replace('.', ',')} €" in printed
    assert invoice["number"] in printed
    assert "31/03/2026" in printed
    assert invoice["iban"] in printed.replace(" ", "")
    assert invoice["seller"]["tax_id"] in printed
    assert invoice["buyer"]["tax_id"] in printed


@pytest.mark.parametrize(
    "document", with_format("text", "word", "pdf", "invoice"), ids=lambda document: document["file"]
)
def test_rebuilding_gives_the_same_texts(document: SampleDocument, rebuilt: Path) -> None:
    assert text_inside(rebuilt / document["file"]) == text_inside(DOCUMENTS / document["file"])


@pytest.mark.parametrize("document", with_format("scan", "photo"), ids=lambda document: document["file"])
def test_rebuilding_gives_the_same_pictures(document: SampleDocument, rebuilt: Path) -> None:
    kept, made = pictures_in(DOCUMENTS / document["file"]), pictures_in(rebuilt / document["file"])
    assert len(kept) == len(made)
    for one, other in zip(kept, made, strict=True):
        assert one.shape == other.shape
        assert np.abs(one.astype(int) - other.astype(int)).mean() < 2


def test_building_twice_gives_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    for path in build(tmp_path):
        assert path.read_bytes() == (rebuilt / path.name).read_bytes()
