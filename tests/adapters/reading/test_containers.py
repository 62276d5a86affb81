"""What lies in archives and e-mails."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from shared.adapters.reading import FileReader, Limits
from shared.domain.document import Inspection, Member
from shared.domain.errors import Damaged, EmptyFile, Encrypted, TooManyMembers
from tests.adapters.reading.files import RememberingOcr, zipped
from tests.adapters.reading.hostile import GOOD_PDF, locked_zip, nested_zip
from tests.adapters.reading.outlook_file import outlook

MAIL, OUTLOOK, ZIP = "message/rfc822", "application/vnd.ms-outlook", "application/zip"


def mail(text: str, attachments: dict[str, bytes], subject: str = "Papeles") -> bytes:
    """An e-mail with attachments."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@example.org", "luis@example.org", subject
    message["Message-ID"] = "<1@example.org>"
    message.set_content(text)
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


async def opened(
    data: bytes, name: str = "file", first: int = 1, last: int = 999, limits: Limits | None = None
) -> tuple[Inspection, list[Member]]:
    reader = FileReader(RememberingOcr(), limits)
    found = await reader.inspect(data, name)
    return found, [member async for member in reader.members(data, found.media_type, first, last)]


async def test_an_archive_gives_its_files_in_order_and_has_no_pages() -> None:
    found, members = await opened(zipped({"uno.txt": b"one", "carpeta/dos.txt": b"two"}))
    assert (found.media_type, found.page_count, found.members, found.warnings) == (ZIP, 0, 2, ())
    assert members == [Member(1, "uno.txt", b"one"), Member(2, "carpeta/dos.txt", b"two")]


async def test_members_are_asked_for_in_parts() -> None:
    data = zipped({f"{n}.txt": b"%d" % n for n in range(1, 8)})
    parts = [(await opened(data, first=first, last=first + 2))[1] for first in (1, 4, 7)]
    assert [[member.ordinal for member in part] for part in parts] == [[1, 2, 3], [4, 5, 6], [7]]
    assert [member.data for part in parts for member in part] == [b"%d" % n for n in range(1, 8)]


async def test_folders_and_what_systems_leave_behind_are_no_members() -> None:
    litter = {"__MACOSX/._a.txt": b"x", "b/.DS_Store": b"x", "Thumbs.db": b"x", "folder/": b""}
    found, members = await opened(zipped({"a.txt": b"hello", **litter}))
    assert (found.members, [member.path for member in members]) == (1, ["a.txt"])


async def test_a_bad_member_says_why_and_the_others_come() -> None:
    data = bytearray(zipped({"a.txt": b"first and good", "b.txt": b"x" * 500, "c.txt": b"", "d.txt": b"last"}))
    at = data.find(b"b.txt") + len("b.txt")
    data[at : at + 3] = b"\xff\xff\xff"  # its compressed bytes
    _, members = await opened(bytes(data))
    assert [(member.path, member.error_code) for member in members] == [
        ("a.txt", None), ("b.txt", "damaged"), ("c.txt", "empty_file"), ("d.txt", None),
    ]  # fmt: skip
    assert [member.data for member in members] == [b"first and good", None, None, b"last"]
    assert all((member.error_message or "x.").endswith(".") for member in members)


async def test_a_member_over_the_limit_of_a_file_is_left_in() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("large.txt", b"x" * 2_000_000)
        archive.writestr("small.txt", b"x")
    _, members = await opened(out.getvalue(), limits=Limits(max_bytes=1_000_000))
    assert [member.error_code for member in members] == ["too_large", None]


async def test_an_archive_of_which_one_file_is_locked_gives_the_others() -> None:
    data = bytearray(zipped({"a.txt": b"open", "b.txt": b"locked"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(mark) + offset] |= 1
    _, members = await opened(bytes(data))
    assert [member.error_code for member in members] == [None, "encrypted"]
    with pytest.raises(Encrypted):
        await opened(locked_zip(a=b"x"))


async def test_an_archive_of_nothing_or_of_too_much_is_refused() -> None:
    with pytest.raises(EmptyFile):
        await opened(zipped({}))
    with pytest.raises(TooManyMembers, match="5 files; at most 4"):
        await opened(zipped({f"{n}.txt": b"x" for n in range(5)}), limits=Limits(max_members=4))


async def test_an_archive_in_an_archive_is_a_member_and_stays_closed() -> None:
    found, [member] = await opened(nested_zip(5))
    assert found.members == 1
    assert (member.data or b"").startswith(b"PK")


async def test_an_e_mail_has_its_text_and_its_attachments() -> None:
    found, members = await opened(mail("Le envío dos papeles.", {"acta.pdf": GOOD_PDF, "notas.txt": b"notas"}), "a.eml")
    assert (found.media_type, found.page_count, found.members) == (MAIL, 1, 2)
    assert members == [Member(1, "acta.pdf", GOOD_PDF), Member(2, "notas.txt", b"notas")]


@pytest.mark.parametrize(
    "header",
    [
        "attachment; filename*=utf-8''a%C3%B1o.txt",
        'attachment; filename="=?utf-8?q?a=C3=B1o.txt?="',
        "attachment; filename*0*=utf-8''a; filename*1*=%C3%B1o.txt",
    ],
)
async def test_names_of_attachments_are_read_however_they_are_encoded(header: str) -> None:
    data = (
        "From: a\nTo: b\nSubject: c\nMessage-ID: <1@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHola\n--b\n"
        f"Content-Type: application/pdf\nContent-Disposition: {header}\n\nx\n--b--\n"
    )
    _, [member] = await opened(data.encode(), "a.eml")
    assert member.path == "año.txt"


async def test_attachments_of_an_inner_message_are_members_and_signatures_are_not() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Dentro"
    inner.set_content("texto de dentro")
    inner.add_attachment(b"deep", maintype="application", subtype="pdf", filename="hondo.pdf")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"], outer["Message-ID"] = "a@x", "b@x", "Fuera", "<1@x>"
    outer.set_content("texto de fuera")
    outer.add_attachment(inner)
    outer.add_attachment(b"sig", maintype="application", subtype="pgp-signature", filename="signature.asc")
    _, members = await opened(outer.as_bytes(), "a.eml")
    assert [(member.path, member.data) for member in members] == [("hondo.pdf", b"deep")]


async def test_an_e_mail_of_attachments_alone_is_one() -> None:
    data = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\nMessage-ID: <1>\n\nx\n"
    found, members = await opened(data, "a.eml")
    assert (found.page_count, [member.path for member in members]) == (1, ["a.pdf"])


async def test_an_outlook_message_is_read_like_any_e_mail() -> None:
    data = outlook("Papeles", "Le envío dos papeles.\r\nSaludos", {"acta.pdf": GOOD_PDF, "notas.txt": b"notas"})
    found, members = await opened(data, "a.msg")
    assert (found.media_type, found.page_count, found.members, found.warnings) == (OUTLOOK, 1, 2, ())
    assert members == [Member(1, "acta.pdf", GOOD_PDF), Member(2, "notas.txt", b"notas")]
    [page] = await FileReader(RememberingOcr()).read_pages(data, OUTLOOK, 1, 1)
    assert page.text.split("\n") == ["Subject: Papeles", "", "Le envío dos papeles.", "Saludos"]


@pytest.mark.parametrize("keep", [600, 2000, 4000])
async def test_an_outlook_message_that_was_cut_off_is_refused(keep: int) -> None:
    sign = "__properties_version1.0".encode("utf-16-le")
    with pytest.raises(Damaged):
        await opened(outlook("Papeles", "Hola", {"a.pdf": GOOD_PDF})[:keep] + sign)
