"""How each language names an action, a state and their denial in a label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from shared.adapters.offline_analyst.lexicon import Lexicon, words
from shared.adapters.offline_analyst.lexicon.spanish_words import REFLEXIVE
from shared.adapters.offline_analyst.words import Word

_DOUBLING = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
_DOUBLED = words("forget begin admit prefer regret commit submit occur refer permit control travel cancel quarrel")


def gerund(verb: str) -> str:
    """The -ing form of an English verb."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    if verb in _DOUBLED or (_DOUBLING.match(verb) and len(verb) > 2):
        return verb + verb[-1] + "ing"
    return verb + "ing"


@dataclass(frozen=True, slots=True)
class Grammar:
    """What the patterns ask of a language."""

    language: str
    unable: str
    lack: str
    modals: frozenset[str]
    nobody: dict[str, str]
    without: frozenset[str]
    articles: frozenset[str]
    kept_articles: frozenset[str]
    noun_prepositions: frozenset[str]
    verb_prepositions: frozenset[str]
    relational: frozenset[str]
    feeling: frozenset[str]
    dull_states: frozenset[str]
    telling_verbs: frozenset[str]
    idioms: frozenset[tuple[str, str]]  # a small word and a noun that together are no noun
    dummies: frozenset[str]  # subjects that say nothing: "it is easy" is nobody's state
    inverted: frozenset[str]  # verbs whose subject often follows: the noun after them is no object

    def negation(self, word: str) -> str:
        """A denial as a label shows it."""
        if self.language == "es":
            return "nunca" if word in {"nunca", "jamás"} else "no"
        return "never" if word == "never" else "not"

    def denies(self, head: str) -> bool:
        """Whether the head of a label denies."""
        return bool(set(head.split()) & {"no", "longer", "not", "never", "nunca", "without", "sin", "nobody", "nadie"})

    def name(self, lemma: str, reflexive: bool) -> str:
        """The verb as a label has it: a gerund in English, an infinitive in Spanish."""
        if self.language == "es":
            return lemma + "se" if reflexive and lemma in REFLEXIVE else lemma
        return gerund(lemma)

    def bare(self, word: Word, head: str) -> str:
        """The verb after another verb."""
        if self.language == "en" and not head.endswith(" to"):
            return gerund(word.lemma)
        return word.text if self.language == "es" and word.text.endswith("se") and word.tag == "INF" else word.lemma

    def state(self, lemma: str, text: str) -> str:
        """The verb of a state in a label."""
        if self.language == "en":
            return gerund(lemma) if lemma in {"feel", "become", "get", "stay", "seem"} else "being"
        if lemma in {"sentir", "quedar", "poner", "volver"}:
            return lemma + "se"
        if lemma in {"parecer", "seguir"}:
            return lemma
        return "estar" if text.startswith(("est", "éstá")) else "ser"

    def head(self, nouns: list[Word]) -> Word:
        """The noun that a run of nouns is about."""
        return nouns[0] if self.language == "es" else nouns[-1]

    def leading(self, tagged: list[Word], at: int) -> tuple[str, int] | None:
        """A verb that leads another one from `at`: the head of the label and where the other verb stands."""
        rest = [word.text for word in tagged[at + 1 : at + 3]]
        lemma = tagged[at].lemma if tagged[at].tag != "HAVE" else tagged[at].text
        if self.language == "es":
            return _leading_es(lemma, tagged[at].text, rest, at)
        return _leading_en(lemma, rest, at)


def _leading_es(lemma: str, text: str, rest: list[str], at: int) -> tuple[str, int] | None:
    if lemma == "tener" and rest[:1] == ["que"]:
        return "tener que", at + 2
    if text == "hay" and rest[:1] == ["que"]:
        return "tener que", at + 2
    if lemma == "dejar" and rest[:1] == ["de"]:
        return "dejar de", at + 2
    if lemma in {"aprender", "negar", "atrever", "acostumbrar", "obligar", "ayudar", "enseñar"} and rest[:1] == ["a"]:
        return (lemma + "se" if lemma in {"negar", "atrever", "acostumbrar"} else lemma) + " a", at + 2
    if lemma in {"evitar", "querer", "preferir", "decidir", "intentar", "necesitar", "lograr", "conseguir", "fingir"}:
        return lemma, at + 1
    return None


def _leading_en(lemma: str, rest: list[str], at: int) -> tuple[str, int] | None:
    if lemma in {"have", "has", "had", "having"} and rest[:1] == ["to"]:
        return "having to", at + 2
    if lemma in {"learn", "refuse", "decide", "choose", "struggle", "afford", "need", "want", "try"} and rest[:1] == [
        "to"
    ]:
        return f"{gerund(lemma)} to", at + 2
    heads = {"avoid": "avoiding", "risk": "risking", "stop": "no longer"}
    return (heads[lemma], at + 1) if lemma in heads and rest and rest[0].endswith("ing") else None


_ENGLISH = Grammar(
    language="en",
    unable="not being able to",
    lack="no",
    modals=words("can could can't couldn't cannot can’t couldn’t"),
    nobody={"nobody": "nobody", "no-one": "nobody"},
    without=frozenset({"without", "no"}),
    articles=words("a an the my your his her our their"),
    kept_articles=words("a an the my your his her our their"),
    noun_prepositions=words("of for between with in to about from at over"),
    verb_prepositions=words("of about with in for into to from on at against"),
    relational=words("lack sense fear feeling loss need way right freedom attention respect love kind want habit sign"),
    feeling=frozenset({"feel", "become", "get"}),
    dull_states=words(
        "interested going supposed done gone called born based made said known able used based located sorry "
        "welcome released"
    ),
    telling_verbs=words(
        "cheat lie cry hide trust listen complain apologise apologize struggle suffer explore collaborate belong "
        "share laugh improvise negotiate adapt escape forgive cope grieve quit obey resist volunteer"
    ),
    idioms=frozenset(
        {("in", "spite"), ("in", "fact"), ("of", "course"), ("in", "case"), ("at", "risk"), ("on", "purpose")}
    ),
    dummies=words("it that this which there what everything these those"),
    inverted=words("come go"),
)
_SPANISH = Grammar(
    language="es",
    unable="no poder",
    lack="sin",
    modals=frozenset(),
    nobody={"nadie": "nadie"},
    without=frozenset({"sin"}),
    articles=words("el la los las un una mi mis tu tus su sus nuestro nuestra nuestros nuestras"),
    kept_articles=words("el la los las un una mi mis tu tus su sus nuestro nuestra nuestros nuestras"),
    noun_prepositions=words("de del a al con en por entre hacia para sobre"),
    verb_prepositions=words("de del en con a al por contra sobre"),
    relational=words(
        "falta sensación miedo sentido pérdida necesidad manera derecho libertad atención respeto amor ganas exceso"
    ),
    feeling=frozenset({"sentir", "quedar", "poner", "volver"}),
    dull_states=words(
        "interesado acostumbrado hecho dicho llamado nacido basado conocido situado publicado sido ido visto puesto"
    ),
    telling_verbs=words(
        "mentir llorar callar esconder confiar desconfiar escuchar quejar disculpar sufrir compartir colaborar "
        "improvisar negociar adaptar huir perdonar luchar renunciar obedecer resistir desahogar rendir aislar fiar "
        "reír"
    ),
    idioms=frozenset(
        {("por", "culpa"), ("a", "pesar"), ("a", "causa"), ("por", "favor"), ("por", "suerte"), ("a", "cargo")}
    ),
    dummies=words("eso esto que lo todo aquello"),
    inverted=words(
        "faltar caer saltar temblar llegar existir gustar salir entrar venir acabar quedar bastar sobrar doler "
        "importar interesar ocurrir suceder aparecer empezar desaparecer sonar crecer complicar calar seguir volver"
    ),
)


@cache
def _by_language(language: str) -> Grammar:
    return _SPANISH if language == "es" else _ENGLISH


def grammar_for(lexicon: Lexicon) -> Grammar:
    """The grammar of a lexicon's language."""
    return _by_language(lexicon.language)
