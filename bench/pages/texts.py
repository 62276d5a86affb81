"""What stands on the pages that are made up. Names, numbers and events are invented."""

from __future__ import annotations

from dataclasses import dataclass

Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Texts:
    """What the pages are made of: by language, but for the form, which is Spanish."""

    talks: dict[str, Rows]
    prose: dict[str, str]
    goods: dict[str, list[str]]
    moves: dict[str, list[str]]
    words: dict[str, dict[str, str]]
    form: Rows


TALKS = {
    "es": [
        ("Entrevistadora", "Buenos días, y gracias por venir. ¿Cómo empezó usted en la lonja de pescado?"),
        (
            "Begoña",
            "Empecé en marzo de 1984, con diecisiete años. Mi tío Íñigo descargaba cajas de anchoa y me avisó de que "
            "faltaba alguien que supiera sumar. Yo sumaba rápido, así que el señor Ordóñez me dio una libreta, un "
            "lápiz y 2.300 pesetas de adelanto.",
        ),
        ("Entrevistadora", "¿Y qué hacía exactamente?"),
        (
            "Begoña",
            "Apuntaba lo que traía cada barco: kilos, precio, comprador. Eran unos cuarenta y ocho barcos, y cada "
            "mañana se vendían entre 6.500 y 9.200 kilos. Si me equivocaba en una línea, discutían hasta mediodía. "
            "Aprendí que un número mal escrito también puede hacer daño.",
        ),
        ("Entrevistadora", "¿Cuándo notó que algo cambiaba?"),
        (
            "Begoña",
            "Hacia 1996, después del temporal. Se hundieron tres embarcaciones pequeñas y la cooperativa no cobró el "
            "seguro hasta dos años más tarde. Muchos jóvenes se marcharon a Vitoria o a Logroño. ¡Qué silencio "
            "había en el muelle! Ni siquiera se oían las gaviotas, decía mi madre, aunque exageraba un poquito.",
        ),
        ("Entrevistadora", "¿Pensó en dejarlo?"),
        (
            "Begoña",
            "Sí, muchísimas veces. Pero también descubrí quién estaba allí cuando hacía falta. Ángel y Concepción "
            "hacían mis turnos sin pedir nada a cambio, y el cura nos prestó la fotocopiadora. Al final, entre todos, "
            "pagamos la deuda: 14.750,60 euros, ni uno más ni uno menos.",
        ),
        ("Entrevistadora", "¿Qué le diría a quien empieza hoy?"),
        (
            "Begoña",
            "Que pregunte, que apunte y que no tenga vergüenza. La máquina enseña deprisa, pero la compañera de al "
            "lado enseña mejor. Y que guarde los papeles: lo que no está escrito, mañana será sólo una opinión.",
        ),
    ],
    "en": [
        ("Interviewer", "Thank you for making the time. How did you come to run the night school?"),
        (
            "Mr Hargreave",
            "By accident, really. In the autumn of 1991 the council closed two of its five libraries, and I had "
            "the key to one of them because I looked after the boiler. Somebody asked whether the reading room could "
            "stay open on Tuesdays. I said yes, and then 34 people turned up.",
        ),
        ("Interviewer", "What did they want to learn?"),
        (
            "Mr Hargreave",
            "Everything, but mostly how to fill in forms. There was a welder who could strip an engine blindfold and "
            "could not read the letter that told him he was redundant. We spent six weeks on that one letter. I still "
            "have my notes: 118 pages in pencil, with the date in the corner of each.",
        ),
        ("Interviewer", "Was there any money behind it?"),
        (
            "Mr Hargreave",
            "Not a penny until 1994, and then a grant of £1,260.50, which bought a second-hand copier and the paper "
            "to feed it. The accounts were simple: what came in went out again as toner. Nobody was paid, and nobody "
            "asked to be, which is how I knew that it mattered to them.",
        ),
        ("Interviewer", "When did you realise that it was working?"),
        (
            "Mr Hargreave",
            "The evening the lights failed. I thought that they would all go home. Instead they moved the tables "
            "under the street lamp by the window and carried on with chapter 7. One woman said that she had waited "
            "forty years for this, and she was not going to be stopped by a fuse.",
        ),
        ("Interviewer", "What would you tell the people who take over?"),
        (
            "Mr Hargreave",
            "Keep the door open and keep the register honest. Write down who came, not who should have come. And "
            "never correct a person's spelling in front of the others; do it on the way to the bus stop.",
        ),
    ],
}

PROSE = {
    "es": (
        "La asociación de vecinos nació en un portal, sin estatutos y casi sin luz. Según el acta más antigua, del 9 "
        "de octubre de 1978, acudieron veintiséis personas y se recogieron 1.140 pesetas para comprar sellos. El "
        "barrio llevaba once años esperando una línea de autobús y una escuela pública; ni la una ni la otra "
        "habían pasado de ser una promesa en época de elecciones. Aquella noche decidieron escribir una carta cada "
        "lunes, siempre al mismo despacho, hasta que alguien contestara. Contestaron en la carta número 63. "
        "Después llegaron las asambleas, las pancartas hechas con sábanas y un boletín de cuatro páginas que se "
        "imprimía a escondidas en el taller de Joaquín Peñalver. Las mujeres, que al principio servían el café, "
        "acabaron dirigiendo la comisión de vivienda: conocían cada gotera, cada recibo y cada amenaza. El año "
        "siguiente consiguieron el centro de salud, y con él un médico joven que preguntaba más de lo que "
        "recetaba. No todo fueron éxitos. La cooperativa de consumo cerró a los tres años, con un déficit de "
        "487.320 pesetas, y todavía hoy se discute si faltó crédito o sobró confianza. Lo que sí quedó fue la "
        "costumbre de reunirse: cuando la fábrica anunció 212 despidos, bastaron dos horas para llenar la plaza. "
        "Quienes estuvieron allí recuerdan el frío, la megafonía averiada y una niña que repartía mandarinas."
    ),
    "en": (
        "The allotments behind the gasworks were never meant to last. The borough let them out in 1947 for five "
        "years at seven shillings a plot, and then forgot to ask for the land back. By the time anyone looked at the "
        "map again there were 83 sheds, a committee with a treasurer and a waiting list of four years. People grew "
        "what reminded them of somewhere else: gooseberries, okra, black kale, and once a vine that covered the whole "
        "of a railway carriage. Rules were few and mostly concerned bonfires. Quarrels were many, and nearly all of "
        "them were about water. The tap by the gate gave out at noon in dry summers, so a rota was painted on the "
        "side of the store, and whoever ignored it found a polite note under a brick. In 1988 a developer offered "
        "£412,000 for the lower half. The meeting that refused it took eleven minutes, including the reading of the "
        "minutes. What the members feared was not the loss of the vegetables, which anybody could buy, but of the "
        "hour between work and supper when nobody needed to explain themselves. A widower told us that he had not "
        "picked a single bean in the year after the funeral; he came each evening, sat on an upturned crate and "
        "listened to other people digging. The following spring someone had sown his plot for him, in straight rows, "
        "and left the packets on sticks so that he would know what was coming up."
    ),
}

GOODS = {
    "es": [
        "Revisión de caldera y quemador", "Tubería de cobre 18 mm (metro)", "Válvula de presión, latón",
        "Mano de obra, oficial de primera", "Desplazamiento a Peñíscola", "Sustitución del termostato",
        "Líquido anticongelante, garrafa", "Señalización y limpieza final", "Pequeño material eléctrico",
    ],
    "en": [
        "Servicing of printing press", "Offset plates, anodised", "Varnish, quick drying, 5 litres",
        "Journeyman's labour, per hour", "Carriage to the Isle of Wight", "Replacement of feed rollers",
        "Blue ink, heavy duty, tin", "Disposal of solvents", "Sundries and small parts",
    ],
}  # fmt: skip

MOVES = {
    "es": [
        "Nómina Ayuntamiento de Cañete", "Recibo Compañía Eléctrica", "Compra Librería El Búho", "Bizum de Ángel Núñez",
        "Cajero automático Logroño", "Comisión de mantenimiento", "Alquiler señora Güemes", "Devolución Óptica Peña",
        "Cuota préstamo n.º 4471", "Transferencia de Asunción", "Seguro del automóvil", "Panadería Ordóñez",
        "Intereses a su favor", "Matrícula escuela de música", "Farmacia Íñiguez", "Teléfono e Internet",
    ],
    "en": [
        "Salary Dunmore Ferries", "Direct debit Water board", "Card payment Thistle Books", "Transfer from A. Quigley",
        "Cash machine High Street", "Account maintenance fee", "Standing order Rent Flat 3", "Refund Lamplight Optics",
        "Loan repayment no. 4471", "Faster payment J. Oduya", "Motor insurance premium", "Card payment Crumb Bakery",
        "Gross interest credited", "Music school enrolment", "Card payment Pestle Pharmacy", "Broadband and rental",
    ],
}  # fmt: skip

WORDS = {
    "es": {
        "invoice": "FACTURA", "number": "Número", "date": "Fecha", "due": "Vencimiento", "item": "Descripción",
        "count": "Cant.", "price": "Precio", "amount": "Importe", "net": "Base imponible", "tax": "IVA 21 %",
        "total": "TOTAL A PAGAR", "statement": "EXTRACTO DE CUENTA", "balance": "Saldo", "move": "Concepto",
        "receipt": "TIQUE DE COMPRA", "seller": "Fontanería Núñez e Hijas, S. L.", "thanks": "¡GRACIAS POR SU VISITA!",
        "street": "C/ Ibáñez de Bilbao, 17, 3.º B, 48009 Bilbao", "taxid": "NIF B-95314720", "cash": "EFECTIVO",
        "note": "Páguese antes de 30 días en ES21 1465 0100 7220 3087 6293. La demora devengará intereses.",
        "shop": "ULTRAMARINOS ACUÑA", "till": "Caja 2  Atendió: Verónica", "change": "CAMBIO", "page": "Página 3 de 12",
    },
    "en": {
        "invoice": "INVOICE", "number": "Number", "date": "Date", "due": "Payment due", "item": "Description",
        "count": "Qty", "price": "Price", "amount": "Amount", "net": "Subtotal", "tax": "VAT 20 %",
        "total": "BALANCE DUE", "statement": "STATEMENT OF ACCOUNT", "balance": "Balance", "move": "Details",
        "receipt": "SALES RECEIPT", "seller": "Pemberton & Daughters Ltd", "thanks": "THANK YOU, COME AGAIN!",
        "street": "41 Quayside Row, Whitby YO22 4DN", "taxid": "VAT no. GB 294 7718 05", "cash": "CASH",
        "note": "Please pay within 30 days: sort code 20-45-77, account 63918204. Interest accrues on late payment.",
        "shop": "HARBOUR LANE STORES", "till": "Till 2  Served by Veronica", "change": "CHANGE", "page": "Page 3 of 12",
    },
}  # fmt: skip

FORM = [
    ("APELLIDOS Y NOMBRE", "MUÑOZ DE LA PEÑA, MARÍA JOSÉ"), ("DOMICILIO", "CAMINO DE LA ACEQUIA, 9, 1.º DCHA."),
    ("MUNICIPIO", "ALMUÑÉCAR (GRANADA)"), ("FECHA DE NACIMIENTO", "27/04/1968"), ("NACIONALIDAD", "ESPAÑOLA"),
    ("PROFESIÓN", "TÉCNICA ÓPTICA Y ÁRBITRA DE FÚTBOL"), ("TELÉFONO", "+34 655 08 71 92"),
    ("CORREO ELECTRÓNICO", "mj.munoz@correo-ejemplo.es"), ("N.º DE EXPEDIENTE", "2024/00318-B"),
    ("OBSERVACIÓN", "EXPEDICIÓN URGENTE POR RAZÓN MÉDICA"), ("LENGUAS", "ESPAÑOL, INGLÉS Y PORTUGUÉS"),
    ("IMPORTE DE LA TASA", "1.086,45 EUROS"), ("AÑO DE INSCRIPCIÓN", "2009"), ("CATEGORÍA", "ÚNICA"),
]  # fmt: skip

TEXTS = Texts(TALKS, PROSE, GOODS, MOVES, WORDS, FORM)
