"""What went wrong, in the reader's language: a Spanish sentence for each code; the English one comes with the error.

The English sentence may know more (which limit, which page). An answer in Spanish gives the general sentence and keeps
that one beside it as `detail`.
"""

from __future__ import annotations

import re

LANGUAGES = ("en", "es")

SPANISH = {
    "error": "Algo ha fallado.",
    "permanent": "Esto no puede funcionar, por muchas veces que se intente.",
    "transient": "Ahora no ha funcionado; puede que más tarde sí.",
    "rejected": "El documento no se puede usar.",
    "empty_file": "El archivo está vacío o no contiene texto.",
    "too_large": "El archivo es mayor que el límite. Divídalo y súbalo de nuevo.",
    "too_many_pages": "El documento tiene más páginas que el límite. Divídalo y súbalo de nuevo.",
    "too_many_pixels": "La imagen tiene demasiados píxeles. Guárdela más pequeña y súbala de nuevo.",
    "decompression_bomb": "El archivo, al descomprimirse, ocupa mucho más de lo que debería. Guárdelo de nuevo sin "
    "contenidos grandes.",
    "encrypted": "El documento está protegido con contraseña. Quítela y súbalo de nuevo.",
    "damaged": "El archivo está dañado. Expórtelo o escanéelo de nuevo y súbalo.",
    "cut_off": "El archivo está cortado: le falta el final. Cópielo o expórtelo de nuevo y súbalo.",
    "no_pages": "El documento no tiene páginas.",
    "unsupported_type": "El archivo es de un tipo que no se puede leer. Guárdelo como PDF, Word o texto y súbalo.",
    "macros": "El archivo de Office contiene macros (programas). Guárdelo sin ellas (.docx) o como PDF y súbalo.",
    "polyglot": "El archivo es de dos tipos a la vez, como los que preparan los atacantes. Exporte de nuevo el "
    "documento y súbalo.",
    "active_content": "El documento iniciaría un programa. Imprímalo a un PDF nuevo y súbalo.",
    "infected": "El antivirus ha encontrado un virus en el archivo. Queda apartado y no se entrega a nadie.",
    "not_scannable": "El antivirus no puede revisar el archivo entero, y aquí no se aceptan archivos sin revisar.",
    "too_deep": "El archivo está dentro de demasiados archivos comprimidos o correos, unos en otros. Descomprímalo y "
    "suba lo que contiene.",
    "too_many_members": "El archivo comprimido o el correo contiene más archivos que el límite. Divídalo y suba las "
    "partes.",
    "undecodable_text": "El texto está en una codificación que no se reconoce. Guárdelo como UTF-8 y súbalo de nuevo.",
    "no_text": "No se ha podido leer ningún texto en el documento.",
    "invalid_request": "La solicitud no es válida.",
    "unauthorised": "Inicie sesión para hacer esto.",
    "forbidden": "Su función no permite hacer esto.",
    "not_found": "Aquí no existe tal cosa.",
    "conflict": "Esto no se puede hacer mientras haya otra tarea en curso.",
    "run_in_progress": "Hay un análisis en curso en este proyecto. Espere a que termine o cancélelo.",
    "unknown_documents": "Algunos de los documentos indicados no existen en este proyecto o no están terminados.",
    "bad_model_request": "El modelo rechazó la petición por mal formada.",
    "model_unusable": "No se puede preguntar nada al modelo. Revise su configuración.",
    "content_filter": "El filtro de contenidos del modelo ha bloqueado este texto.",
    "too_long": "El texto es más largo de lo que el modelo admite.",
    "truncated": "La respuesta del modelo quedó cortada antes de su final.",
    "malformed_answer": "La respuesta del modelo no tiene la forma acordada.",
    "nothing_to_study": "El proyecto no tiene entrevistas terminadas. Suba algunas y espere a que se completen.",
    "nothing_coded": "Ningún pasaje dio un código con una cita que esté en el texto; no hay base para una teoría.",
    "budget_exceeded": "El presupuesto de tokens del análisis se ha agotado. Lo codificado se conserva.",
    "lease_lost": "Otro análisis trabaja ahora en este proyecto; este se detiene.",
    "abandoned": "El análisis se perdió.",
    "unsafe_xml": "El XML declara un tipo de documento o entidades, y eso puede hacer daño. Guárdelo sin ellos.",
    "storage_full": "El almacenamiento está lleno. Elimine documentos o pida que se amplíe el límite.",
    "query_empty": "La búsqueda está vacía. Diga qué busca.",
    "query_too_long": "La búsqueda es demasiado larga.",
    "unknown_finding": "El registro no tiene esa observación.",
    "version_mismatch": "Otra persona lo ha cambiado entretanto. Vuelva a leerlo y decida.",
    "correction_refused": "La corrección no se puede aceptar.",
    "unknown_field": "Un registro no tiene ese campo.",
    "invalid_correction": "Algunos valores no pueden ser los de un registro.",
    "spending_limit": "Se ha alcanzado el límite mensual de gasto en modelos. Amplíelo o siga el mes próximo; lo hecho "
    "se conserva.",
    "not_ready": "Algo que la aplicación necesita no se puede usar.",
    "too_many_items": "El lote tendría más elementos que el límite. Repártalos en varios lotes.",
    "imports_disabled": "Las importaciones por lotes están desactivadas (IMPORTS_ENABLED).",
    "no_queue": "No hay Service Bus al que enviarlo. Configure ServiceBus o ServiceBus__fullyQualifiedNamespace.",
    "rate_limit": "El servicio está ocupado.",
    "timeout": "El servicio no respondió a tiempo.",
    "unavailable": "No se ha podido contactar con un servicio.",
    "scanner_unavailable": "El antivirus no responde. El archivo espera hasta que lo haga.",
    "unexpected": "Ha ocurrido un error inesperado.",
    "no_such_page": "El documento no tiene esa página.",
    "unreadable_page": "No se ha podido leer la página.",
    "needs_review": "Una persona tiene que revisar el documento.",
}

TITLES = {
    "The request is not valid": "La solicitud no es válida",
    "Not signed in": "Sin sesión iniciada",
    "Not allowed": "No permitido",
    "Not found": "No encontrado",
    "Conflict": "Conflicto",
    "Too many requests": "Demasiadas solicitudes",
    "Not available now": "No disponible ahora",
    "Cannot be done": "No se puede hacer",
    "A run is under way": "Hay un análisis en curso",
}


def said(code: str | None, english: str | None, language: str) -> str | None:
    """The sentence of an error in `language`; the English one where there is no other, or no error."""
    if english is None or language != "es":
        return english
    return SPANISH.get(code or "", english)


def title(english: str, language: str) -> str:
    """A problem's title in `language`."""
    return TITLES.get(english, english) if language == "es" else english


def preferred(accept_language: str | None, otherwise: str = "en") -> str:
    """The language among LANGUAGES that a header `Accept-Language` likes best (RFC 9110), else `otherwise`."""
    wishes = []
    for at, part in enumerate((accept_language or "").split(",")):
        tag, _, rest = part.strip().partition(";")
        quality = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", rest)
        weight = float(quality[1]) if quality else 1.0 if not rest.strip() else 0.0
        language = tag.strip().split("-")[0].lower()
        if language in LANGUAGES and weight > 0:
            wishes.append((-weight, at, language))
    return min(wishes)[2] if wishes else otherwise
