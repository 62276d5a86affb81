"""Labels of codes and categories: one form for ids, so that the same idea is one code; one for display."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
_ARTICLES = frozenset(["el", "la", "los", "las", "un", "una", "unos", "unas", "the", "an"])
# "a" is an article only in English: "a veces" is not "veces".
_ENGLISH = frozenset(["the", "of", "to", "in", "and", "for", "with", "on", "about", "from", "at", "by", "being", "not"])
_PUNCTUATION = re.compile(r"[^\w\s]|_")
# Words that end like a plural and are none, or whose singular is another word.
_INVARIANT = frozenset(
    [
        *(
            "crisis",
            "tesis",
            "sintesis",
            "series",
            "species",
            "news",
            "means",
            "always",
            "perhaps",
            "besides",
            "sometimes",
        ),
        *("thanks", "gracias", "antes", "entonces", "menos", "lejos", "ademas", "jamas", "atras", "detras", "despues"),
        *(
            "quizas",
            "lunes",
            "martes",
            "miercoles",
            "jueves",
            "viernes",
            "estres",
            "interes",
            "pais",
            "ingles",
            "frances",
        ),
        *(
            "celos",
            "ganas",
            "goods",
            "arms",
            "customs",
            "glasses",
            "spirits",
            "manners",
            "savings",
            "odds",
            "versus",
            "yes",
        ),
        *("tras", "does", "this", "traves", "bias", "alas", "chaos", "ethos", "caos", "cosmos", "adios", "dios"),
    ]
)
_IRREGULAR = {
    "paises": "pais",
    "estreses": "estres",
    "intereses": "interes",
    "raices": "raiz",
    "felices": "feliz",
    "capaces": "capaz",
    "eficaces": "eficaz",
    "matrices": "matriz",
    "especies": "especie",
    "superficies": "superficie",
    "movies": "movie",
    "women": "woman",
    "men": "man",
    "children": "child",
    "lives": "life",
    "wives": "wife",
    "redes": "red",
    "leyes": "ley",
    "meses": "mes",
    "flores": "flor",
    "amores": "amor",
    "roles": "rol",
    "role": "rol",
}
# (ending, what replaces it, shortest word it applies to), first match wins. Endings that Spanish and English share
# lead to one stem for singular and plural alike; where the languages disagree, leaving apart is the safe side.
_ENDINGS = [
    ("dades", "dad", 7),
    ("tades", "tad", 7),
    ("tudes", "tud", 7),
    ("tude", "tud", 6),
    ("iones", "ion", 6),
    ("ores", "or", 7),
    ("eres", "er", 7),
    ("ares", "ar", 7),
    ("ales", "al", 7),
    ("eles", "el", 7),
    ("enes", "en", 7),
    ("ones", "on", 7),
    ("eces", "ez", 5),
    ("oces", "oz", 5),
    ("uces", "uz", 5),
    ("ies", "y", 5),
    ("sses", "ss", 6),
    ("shes", "sh", 6),
    ("tches", "tch", 6),
    ("aches", "ach", 7),
    ("xes", "x", 5),
]
_NOT_PLURAL = re.compile(r"(?:ss|us|is|ics)$")
# These are English: their singular ends in e.
_ENGLISH_E = re.compile(
    r"(?:(?:[sc]h|squ|softw|hardw|warehous)ares|(?:st|sc|expl|ign|ad)ores|atmospheres|heres|scenes|^genes)$"
)


def normalise_label(label: str) -> str:
    """The form of a label that says if two labels are one idea: no case, accents, punctuation, article or plural.

    Only forms of the same words become equal: "caso" and "casa" stay apart, ñ stays, and so does every "no".
    """
    plain = unicodedata.normalize("NFKC", label).casefold()
    words = _PUNCTUATION.sub(" ", plain.replace("'", "").replace("’", "")).split()
    while len(words) > 1 and _is_article(words):
        words = words[1:]
    return " ".join(_singular(word) for word in words)


def _is_article(words: list[str]) -> bool:
    return words[0] in _ARTICLES or (words[0] == "a" and not _ENGLISH.isdisjoint(words))


def _singular(word: str) -> str:
    stressed = re.search(r"[áéíóú]s$", word) is not None  # "interés", "inglés": never a plural
    bare = _without_accents(word)
    if bare in _IRREGULAR:
        return _IRREGULAR[bare]
    if stressed or len(bare) <= 3 or bare in _INVARIANT:
        return bare
    if _ENGLISH_E.search(bare):
        return bare[:-1]
    for ending, stem, shortest in _ENDINGS:
        if bare.endswith(ending) and len(bare) >= shortest:
            return bare[: -len(ending)] + stem
    return bare if not bare.endswith("s") or _NOT_PLURAL.search(bare) else bare[:-1]


def _without_accents(word: str) -> str:
    """The word without accents; ñ and ç are letters of their own and stay."""
    kept = []
    for char in word:
        decomposed = unicodedata.normalize("NFD", char)
        kept.append(char if char in "ñç" else "".join(c for c in decomposed if not unicodedata.combining(c)))
    return "".join(kept)


def clean_label(label: str) -> str:
    """A label as it is shown: one line, no quotation marks around it, no period at its end, at most 80 characters."""
    text = " ".join(unicodedata.normalize("NFC", label).split())
    while True:
        shorter = text.strip("\"'“”‘’«»`*_ ").rstrip(".,;: ")
        if shorter == text:
            break
        text = shorter
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[LONGEST // 2 :] else cut).rstrip(".,;: ") + "…"
