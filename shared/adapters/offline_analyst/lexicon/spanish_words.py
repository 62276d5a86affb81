"""Spanish word lists. Closed classes first; the open ones hold only what the rules cannot guess."""

from __future__ import annotations

from shared.adapters.offline_analyst.lexicon.entry import pairs, words

_CLASSES = {
    "DET": "el la los las un una unos unas este esta estos estas ese esa esos esas aquel aquella aquellos aquellas "
    "algún alguna algunos algunas cada todo toda todos todas tanto tanta tantos tantas mucho mucha muchos "
    "muchas poca pocos pocas otra otro otros otras cualquier demasiado demasiada demasiados demasiadas "
    "cuánto cuánta bastante bastantes ambos",
    "POSS": "mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra vuestros vuestras",
    "NEGDET": "ningún ninguna ninguno",
    "PRON": "yo tú usted ustedes él ella ellos ellas nosotros nosotras vosotros vosotras nadie alguien quien "
    "quienes esto eso aquello algo nada ello mí ti conmigo contigo uno qué quién cuál cuáles",
    "CLITIC": "me te se nos os lo le les",
    "PREP": "a al de del en con sin por para sobre entre hasta desde hacia según contra durante ante bajo tras como "
    "que si gracias porque cuando mientras aunque donde cuyo pues excepto salvo",
    "CONJ": "y e o u pero ni sino",
    "MODAL": "puedo puedes puede podemos podéis pueden podía podías podíamos podían podría podríamos podrían pude "
    "pudo pudimos pudieron podamos puedan pueda puedas podido debo debes debe debemos deben debía debían "
    "debería deberían deber",
    "BE": "ser estar soy eres es somos sois son era eras éramos eran fui fue fuimos fueron sea sean será serán "
    "sería siendo sido estoy estás está estamos estáis están estaba estabas estábamos estaban estuve estuvo "
    "estuvimos estuvieron esté estén estará estaría estando estado fuera fuese",
    "HAVE": "he has ha hemos habéis han había habías habíamos habían habrá habría hay hubo haya hayan haber habido "
    "hubiera",
    "NEG": "no nunca jamás tampoco apenas",
    "ADV": "muy más menos ya también siempre aún todavía solo sólo bien mal así aquí ahí allí allá ahora antes "
    "después luego entonces casi incluso hoy ayer mañana tarde temprano cerca lejos dentro fuera encima "
    "debajo arriba abajo quizá quizás además mejor peor tan sí claro bueno vale vamos igual cómo cuándo "
    "dónde medio pronto apenas delante detrás adelante junto juntos frente tal adiós hola oye mira total "
    "nunca-más atrás demás",
    "NUM": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis treinta "
    "cuarenta cincuenta cien mil primero primera primer segundo segunda tercer tercera último última últimos "
    "mismo misma mismos mismas propio propia varios varias",
}
_CLASSES["ADV"] = _CLASSES["ADV"].replace("nunca-más ", "")
CLOSED = {word: tag for tag, text in reversed(_CLASSES.items()) for word in text.split()}

PARTICIPLES = pairs(
    "hecho:hacer dicho:decir puesto:poner visto:ver escrito:escribir abierto:abrir roto:romper muerto:morir "
    "vuelto:volver cubierto:cubrir resuelto:resolver hecha:hacer puesta:poner vista:ver escrita:escribir "
    "abierta:abrir rota:romper muerta:morir dicha:decir"
)

# Nouns that end like infinitives, and verb forms that simplemma reads as something else.
NOT_VERBS = words(
    "mujer lugar hogar ayer taller mar alquiler bar azúcar mujeres lugares hogares auxiliar familiar particular "
    "popular escolar celular similar militar titular solar placer deber amanecer anochecer ser poder saber "
    "bienestar malestar pesar líder par pilar collar ejemplar regular carácter cualquier doctor peor mejor mayor "
    "menor anterior posterior interior exterior superior color dolor calor valor error favor amor rencor señor "
    "nombre hombre madre padre noche tarde parte gente calle suerte muerte leche clase frase base fase llave nieve "
    "nube ave clave grave suave breve leve dulce once doce"
)
IRREGULAR = pairs(
    "siento:sentir sientes:sentir siente:sentir sienten:sentir cuento:contar cuenta:contar cuentan:contar "
    "pido:pedir pide:pedir piden:pedir pierdo:perder pierde:perder pierden:perder quiero:querer quiere:querer "
    "tengo:tener tiene:tener vengo:venir hago:hacer digo:decir salgo:salir pongo:poner dejo:dejar deja:dejar "
    "dejan:dejar ayuda:ayudar llamo:llamar llama:llamar trabajo:trabajar cuido:cuidar cuida:cuidar miro:mirar "
    "mira:mirar lleva:llevar llevo:llevar falta:faltar espera:esperar espero:esperar duda:dudar paso:pasar "
    "pasa:pasar pregunta:preguntar pregunto:preguntar queja:quejar firma:firmar marca:marcar cambia:cambiar "
    "cambio:cambiar cierra:cerrar entra:entrar quita:quitar vi:ver di:dar dio:dar hizo:hacer hice:hacer puse:poner "
    "dije:decir sentí:sentir pedí:pedir perdí:perder sale:salir sales:salir salen:salir entiendo:entender "
    "entiende:entender fío:fiar fían:fiar fía:fiar"
)

ADJECTIVES = words(
    "solo sola quieto quieta junta juntas cansado agotado triste alegre feliz contento contenta tranquilo tranquila "
    "nervioso nerviosa seguro segura inseguro insegura vigilado vigilada orgulloso orgullosa culpable capaz incapaz "
    "libre justo justa injusto injusta difícil fácil duro dura blando fuerte débil grande pequeño pequeña joven "
    "viejo vieja mayor nuevo nueva bueno buena malo mala mejor peor largo larga corto corta lento lenta rápido "
    "rápida alto baja bajo barato barata rico rica pobre limpio limpia sucio sucia claro clara oscuro oscura frío "
    "fría caliente público pública privado privada social laboral familiar personal humano humana profesional "
    "digital económico económica médico médica mutuo mutua común propio raro extraño extraña torpe inútil útil "
    "amable sincero sincera honesto honesta íntimo íntima invisible vacío vacía lleno llena enfermo enferma sano "
    "sana vivo viva muerto roto rota igual diferente distinto distinta paciente tierno tierna firme suave grave "
    "breve enorme inmenso entero entera doble único única simple sencillo sencilla loco loca ciego sordo ajeno "
    "ajena cercano cercana lejano humillante constante diario diaria continuo continua forzado obligado perdido "
    "perdida asustado asustada enfadado enfadada preocupado preocupada emocionado emocionada dolido dolida harto "
    "harta pendiente presente ausente"
)

VERBS = words(
    "sentir perder pedir ayudar cuidar confiar desconfiar llorar callar esconder ocultar esperar aprender enseñar "
    "explicar decidir elegir cambiar dejar evitar escuchar hablar contar luchar pelear negociar organizar compartir "
    "respetar mentir engañar vigilar controlar medir correr descansar dormir acompañar proteger defender aguantar "
    "soportar resistir"
)

ABSTRACT = words(
    "confianza desconfianza miedo vergüenza culpa orgullo rabia alegría amor cariño esperanza duda cuidado respeto "
    "apoyo ayuda control poder libertad presión estrés prisa silencio intimidad privacidad compañía valor paciencia "
    "seguridad riesgo cambio caos belleza curiosidad sorpresa alivio dolor pérdida suerte fe empatía dignidad carga "
    "conflicto distancia rutina costumbre memoria paz aburrimiento odio envidia pena asombro placer pánico tensión "
    "soledad tristeza cansancio agotamiento vigilancia autonomía solidaridad gratitud calma ternura ilusión "
    "motivación vocación angustia ansiedad incertidumbre reconocimiento descanso ausencia rencor enfado nostalgia "
    "independencia humor aislamiento complicidad desahogo escucha justicia injusticia desigualdad precariedad "
    "responsabilidad flexibilidad honestidad identidad convivencia"
)

VAGUE = words(
    "cosa cosas vez veces forma manera parte tipo algo nada todo gente persona personas día días año años mes meses "
    "semana semanas hora horas minuto minutos momento momentos rato mañana tarde noche lado ejemplo punto final "
    "tiempo lo eso esto caso hecho verdad cuenta sitio lugar casa número grupo tema cuestión pregunta respuesta "
    "razón palabra nombre señora señor don doña hombre mujer chico chica tío tía idea sentido nivel mundo vida par "
    "montón principio fin entrevista medio serie historia juego resto clase mitad media fondo modo bien mal favor "
    "cabo vista partir lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio "
    "julio agosto septiembre octubre noviembre diciembre falta sobra"
)
VAGUE = VAGUE - {"falta"}

EMPTY_ADJECTIVES = words(
    "bueno buena buenos buenas malo mala malos malas buen mal gran grande grandes pequeño pequeña otro otra mismo "
    "misma tal mucho mucha poco cada primero primera último última nuevo nueva nuevos nuevas mayor mejor peor largo "
    "larga cierto cierta posible único única general concreto todo toda medio media total importante interesante "
    "claro igual seguro próximo anterior siguiente pasado pasada distinto diferente viejo vieja joven alto bajo "
    "corto corta capaz listo lista así"
)

LIGHT_VERBS = words(
    "ser estar haber tener hacer ir venir poner dar coger tomar llevar traer seguir parecer empezar dejar llegar "
    "quedar pasar querer poder deber soler volver salir entrar ver mirar meter echar andar"
)
DULL_VERBS = words(
    "decir hablar contar pensar creer saber querer suponer llamar preguntar recordar acordar imaginar explicar "
    "responder contestar parecer ser estar haber tener hacer ir ver venir pasar gustar poder deber soler oír "
    "mencionar referir valer comentar significar nacer morir llover vivir dar seguir"
)
STATES = words("ser estar sentir quedar poner volver parecer seguir")
REFLEXIVE = words(
    "sentir quedar quejar acostumbrar enfadar preocupar fiar olvidar esconder callar negar atrever arrepentir "
    "sentar disculpar equivocar marchar apuntar adaptar aislar alegrar emocionar aburrir cansar desahogar entender "
    "organizar poner volver acordar rendir resignar"
)
