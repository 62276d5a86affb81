"""Small interviews written for these tests."""

from shared.domain.analysis import Brief, Fragment

SPANISH = """Entrevistadora: ¿Cómo viviste el cierre de la fábrica?

Rosa: Sentí mucha rabia, porque llevaba veinte años allí y nadie me avisó. Me sentí abandonada por la empresa. \
No podía dormir por las noches y tenía miedo de perder la casa.

Entrevistadora: ¿Y después? ¿Te ayudó alguien?

Rosa: Después aprendí a pedir ayuda a mis vecinas. Yo confiaba en ellas más que en el sindicato. \
Por eso decidimos compartir los gastos, para que nadie se quedara sola."""

ENGLISH = """Interviewer: How did you feel when the school closed? Did you expect it?

Martha: I felt ashamed, because I could not find another job. I was not trusting anybody \
and I stopped asking for help. We lost our sense of community that winter.

Interviewer: Thank you for telling me that. I felt sad when I heard it.

Martha: I learned to share my worries with my sister. I felt supported by her, so that I could rest. \
I never lied to my children about our debts."""

MORE = (
    ("en", "Paul: I felt ashamed of asking for help. I was afraid of losing my home because nobody was paying me."),
    (
        "en",
        "Paul: I trusted my neighbours, and their kindness made me proud. We shared our meals when we had no money.",
    ),
    ("en", "Nadia: I felt watched by my boss all day. I was exhausted by the pressure and I could not rest at all."),
    ("en", "Nadia: I felt proud of my work and I loved teaching the young ones. That trust helped me to stay calm."),
    (
        "es",
        "Luis: Sentí vergüenza de pedir ayuda a mi familia. Tenía miedo porque no podía pagar el alquiler de mi casa.",
    ),
    (
        "es",
        "Luis: Me sentí acompañado por mis amigos. Perdí la confianza en el banco cuando me mintieron sobre mi deuda.",
    ),
    ("es", "Carmen: Me sentí vigilada en mi trabajo. Estaba agotada por la presión y no podía descansar nunca."),
    (
        "es",
        "Carmen: Sentí orgullo de mis compañeras. Aprendimos a defender nuestro trabajo juntas, aunque teníamos miedo.",
    ),
)


def brief(language: str = "en") -> Brief:
    """A study."""
    return Brief("tenant", "project", language)


def fragment(text: str, language: str, number: int = 0, document: str = "d0") -> Fragment:
    """A passage."""
    return Fragment(f"p{number}", document, text, language)


def corpus() -> list[Fragment]:
    """Ten passages of six documents in two languages."""
    parts = [fragment(SPANISH, "es", 0, "rosa"), fragment(ENGLISH, "en", 1, "martha")]
    return parts + [fragment(text, lang, n + 2, text.split(":")[0]) for n, (lang, text) in enumerate(MORE)]
