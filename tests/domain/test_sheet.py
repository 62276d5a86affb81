"""Pages as rows of cells: places in the canonical text and on the page."""

from shared.domain.document import Line, Page, Word
from shared.domain.misread import folded, mended
from shared.domain.sheet import flat_sheet, sheet_of


def page_with_words() -> Page:
    words = (
        Word(0, 5, (0.1, 0.1, 0.2, 0.12), 0.9),
        Word(7, 12, (0.6, 0.1, 0.7, 0.12), 0.5),
    )
    return Page(1, "Total  12,50", "ocr", lines=(Line(0, 12, (0.1, 0.1, 0.7, 0.12), 0.8, words),))


def test_cells_have_the_places_of_their_words() -> None:
    (row,) = sheet_of([page_with_words()]).rows
    assert [cell.text for cell in row.cells] == ["Total", "12,50"]
    assert row.cells[1].box == (0.6, 0.1, 0.7, 0.12)


def test_a_place_is_that_of_the_cells_that_hold_the_characters_and_as_sure_as_the_least_sure_word() -> None:
    assert sheet_of([page_with_words()]).place(7, 12) == (1, (0.6, 0.1, 0.7, 0.12), 0.5)


def test_offsets_count_in_the_canonical_text_over_pages() -> None:
    pages = [Page(1, "one", "native"), Page(2, "two  three", "native")]
    sheet = sheet_of(pages)
    assert sheet.text == "one\ftwo  three"
    assert [(cell.text, cell.start) for cell in sheet.rows[1].cells] == [("two", 4), ("three", 9)]
    assert sheet.place(9, 14) == (2, None, 1.0)
    assert flat_sheet(sheet.text).rows == sheet.rows


def test_an_empty_document_has_no_rows_and_no_places() -> None:
    assert sheet_of([]).rows == ()
    assert sheet_of([Page(1, "\n \n", "native")]).place(0, 1) == (None, None, 1.0)


def test_mending_never_moves_the_end_of_an_amount() -> None:
    for text in ("TOTAL 31 .00", "TOTAL 3l.OO", "2O18", "1.5l milk", "40.00SR", "No 5 .5"):
        assert len(mended(text)) == len(text)
    assert mended("TOTAL 31 .00") == "TOTAL  31.00"
    assert mended("1.5l milk") == "1.5l milk"


def test_folding_keeps_every_character_at_its_place() -> None:
    assert folded("Straße nº ñandú") == "STRAßE Nº NANDU"
