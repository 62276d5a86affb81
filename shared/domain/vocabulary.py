"""Words by which sentences and speakers are told apart, in Spanish and English, in lower case."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Abbreviations that never end a sentence, as something always follows.
TITLES = _words("""
    sr sra srta sres dr dra drs d dña don dª prof profa ing lic arq fr gral cap mr mrs ms messrs st rev hon gen
    col sgt ee no nos nº núm num n° art arts pág págs pag pp cap vol fig figs tel tlf avda av c ctra cf vid vs v
    p.ej e.g i.e ee.uu approx aprox incl excl ed eds depto dpto ref ej
""")
# Abbreviations that end a sentence only when what follows begins like one.
OPEN_ABBREVIATIONS = _words("""
    etc inc ltd corp co s.a s.l p.m a.m u.s u.k ee.uu jr sr. ph.d jan feb mar apr aug sept sep oct dec
""")
# How transcripts call who asks and who answers.
ROLES = _words("""
    entrevistador entrevistadora entrevistado entrevistada interviewer interviewee moderador moderadora
    moderator participante participant speaker hablante informante respondent p r e i q a m pregunta respuesta
    question answer host guest investigador investigadora researcher
""")
# Labels of forms and business papers: what stands before their colon is not a speaker.
FORM_WORDS = _words("""
    total subtotal fecha date factura invoice importe amount iva vat nif cif nie tel teléfono telephone phone
    fax email e-mail correo web iban bic swift dirección address cliente customer número number nº no concepto
    description vencimiento due base cuota precio price cantidad quantity qty nota notas note notes referencia
    reference ref saldo balance asunto subject de from para to cc lugar place duración duration título title
    page página break pausa seller buyer vendedor comprador proveedor currency moneda order pedido tax ust datum
    rechnung betrag
""")
