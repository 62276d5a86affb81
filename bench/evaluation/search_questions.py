"""Questions about the sample study in words of their own, each with words of the passage that answers it."""

QUESTIONS = {
    "se siente espiada por su empresa": "Yo me siento vigilada, te lo digo tal cual",
    "echa de menos a sus colegas": "puedo pasarme una semana entera sin ver la cara de una compañera",
    "trabajar sin cobrar": "Son minutos que regalo",
    "enfermó por exceso de responsabilidad": "estuve tres noches sin dormir y acabé en urgencias",
    "cliente ficticio para ganar tiempo": "Me inventé visitas que no existen",
    "arrepentida de haber reñido a la cuidadora": "Le pedí perdón en Navidad",
    "anciana que se asusta de una extraña en casa": "Mi madre llegó a llamar a la policía",
    "comparar el control con la cárcel": "esto es una pulsera como las de los presos",
    "temor a perder el empleo": "hay contratos temporales y piensan",
    "una joven ayuda a otra mayor con la tecnología": "Ella me enseñó, con una paciencia",
    "pensioner misses chatting over a drink": "That tea was the only conversation I had some days",
    "concealing an accident from the staff": "I had a fall in the bathroom in November",
    "illness discovered early thanks to written reports": "It was a urine infection",
    "colleague hurt at night in bad weather": "She'd gone down in the dark",
    "engineer regrets his first idea": "That sentence is what I'd take back",
    "mood icons hide real problems": "There's a row of little faces for mood",
    "location tracking during breaks": "Nobody decided to follow people at lunch",
    "algorithm trained on false figures": "That was the machine learning from lies",
}
