"""Spanish: patterns, cues and prototypes. Prototypes were written for this analyst and tuned on no single study."""

from __future__ import annotations

import re

from shared.adapters.offline_analyst.lexicon import spanish_words as lists
from shared.adapters.offline_analyst.lexicon.entry import Cue, Lexicon, words
from shared.domain.analysis import RelationKind


def _cue(pattern: str, kind: RelationKind, forward: bool) -> Cue:
    return Cue(re.compile(rf"\b(?:{pattern})\b", re.I), kind, forward)


SPANISH = Lexicon(
    language="es",
    closed=lists.CLOSED,
    adjectives=lists.ADJECTIVES,
    verbs=lists.VERBS,
    abstract_nouns=lists.ABSTRACT,
    vague=lists.VAGUE,
    empty_adjectives=lists.EMPTY_ADJECTIVES,
    light_verbs=lists.LIGHT_VERBS,
    dull_verbs=lists.DULL_VERBS,
    states=lists.STATES,
    suffixes=("ción", "sión", "dad", "miento", "ncia", "eza", "tud", "ura", "ismo", "ancio", "anza", "ez"),
    adjective_suffixes=(
        "oso",
        "osa",
        "ivo",
        "iva",
        "able",
        "ible",
        "ante",
        "ente",
        "al",
        "ico",
        "ica",
        "ado",
        "ada",
        "ario",
    ),
    # Spanish drops its pronouns, so the endings of the first person count, too.
    first_person=re.compile(
        r"\b(?:yo|me|mi|mis|mí|nos|nosotr[oa]s|nuestr[oa]s?|conmigo)\b|\b\w{3,}(?:é|í|amos|emos|imos)\b", re.I
    ),
    negation=re.compile(r"\b(?:no|nunca|jamás|nadie|nada|ningun[oa]?|ningún|sin|tampoco|apenas|ni)\b", re.I),
    contrast=re.compile(
        r"\b(?:pero|aunque|sin embargo|a pesar de|en cambio|aun así|al contrario|mientras que|no obstante|sino)\b", re.I
    ),
    talk=re.compile(
        r"\b(?:gracias por|muchas gracias|buenos días|buenas tardes|bienvenid[oa]s?|"
        r"siguiente pregunta|cuénta(?:me|nos)|"
        r"háblame|como (?:te )?decía|no sé si me explico)\b",
        re.I,
    ),
    cues=(
        _cue(r"porque|debido a|gracias a|ya que|por culpa de|como consecuencia de", RelationKind.CONDITION, False),
        _cue(r"(?<!por )(?<!como )(?<!que )si|a menos que|siempre que|con tal de que", RelationKind.CONDITION, False),
        _cue(
            r"por eso|por lo que|por lo tanto|por tanto|así que|de modo que|de manera que|lleva a|llevó a|"
            r"hace que|hizo que",
            RelationKind.CONSEQUENCE,
            True,
        ),
        _cue(r"para que|a fin de|con el fin de|para no|para (?=\w+[aei]r\b)", RelationKind.ACTION, True),
        _cue(r"cuando|mientras(?! que)|cada vez que|en cuanto", RelationKind.CONTEXT, False),
        _cue(r"aunque|a pesar de|mientras que", RelationKind.CONTRADICTION, False),
    ),
    interviewers=words(
        "entrevistador entrevistadora moderador moderadora facilitador facilitadora investigador "
        "investigadora pregunta ent"
    ),
    not_names=words(
        "nota notas ejemplo razón motivo resultado aviso fecha lugar nombre título entrevista edad resumen"
    ),
    telling=(
        "Sentí vergüenza y no se lo conté a nadie",
        "Me conmovió y me hizo ver las cosas de otra manera",
        "Dejé de confiar en ellos después de aquello",
        "Lo que más me importa es que me traten bien",
        "Fue duro y estaba agotada",
        "Aprendí a hacerlo a mi manera",
        "Decidimos cambiar la forma de trabajar",
        "Estaba tan absorta que me olvidé de todo lo demás",
        "Me encantó lo hermoso y tranquilo que era",
    ),
    reporting=(
        "Entra en la habitación y recoge la llave",
        "Salió en 2016 para varias plataformas",
        "La trama sigue a un hombre que vuelve a su pueblo",
        "Son cuatro y cada uno es diferente",
        "¿Podría contarnos un poco más sobre eso?",
        "Muchas gracias por venir hoy",
        "Por ejemplo, el que he mencionado antes",
        "Me llamo Ana y soy de Lugo",
    ),
    code_like=(
        "un sentimiento que alguien tiene",
        "un problema al que la gente se enfrenta",
        "una creencia sobre lo que es justo",
        "una manera de sobrellevar algo",
        "cómo se tratan las personas",
        "una necesidad que no se cubre",
        "un cambio en la forma de vivir o trabajar",
        "una cualidad que la gente valora",
    ),
    not_code_like=(
        "un objeto en una habitación",
        "el nombre de un pueblo",
        "un número de minutos",
        "una marca o un producto",
        "una palabra que no dice nada",
        "una parte del cuerpo",
    ),
    good=("fue una alegría y me ayudó", "amable, cálido, seguro, de confianza"),
    bad=("fue doloroso y me hizo daño", "frío, injusto, inseguro, de desconfianza"),
)
