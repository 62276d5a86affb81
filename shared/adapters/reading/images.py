"""Pictures of pages: JPEG, PNG, TIFF (a page for each picture in it), HEIC, WEBP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.adapters.reading.limits import Limits
from shared.adapters.reading.source import Raster
from shared.domain.errors import CutOff, Damaged, TheoGenError, TooLarge, TooManyPages, TooManyPixels
from shared.ports import PageImage

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
WEBP = "image/webp"
FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), TIFF: ("TIFF",), HEIC: ("HEIF",), WEBP: ("WEBP",)}
SEVERAL_PAGES = frozenset({TIFF, HEIC})  # elsewhere further pictures are animation, previews or depth
LONGEST_SIDE = 3000


class Pictures:
    """Source over the pictures of one file."""

    warnings: tuple[str, ...] = ()

    def __init__(self, data: bytes, media_type: str, limits: Limits) -> None:
        """Raises Damaged, TooLarge and TooManyPages; decodes nothing yet."""
        self._limits = limits
        with _our_errors():
            self._file = _open(data, media_type)
            self._check_size(self._file)
            self.count = self._count() if media_type in SEVERAL_PAGES else 1

    def verify(self) -> None:
        """Decode the first picture: only that shows whether it is whole."""
        with _our_errors():
            self._load(1)

    def page(self, number: int) -> Raster:
        """Picture `number`, upright as its camera says, on white, at most LONGEST_SIDE pixels long."""
        from PIL import ImageOps

        with _our_errors():
            loaded = self._load(number)
            width, height = loaded.size
            longest = max(width, height)
            if longest > LONGEST_SIDE:
                scale = LONGEST_SIDE / longest
                loaded = loaded.resize((max(round(width * scale), 1), max(round(height * scale), 1)), reducing_gap=2.0)
            upright = _on_white(ImageOps.exif_transpose(loaded))
            image = PageImage(upright.width, upright.height, upright.tobytes("raw", "BGR"))
            return Raster(image, float(upright.width), float(upright.height))

    def close(self) -> None:
        """Let go of the decoded picture."""
        self._file.close()

    def _count(self) -> int:
        """Pictures in the file, counted one by one: what the file claims may be a lie."""
        count = 1
        while True:
            try:
                self._file.seek(count)
            except EOFError:
                return count
            count += 1
            if count > self._limits.max_pages:
                raise TooManyPages(f"The image file holds more than {self._limits.max_pages} pages. Split it.")

    def _load(self, number: int) -> Picture:
        if number > 1 or self.count > 1:
            self._file.seek(number - 1)
        self._check_size(self._file)
        self._file.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded at half its size where that is enough
        self._file.load()
        return self._file

    def _check_size(self, picture: Picture) -> None:
        width, height = picture.size
        if width * height > self._limits.max_pixels:
            most = self._limits.max_pixels // 1_000_000
            raise TooManyPixels(f"The image has more than {most} million pixels. Save it smaller and upload it again.")


def _open(data: bytes, media_type: str) -> Picture:
    from PIL import Image

    if media_type == HEIC:
        from pi_heif import register_heif_opener

        register_heif_opener()
    return Image.open(io.BytesIO(data), formats=FORMATS[media_type])


def _on_white(picture: Picture) -> Picture:
    """Any mode as RGB; what is transparent is paper, and 16 bits a channel become 8."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        low, high = (float(v) for v in picture.getextrema()[:2])  # type: ignore[arg-type]
        scale = 255.0 / max(high - low, 1.0)
        picture = picture.convert("F").point(lambda value: value * scale - low * scale).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


@contextmanager
def _our_errors() -> Iterator[None]:
    """Whatever a decoder raises over bad data, a person is told that the image is damaged."""
    from PIL import Image

    try:
        yield
    except TheoGenError:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except MemoryError as error:
        raise TooLarge("The image needs too much memory. Save it smaller and upload it again.") from error
    except Exception as error:
        if "truncated" in str(error):  # so say the decoders, whose errors have no type of their own
            raise CutOff from error
        raise Damaged("The image is damaged or cut off. Save or scan it again and upload it.") from error
