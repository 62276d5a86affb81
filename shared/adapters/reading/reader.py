"""DocumentReader over every supported type: opens the file, and takes its pages one after another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import TypeVar

from shared.adapters.reading.containers import count_members, members_of
from shared.adapters.reading.data import DATA_TYPES, open_data
from shared.adapters.reading.images import FORMATS, Pictures
from shared.adapters.reading.kinds import PDF, TEXTS, mismatch, recognise
from shared.adapters.reading.limits import MEGABYTE, Limits
from shared.adapters.reading.mail import MAIL, open_mail
from shared.adapters.reading.outlook import OUTLOOK, open_outlook
from shared.adapters.reading.pdf import Pdf
from shared.adapters.reading.pdf_hazards import check_streams, hazards
from shared.adapters.reading.plain import open_plain
from shared.adapters.reading.source import NoSource, Raster, Source
from shared.adapters.reading.unpacking import WORD, ZIP
from shared.adapters.reading.word import open_word
from shared.domain.document import Inspection, Member, Page
from shared.domain.errors import (
    CutOff,
    Damaged,
    EmptyFile,
    InvalidRequest,
    Permanent,
    SpendingLimit,
    TheoGenError,
    TooLarge,
    TooManyPages,
    UnsupportedType,
)
from shared.ports import OcrEngine, Owner
from shared.tracing import place_of

log = logging.getLogger(__name__)

T = TypeVar("T")


class FileReader:
    """Reads PDF, images, Word, e-mail and text, and takes files out of archives and e-mails.

    Files and rasters stay in memory; nothing touches the disk.

    Boxes, width and height of a page are those of the page after the turn in `rotated`; sizes are points for PDF
    and pixels for images. Cells of a table's row stand two spaces apart.
    """

    def __init__(self, ocr: OcrEngine, limits: Limits | None = None) -> None:
        self._ocr = ocr
        self._limits = limits or Limits()

    async def inspect(self, data: bytes, name: str) -> Inspection:
        """Type, pages and warnings. `name` may be any text: it is never used as a path."""
        return await asyncio.to_thread(self._inspect, data, name)

    async def read_pages(
        self, data: bytes, media_type: str, first: int, last: int, owner: Owner | None = None
    ) -> list[Page]:
        """The pages asked for, one in memory at a time; transient errors of the OCR engine are passed on."""
        if not 1 <= first <= last:
            raise InvalidRequest(f"Pages {first} to {last} cannot be read: pages count from 1.")
        source = await asyncio.to_thread(self._open, data, media_type)
        try:
            return [await self._page(source, number, owner) for number in range(first, last + 1)]
        finally:
            await asyncio.to_thread(source.close)

    async def members(self, data: bytes, media_type: str, first: int, last: int) -> AsyncIterator[Member]:
        """Members of an archive or e-mail, each unpacked when it is asked for."""
        found = members_of(data, media_type, first, last, self._limits)
        while (member := await asyncio.to_thread(lambda: _guarded(lambda: next(found, None)))) is not None:
            yield member

    def _inspect(self, data: bytes, name: str) -> Inspection:
        if not data:
            raise EmptyFile
        if len(data) > self._limits.max_bytes:
            most = self._limits.max_bytes // MEGABYTE
            raise TooLarge(f"The file is larger than {most} MB. Split it and upload it again.")
        media_type = _guarded(lambda: recognise(data, name, self._limits))
        if media_type == PDF:
            _guarded(lambda: check_streams(data))
        source = self._open(data, media_type)
        try:
            if source.count > self._limits.max_pages:
                raise TooManyPages(
                    f"The document has {source.count} pages; at most {self._limits.max_pages} can be read. Split it."
                )
            source.verify()
            warnings = source.warnings + mismatch(name, media_type)
            if media_type == PDF:
                warnings += _guarded(lambda: hazards(data))
            members = _guarded(lambda: count_members(data, media_type, self._limits))
            return Inspection(media_type, source.count, warnings, members)
        finally:
            source.close()

    def _open(self, data: bytes, media_type: str) -> Source:
        try:
            return _guarded(lambda: _opened(data, media_type, self._limits))
        except Damaged as error:
            if media_type == PDF and b"%%EOF" not in data[-2048:]:
                raise CutOff from error
            raise

    async def _page(self, source: Source, number: int, owner: Owner | None) -> Page:
        """One page; what goes wrong with it alone is its problem, not the document's."""
        if number > source.count:
            return Page(
                number, "", "native", 0.0, problem=f"The document has no page {number}.", error_code="no_such_page"
            )
        try:
            page = await asyncio.to_thread(source.page, number)
            return await self._recognised(page, number, owner) if isinstance(page, Raster) else page
        except SpendingLimit:
            raise  # no fault of the page: the document can be read when the limit allows it again
        except Permanent as error:
            return Page(number, "", "ocr", 0.0, problem=str(error), error_code=error.code)
        except TheoGenError:
            raise
        except Exception as error:  # its message may quote the document
            log.warning("page %d could not be read: %s at %s", number, type(error).__name__, place_of(error))
            return Page(
                number, "", "ocr", 0.0, problem=f"Page {number} could not be read.", error_code="unreadable_page"
            )

    async def _recognised(self, raster: Raster, number: int, owner: Owner | None) -> Page:
        page = await self._ocr.read(replace(raster.image, owner=owner), number)
        sideways = page.rotated % 180 != 0
        width, height = (raster.height, raster.width) if sideways else (raster.width, raster.height)
        return replace(page, width=width, height=height)


def _opened(data: bytes, media_type: str, limits: Limits) -> Source:
    if media_type == PDF:
        return Pdf(data, limits)
    if media_type in FORMATS:
        return Pictures(data, media_type, limits)
    if media_type == WORD:
        return open_word(data, limits)
    if media_type == MAIL:
        return open_mail(data)
    if media_type in DATA_TYPES:
        return open_data(data, media_type)
    if media_type == OUTLOOK:
        return open_outlook(data)
    if media_type == ZIP:
        return NoSource()
    if media_type in TEXTS:
        return open_plain(data)
    raise UnsupportedType


def _guarded(opening: Callable[[], T]) -> T:
    """Whatever a library raises over a bad file, the file is damaged; the cause goes to the log."""
    try:
        return opening()
    except TheoGenError:
        raise
    except Exception as error:
        log.warning("a file could not be opened: %s at %s", type(error).__name__, place_of(error))
        raise Damaged from error
