"""What happens to a printed page on its way to a reader: a flatbed scanner, or a phone held over a desk."""

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

Pixels = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float32]

POINTS_PER_INCH = 72
WHITE = (255, 255, 255)


def render(pdf: bytes, dpi: int) -> list[Pixels]:
    """The pages of a PDF as pictures (blue, green, red)."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [
            np.ascontiguousarray(page.render(scale=dpi / POINTS_PER_INCH).to_numpy()[:, :, :3]) for page in document
        ]
    finally:
        document.close()


def scanned(page: Pixels, skew_degrees: float, rng: np.random.Generator) -> Pixels:
    """A grey scan: laid down slightly askew, paper not quite white, a darker edge, dust and sensor noise."""
    height, width = page.shape[:2]
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew_degrees, 1)
    grey = cv2.warpAffine(grey, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=WHITE)
    grey = cv2.GaussianBlur(grey, (0, 0), 0.6)
    for _ in range(25):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(grey, (x, y), 1, int(rng.integers(130, 200)), -1)
    light = 28 + grey.astype(np.float32) * (216 / 255)
    across = np.linspace(0, 1, width, dtype=np.float32)
    light -= 40 * np.exp(-across / 0.012)[None, :]
    return _to_pixels(light + _grain((height, width), 2.5, rng))


def photographed(page: Pixels, rng: np.random.Generator) -> Pixels:
    """A phone photo: perspective, a wooden desk, a warm lamp to one side, an arm's shadow, blur, grain."""
    height, width = page.shape[:2]
    margin = int(0.05 * height)
    size = (width + 2 * margin, height + 2 * margin)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    pull = np.array([[0.040, 0.012], [-0.022, -0.004], [0.008, 0.010], [-0.014, -0.012]], np.float32)
    seen = corners + margin + pull * np.float32(width)
    view = cv2.getPerspectiveTransform(corners, seen)
    paper = cv2.warpPerspective(page, view, size, flags=cv2.INTER_AREA, borderValue=WHITE)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), view, size).astype(np.float32) / 255
    cast = cv2.GaussianBlur(np.roll(mask, (14, 10), axis=(0, 1)), (0, 0), 16)
    desk = _desk(size, rng) * (1 - 0.5 * cast)[..., None]
    sheet = 14 + paper.astype(np.float32) * (232 / 255)
    scene = (desk + mask[..., None] * (sheet - desk)) * _lamp(size)[..., None]
    scene *= np.array([0.88, 0.96, 1.0], np.float32)
    soft = cv2.GaussianBlur(scene.astype(np.float32), (0, 0), 0.8)
    return _to_pixels(soft + _grain((size[1], size[0]), 2.2, rng)[..., None])


def as_jpeg(image: Pixels, quality: int) -> bytes:
    """The picture as the bytes of a JPEG file."""
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture could not be written as JPEG")
    return bytes(data.tobytes())


def _desk(size: tuple[int, int], rng: np.random.Generator) -> Light:
    """Brown wood: long streaks along the width."""
    width, height = size
    knots = rng.normal(0, 1, (height // 3, 6)).astype(np.float32)
    streaks = cv2.GaussianBlur(cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC), (0, 0), 2)
    wood: Light = np.array([52, 82, 118], np.float32) + streaks[..., None] * np.array([9, 12, 15], np.float32)
    return wood


def _lamp(size: tuple[int, int]) -> Light:
    """How much light reaches each point: brightest upper left, a soft shadow lower right."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    fall = 1.03 - 0.24 * (0.6 * x / width + 0.4 * y / height)
    arm = np.exp(-(((x - 0.86 * width) / (0.30 * width)) ** 2) - ((y - 0.80 * height) / (0.22 * height)) ** 2)
    light: Light = (fall * (1 - 0.2 * arm)).astype(np.float32)
    return light


def _grain(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> Light:
    return rng.normal(0, strength, shape).astype(np.float32)


def _to_pixels(light: Light) -> Pixels:
    return np.clip(light, 0, 255).astype(np.uint8)
