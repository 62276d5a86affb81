"""English: patterns, cues and prototypes. Prototypes were written for this analyst and tuned on no single study."""

from __future__ import annotations

import re

from shared.adapters.offline_analyst.lexicon import english_words as lists
from shared.adapters.offline_analyst.lexicon.entry import Cue, Lexicon, words
from shared.domain.analysis import RelationKind


def _cue(pattern: str, kind: RelationKind, forward: bool) -> Cue:
    return Cue(re.compile(rf"\b(?:{pattern})\b", re.I), kind, forward)


ENGLISH = Lexicon(
    language="en",
    closed=lists.CLOSED,
    adjectives=lists.ADJECTIVES,
    verbs=lists.VERBS,
    abstract_nouns=lists.ABSTRACT,
    vague=lists.VAGUE,
    empty_adjectives=lists.EMPTY_ADJECTIVES,
    light_verbs=lists.LIGHT_VERBS,
    dull_verbs=lists.DULL_VERBS,
    states=lists.STATES,
    suffixes=("tion", "sion", "ness", "ity", "ment", "ance", "ence", "ism", "ship", "dom", "hood", "acy", "ety"),
    adjective_suffixes=("ful", "ous", "ive", "able", "ible", "less", "ical", "ual", "ish", "ary", "ial", "ional"),
    first_person=re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours|ourselves|you|your)\b", re.I),
    negation=re.compile(r"\b(?:no|not|never|nobody|nothing|none|without|neither|nor|hardly|cannot|\w+n['’]t)\b", re.I),
    contrast=re.compile(
        r"\b(?:but|although|though|however|despite|even so|whereas|yet|instead|on the other hand|nevertheless)\b", re.I
    ),
    talk=re.compile(
        r"\b(?:thank you|thanks for|good morning|welcome to|nice to meet|having me|next question|let me ask|"
        r"tell (?:me|us) (?:more )?about|you know what i mean|as i said|right\?)\b",
        re.I,
    ),
    cues=(
        _cue(r"because of|because|due to|thanks to|as a result of", RelationKind.CONDITION, False),
        _cue(r"(?<!know )(?<!sure )(?<!wonder )(?<!see )(?<!as )if|unless|as long as", RelationKind.CONDITION, False),
        _cue(
            r"that['’]?s why|that is why|therefore|as a result|which is why|leads? to|led to|so then|"
            r"which ma(?:d|k)es? (?:me|us|you|them|it)",
            RelationKind.CONSEQUENCE,
            True,
        ),
        _cue(r"so that|in order to|so as to", RelationKind.ACTION, True),
        _cue(r"whenever|when|while|as soon as", RelationKind.CONTEXT, False),
        _cue(r"although|even though|despite|whereas", RelationKind.CONTRADICTION, False),
    ),
    interviewers=words("interviewer moderator facilitator researcher host question q int interviewer1 interviewer2"),
    not_names=words(
        "note notes example reason result warning date place name title interview participants age summary"
    ),
    telling=(
        "I felt ashamed and I did not tell anyone",
        "It moved me and made me see things in another way",
        "I stopped trusting them after that",
        "What matters most to me is being treated well",
        "It was hard and I was exhausted",
        "I learned to do it my own way",
        "We decided to change how we work",
        "I was so absorbed that I forgot everything else",
        "I loved how beautiful and peaceful it felt",
    ),
    reporting=(
        "He walks into the room and picks up the key",
        "It came out in 2016 for several platforms",
        "The plot follows a man who returns to his village",
        "There are four of them and each one is different",
        "Could you tell us a little more about that",
        "Thank you very much for coming today",
        "For example, the one that I mentioned before",
        "My name is Ana and I am from Leeds",
    ),
    code_like=(
        "a feeling that someone has",
        "a problem that people face",
        "a belief about what is right",
        "a way of coping with something",
        "how people treat each other",
        "a need that is not met",
        "a change in how people live or work",
        "a quality that people value",
    ),
    not_code_like=(
        "an object in a room",
        "the name of a town",
        "a number of minutes",
        "a brand or a product",
        "a word that means nothing",
        "a part of the body",
    ),
    good=("it was a joy and it helped me", "kind, warm, safe, trusting"),
    bad=("it was painful and it hurt me", "cold, unfair, unsafe, distrustful"),
)
