"""Other texts of the same kinds, on which nothing was tuned. Names, numbers and events are invented."""

from __future__ import annotations

from bench.pages.texts import Texts

TALKS = {
    "es": [
        ("Investigador", "¿Me podría contar cómo llegó usted al hospital comarcal?"),
        (
            "Remedios",
            "Llegué en octubre de 1991, recién titulada, con una maleta prestada y muchísimo miedo. Éramos veintidós "
            "enfermeras para ciento cuarenta camas, y el turno de noche lo hacíamos entre tres. Mi compañera "
            "Águeda me "
            "enseñó a dormir de pie, que también es un oficio.",
        ),
        ("Investigador", "¿Qué recuerda de aquella época?"),
        (
            "Remedios",
            "El frío. La calefacción se estropeaba cada invierno y pedíamos mantas al cuartel. Además, todo se "
            "escribía a mano: un error en una dosis y podías perder a alguien. Por eso repetíamos las cifras en "
            "voz alta, 2,5 "
            "miligramos, 0,75 mililitros, como si rezáramos. Aún hoy lo hago sin darme cuenta.",
        ),
        ("Investigador", "¿Cambió mucho el trabajo con los ordenadores?"),
        (
            "Remedios",
            "Sí y no. En 2006 nos dieron un sistema que se caía los lunes. Tardábamos más en apuntar que en curar, y "
            "los médicos jóvenes miraban la pantalla en vez de mirar al enfermo. Después mejoró, pero costó 318.400 "
            "euros y once años. Nadie nos preguntó jamás qué necesitábamos.",
        ),
        ("Investigador", "¿Y las guardias durante la pandemia?"),
        (
            "Remedios",
            "De eso prefiero hablar poco. Hubo noches de cuarenta y siete ingresos. Mi marido dejaba la cena en el "
            "rellano y yo la recogía con guantes. Lo que más me dolió fue el silencio de los pasillos: ni visitas, "
            "ni "
            "flores, ni un niño. Quizá algún día lo escriba.",
        ),
        ("Investigador", "¿Qué consejo daría a las que empiezan?"),
        (
            "Remedios",
            "Que se cuiden entre ellas. La técnica se aprende en un año; la paciencia, en diez. Y que guarden "
            "siempre "
            "una manta de más, porque el invierno vuelve.",
        ),
    ],
    "en": [
        ("Researcher", "Could you start by telling me how the ferry strike began?"),
        (
            "Mrs Okonjo",
            "It began with a kettle. In February 1986 the company took the urn out of the engine room to save £47 a "
            "month, and by Thursday nobody would sail. People laugh when I say it, but a crossing takes nine hours "
            "and "
            "the deck is wet for eight of them.",
        ),
        ("Researcher", "Were you working on board at the time?"),
        (
            "Mrs Okonjo",
            "I kept the purser's books, so I saw both sides. There were 212 names on the payroll and 61 of them had "
            "not had a full week since August. I wrote the figures on the back of a menu and gave it to the steward. "
            "That menu is in the county museum now, under glass.",
        ),
        ("Researcher", "How did the town react?"),
        (
            "Mrs Okonjo",
            "Quietly at first. The baker sent rolls, the curate sent advice. When the second boat stopped, the shops "
            "ran out of nearly everything except tinned peaches, and then feelings were different. My own brother "
            "crossed the street. We did not speak until our mother's funeral in 1990.",
        ),
        ("Researcher", "What was finally agreed?"),
        (
            "Mrs Okonjo",
            "A rise of 3.75 per cent, a drying room, and the urn. It took seventeen weeks and cost the company about "
            "£1,385,000 by its own reckoning. I typed the agreement myself, four copies, and made only one mistake, "
            "which everybody signed.",
        ),
        ("Researcher", "Looking back, was it worth it?"),
        (
            "Mrs Okonjo",
            "You should ask the ones who left. For me it was the first time that anyone had read my sums before "
            "deciding something. I was thirty-eight, and I have been hard to please ever since.",
        ),
    ],
}

PROSE = {
    "es": (
        "El molino de la Veguilla dejó de moler trigo en 1963, cuando la cooperativa de Tordehúmedo compró una "
        "máquina "
        "alemana que hacía en una hora lo que las piedras hacían en un día. Durante treinta y cuatro años sirvió de "
        "pajar, de cochera y, según algún vecino, de refugio para contrabandistas de café. La inundación de 1997 se "
        "llevó el tejado y dejó al descubierto el mecanismo: dos ruedas de nogal, un árbol de hierro forjado y una "
        "inscripción que nadie había leído jamás: «Aquí trabajó Íñiga Cortés, viuda, molinera». A partir de entonces "
        "cambió la historia del pueblo. El archivo diocesano conservaba 86 recibos con su firma, el primero de 1741, "
        "y un pleito que ganó contra el marqués por el agua de la acequia. La asociación pidió una subvención de "
        "275.900 euros; recibió 41.250, y con eso reparó la presa, limpió el cauce y compró un generador pequeño. "
        "Cada sábado muelen unos cuarenta kilos de centeno delante de los niños de la escuela, que preguntan siempre "
        "lo mismo: por qué no se para el río. El panadero, Ramón Quiñones, asegura que la harina sabe distinta, "
        "aunque también reconoció que podría ser la ilusión. En la última reunión discutieron si debían cobrar "
        "entrada. Ganó el no por 53 votos a 19. Después cantaron, y alguien sacó un acordeón que llevaba décadas "
        "mudo. A la mañana siguiente el agua seguía allí, fría y verdosa, dando vueltas."
    ),
    "en": (
        "Nobody planned the library on the marsh. It grew from a box of atlases that a lock-keeper rescued from a "
        "flooded school in 1953 and dried, page by page, over a paraffin stove. Bargemen borrowed them because the "
        "winters were long and the maps were good, and they paid in coal, eels or further books. By 1961 the "
        "collection filled a hut; by 1970 it had a catalogue, a cat and a rule against wet boots. The county "
        "refused to recognise "
        "it, on the ground that it had no address, and then sent a rates demand for £318.60 to the address it did "
        "not "
        "have. The reply, written by a retired signalman, ran to 23 pages and is still used to teach young "
        "solicitors. "
        "Borrowers signed their names on the wall beside the door, where 1,904 of them can be read today, some in "
        "pencil, one in tar. What they took home was rarely what they had come for. A girl who wanted a book on "
        "knots "
        "left with one on bridges and came back, thirty years later, to measure the sluice. In 1998 the hut burned "
        "down in a single afternoon. Within a week people had brought 640 volumes that they had forgotten to return, "
        "and the shelves were put up again in the old pump house, two feet above the highest mark on the wall. Fines "
        "have never been collected. The present keeper says that the river takes care of the interest."
    ),
}

GOODS = {
    "es": [
        "Tóner láser negro, alta capacidad", "Papel reciclado A4 (paquete)", "Bolígrafos de gel, caja de doce",
        "Reparación de impresora térmica", "Encuadernación en espiral", "Cartón ondulado, plancha",
        "Señalética de evacuación", "Rotulación de vehículo pequeño", "Diseño gráfico, hora técnica",
    ],
    "en": [
        "Re-glazing of sash window", "Oak boards, kiln dried, metre", "Brass hinges, pair, polished",
        "Apprentice labour, per hour", "Skip hire and carriage", "Limewash, natural white, tub",
        "Scaffold inspection and tag", "Horsehair plaster, bag", "Nails, screws and fixings",
    ],
}  # fmt: skip

MOVES = {
    "es": [
        "Pensión Seguridad Social", "Recibo Aguas del Júcar", "Compra Ferretería Simón", "Bizum de Lucía Marín",
        "Cajero automático Cádiz", "Comisión por descubierto", "Alquiler señor Belzunegui",
        "Devolución Zapatería Ruiz",
        "Cuota hipoteca n.º 8820", "Transferencia de Ramón", "Seguro del hogar", "Pescadería Gascón",
        "Liquidación de intereses", "Inscripción club de montaña", "Clínica dental Peláez", "Teléfono móvil",
    ],
    "en": [
        "Pension Harbour Trust", "Direct debit Gas supply", "Card payment Fennel Cafe", "Transfer from P. Whitlock",
        "Cash machine Mill Lane", "Unarranged overdraft fee", "Standing order Garage 12", "Refund Juniper Shoes",
        "Mortgage repayment no. 8820", "Faster payment M. Adeyemi", "Household insurance",
        "Card payment Kelp Fishmonger", "Debit interest charged", "Climbing club membership",
        "Card payment Molar Dentists", "Mobile phone contract",
    ],
}  # fmt: skip

WORDS = {
    "es": {
        "invoice": "FACTURA", "number": "N.º de factura", "date": "Fecha", "due": "Vence", "item": "Artículo",
        "count": "Uds.", "price": "Precio", "amount": "Importe", "net": "Total neto", "tax": "IVA 21 %",
        "total": "IMPORTE TOTAL", "statement": "MOVIMIENTOS DE LA CUENTA", "balance": "Saldo", "move": "Operación",
        "receipt": "FACTURA SIMPLIFICADA", "seller": "Gráficas Alcántara y Muñiz, S. A.",
        "thanks": "¡HASTA PRONTO, BUEN DÍA!", "street": "Avda. de la Constitución, 208, 1.º A, 50012 Zaragoza",
        "taxid": "CIF A-50836617", "cash": "TARJETA", "change": "DEVOLUCIÓN", "page": "Página 7 de 19",
        "note": "El pago se hará por transferencia a ES76 2077 0024 0031 0257 5766 en un plazo de 60 días. Gracias.",
        "shop": "PAPELERÍA EL PINGÜINO", "till": "Terminal 4  Cajero: Adrián",
    },
    "en": {
        "invoice": "TAX INVOICE", "number": "Invoice no.", "date": "Issued", "due": "Due by", "item": "Work done",
        "count": "Units", "price": "Rate", "amount": "Charge", "net": "Net total", "tax": "VAT 20 %",
        "total": "TOTAL PAYABLE", "statement": "CURRENT ACCOUNT ACTIVITY", "balance": "Balance",
        "move": "Transaction",
        "receipt": "CUSTOMER COPY", "seller": "Thorne Valley Joinery Ltd", "thanks": "PLEASE KEEP THIS RECEIPT",
        "street": "Unit 6, Tannery Yard, Hexham NE46 3PG", "taxid": "VAT no. GB 618 4402 97", "cash": "CARD",
        "note": "Payment by transfer to sort code 40-13-28, account 71950336, within 45 days. Retain for six years.",
        "shop": "MILLBROOK HARDWARE", "till": "Desk 1  Served by Gregory", "change": "CASHBACK",
        "page": "Page 7 of 19",
    },
}  # fmt: skip

FORM = [
    ("PRIMER APELLIDO", "FERNÁNDEZ-CÓRDOBA"), ("SEGUNDO APELLIDO", "IBÁÑEZ"), ("NOMBRE", "CONCEPCIÓN"),
    ("DIRECCIÓN", "TRAVESÍA DEL POZO AMARGO, 31, BAJO IZQDA."), ("LOCALIDAD", "JEREZ DE LOS CABALLEROS (BADAJOZ)"),
    ("FECHA DE EXPEDICIÓN", "08/11/2021"), ("PAÍS DE NACIMIENTO", "PERÚ"), ("TITULACIÓN", "LICENCIADA EN FILOLOGÍA"),
    ("TELÉFONO MÓVIL", "+34 619 44 27 03"), ("N.º DE SOLICITUD", "2023/10457-C"),
    ("GRÚA O VEHÍCULO", "NINGÚN VEHÍCULO"), ("ÁMBITO", "EDUCACIÓN BÁSICA Y FORMACIÓN TÉCNICA"), ("IMPORTE",
    "2.739,80 EUROS"), ("DÍAS HÁBILES", "45"),
]  # fmt: skip

HELD_OUT = Texts(TALKS, PROSE, GOODS, MOVES, WORDS, FORM)
