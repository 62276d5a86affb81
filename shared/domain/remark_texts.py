"""The sentences of remarks, by code, in both languages (a test compares their places for values)."""

from __future__ import annotations

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    "page_not_read": "Page {page}: {why}",
    "not_scanned": "The file was not scanned for viruses. {phrase}",
    "attachments_left": "The e-mail lies in {depth} others: its {members} attachments were not taken out.",
    "member_left": "{name} could not be taken out: {why}",
    "cut_off_pdf": "The PDF seems to be cut off: its end is missing, and text may be missing with it.",
    "has_script": "The PDF holds JavaScript, which was not run.",
    "file_attached": "The file {name} attached to the PDF was not read.",
    "more_files_attached": "{n} more files are attached to the PDF; they were not read.",
    "decoded_as": "The text was decoded as {encoding}, not as UTF-8.",
    "wrong_encoding": "The XML's encoding is wrongly declared: {problem}.",
    "named_otherwise": "The file is named {suffix} but is {phrase}; it was read as that.",
    "no_archive": "The PDF does not say that it is PDF/A-3, which the standards of invoices inside PDFs ask for.",
    "pending_movements": "{n} movements that are not booked yet were left out.",
    "no_such_day": "Movement {n} has the value date {said}, which no calendar has; it was read as {day}, the last day "
    "of that month.",
    "not_on_pages": "The data inside the PDF say {value} for {field}, and its pages do not.",
    "doubtful_digits": "The check digits of {value} ({field}) are wrong: ask the sender before you use it.",
    "no_description": "Metadata is missing ({error}): {why}",
    "type_unasked": "No model was heard on the document's type ({error}): {why}",
    "type_unfounded": "The model's words for the document's type stand nowhere in it: its answer was not taken.",
    "rules_alone": "The record was read by rules alone ({error}): {why}",
    "rows_by_rules_alone": "The rows of the record were read by rules alone ({error}): {why}",
    "read_differently": "Rules and model read {field} differently: it is less sure.",
    "rows_read_differently": "Rules and model read some rows differently, which are less sure: {n}.",
    "rows_left": "Rows that only the model read do not add up, and were left out: {n}.",
    "values_refused": "Values of the model that stand nowhere in the document, not taken: {n}.",
    "parts_unread": "The document is long: parts whose rows no model has read: {n}.",
}

SPANISH: Final[dict[str, str]] = {
    "page_not_read": "Página {page}: {why}",
    "not_scanned": "No se han buscado virus en el archivo. {phrase}",
    "attachments_left": "El correo está dentro de otros {depth}: sus {members} adjuntos no se han extraído.",
    "member_left": "No se ha podido extraer {name}: {why}",
    "cut_off_pdf": "El PDF parece cortado: le falta el final, y con él puede faltar texto.",
    "has_script": "El PDF contiene JavaScript, que no se ha ejecutado.",
    "file_attached": "El archivo {name}, adjunto al PDF, no se ha leído.",
    "more_files_attached": "El PDF tiene {n} archivos adjuntos más, que no se han leído.",
    "decoded_as": "El texto se ha descodificado como {encoding}, no como UTF-8.",
    "wrong_encoding": "La codificación del XML está mal declarada: {problem}.",
    "named_otherwise": "El archivo se llama {suffix} pero es {phrase}; se ha leído como tal.",
    "no_archive": "El PDF no dice ser PDF/A-3, que es lo que piden las normas de facturas dentro de un PDF.",
    "pending_movements": "Se han omitido {n} movimientos que aún no están anotados.",
    "no_such_day": "El movimiento {n} tiene la fecha valor {said}, que no existe en ningún calendario; se ha leído "
    "como {day}, el último día de ese mes.",
    "not_on_pages": "Los datos dentro del PDF dicen {value} en {field}, y sus páginas no.",
    "doubtful_digits": "Los dígitos de control de {value} ({field}) no son correctos: pregunte al remitente antes de "
    "usarlo.",
    "no_description": "Faltan los metadatos ({error}): {why}",
    "type_unasked": "Ningún modelo ha opinado sobre el tipo del documento ({error}): {why}",
    "type_unfounded": "Las palabras en que el modelo basa el tipo del documento no están en él: su respuesta no se ha "
    "tomado.",
    "rules_alone": "El registro se ha leído solo con reglas ({error}): {why}",
    "rows_by_rules_alone": "Las filas del registro se han leído solo con reglas ({error}): {why}",
    "read_differently": "Las reglas y el modelo leen {field} de forma distinta: es menos seguro.",
    "rows_read_differently": "Las reglas y el modelo leen de forma distinta algunas filas, que son menos seguras: {n}.",
    "rows_left": "Hay filas que solo leyó el modelo y que no cuadran; se han omitido: {n}.",
    "values_refused": "Valores del modelo que no están en el documento y no se han tomado: {n}.",
    "parts_unread": "El documento es largo: partes cuyas filas no ha leído ningún modelo: {n}.",
}

PHRASES: Final[dict[str | None, str]] = {
    "an XML document": "un documento XML",
    "an MT940 statement": "un extracto MT940",
    "a CSV statement": "un extracto CSV",
    "No virus scanner is configured.": "No hay ningún antivirus configurado.",
    "The file is larger than the virus scanner takes.": "El archivo es mayor de lo que el antivirus admite.",
    "The file holds more than the virus scanner looks through.": "El archivo contiene más de lo que "
    "el antivirus revisa.",
    "a PDF": "un PDF",
    "a JPEG image": "una imagen JPEG",
    "a PNG image": "una imagen PNG",
    "a TIFF image": "una imagen TIFF",
    "a HEIC image": "una imagen HEIC",
    "a WEBP image": "una imagen WEBP",
    "a Word document": "un documento de Word",
    "an e-mail": "un correo electrónico",
    "an Outlook message": "un mensaje de Outlook",
    "a ZIP archive": "un archivo ZIP",
    "plain text": "texto sin formato",
}
