"""Documents that are refused for good."""

from __future__ import annotations

from shared.domain.errors.kinds import Permanent


class Rejected(Permanent):
    """The document cannot be used."""

    code = "rejected"


class EmptyFile(Rejected):
    """The file is empty."""

    code = "empty_file"


class TooLarge(Rejected):
    """The file is larger than the limit."""

    code = "too_large"


class TooManyPages(Rejected):
    """The document has more pages than the limit."""

    code = "too_many_pages"


class TooManyPixels(TooLarge):
    """The image has too many pixels. Save it smaller and upload it again."""

    code = "too_many_pixels"


class Bomb(TooLarge):
    """The file unfolds into far more than it should hold. Save it again without large contents."""

    code = "decompression_bomb"


class Encrypted(Rejected):
    """The document is protected by a password. Remove the password and upload it again."""

    code = "encrypted"


class Damaged(Rejected):
    """The file is damaged or cut off. Export or scan it again and upload it."""

    code = "damaged"


class CutOff(Damaged):
    """The file is cut off: its end is missing. Copy or export it again and upload it."""

    code = "cut_off"


class NoPages(Rejected):
    """The document has no pages."""

    code = "no_pages"


class UnsupportedType(Rejected):
    """The file is of a type that cannot be read."""

    code = "unsupported_type"


class Macros(UnsupportedType):
    """The Office file holds macros, which are programs. Save it without them (.docx) or as PDF and upload that."""

    code = "macros"


class Polyglot(Rejected):
    """The file is of two types at once, as attackers make them. Export the document anew and upload that."""

    code = "polyglot"


class ActiveContent(Rejected):
    """The document would start a program. Print it to a new PDF and upload that."""

    code = "active_content"


class Infected(Rejected):
    """The virus scanner found a virus in the file. It is kept apart and never handed out."""

    code = "infected"


class NotScannable(Rejected):
    """The virus scanner cannot look through the whole file, and files that are not scanned are refused here."""

    code = "not_scannable"


class TooDeep(Rejected):
    """The file lies in too many archives or e-mails within each other. Unpack it and upload what it holds."""

    code = "too_deep"


class TooManyMembers(Rejected):
    """The archive or e-mail holds more files than the limit. Part it and upload the parts."""

    code = "too_many_members"


class UndecodableText(Rejected):
    """The text is in an encoding that could not be recognised. Save it as UTF-8 and upload it again."""

    code = "undecodable_text"


class NoText(Rejected):
    """No text could be read in the document."""

    code = "no_text"


class UnsafeXml(Rejected):
    """The XML declares a document type or entities, which can do harm. Save it without them and upload it again."""

    code = "unsafe_xml"
