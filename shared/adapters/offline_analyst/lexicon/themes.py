"""Themes that qualitative studies keep meeting, in both languages: names for categories where no word of theirs fits.

A name from this list is a loan, and a category's definition says so. Each line: English | Spanish.
"""

from __future__ import annotations

_THEMES = """
Trust | Confianza
Mistrust and suspicion | Desconfianza y sospecha
Control and surveillance | Control y vigilancia
Privacy | Intimidad y privacidad
Loneliness and company | Soledad y compañía
Care and being cared for | Cuidar y ser cuidado
Family ties | Vínculos familiares
Friendship and belonging | Amistad y pertenencia
Workload and exhaustion | Carga de trabajo y agotamiento
Time and hurry | Tiempo y prisas
Communication | Comunicación
Listening and being heard | Escuchar y ser escuchado
Recognition | Reconocimiento
Shame and guilt | Vergüenza y culpa
Fear and worry | Miedo y preocupación
Anger and frustration | Rabia y frustración
Joy and enjoyment | Alegría y disfrute
Pride and satisfaction | Orgullo y satisfacción
Sadness and grief | Tristeza y duelo
Calm and wellbeing | Calma y bienestar
Beauty and aesthetics | Belleza y estética
Immersion and attention | Inmersión y atención
Curiosity and exploration | Curiosidad y exploración
Memory and reflection | Memoria y reflexión
Learning and training | Aprendizaje y formación
Knowledge and experience | Saber y experiencia
Workarounds and improvisation | Apaños e improvisación
Hiding and telling | Ocultar y contar
Honesty and lies | Honestidad y mentiras
Rules and agreements | Reglas y acuerdos
Making decisions | Tomar decisiones
Having a say | Tener voz
Autonomy and freedom | Autonomía y libertad
Power and dependence | Poder y dependencia
Collaboration | Colaboración
Conflict and discussion | Conflicto y discusión
Asking for help and giving it | Pedir y dar ayuda
Illness and health | Enfermedad y salud
Pain and the body | Dolor y cuerpo
Money and pay | Dinero y salario
Unpaid work | Trabajo no pagado
Safety and risk | Seguridad y riesgo
Emergencies and alarms | Emergencias y alarmas
Living with technology | Vivir con la tecnología
Measuring and being measured | Medir y ser medido
Resistance | Resistencia
Adapting to change | Adaptación al cambio
Obligations | Obligaciones
Organising work | Organización del trabajo
Quality of work | Calidad del trabajo
Mistakes and failure | Errores y fracaso
Success and growth | Éxito y crecimiento
Building a business | Crear una empresa
Leading and being responsible | Liderazgo y responsabilidad
Creativity and making | Creatividad y creación
Motivation and meaning | Motivación y sentido
Doubt and uncertainty | Dudas e incertidumbre
Hope and the future | Esperanza y futuro
Loss and absence | Pérdida y ausencia
Respect and dignity | Respeto y dignidad
Fairness and injustice | Justicia e injusticia
Discrimination | Discriminación
Identity | Identidad
Home and place | Hogar y lugar
Migration and language | Migración e idioma
Routine and everyday life | Rutina y vida diaria
Old age | Vejez
Mothers and fathers | Maternidad y paternidad
Faith and tradition | Fe y tradición
Story and character | Historia y personajes
Challenge and effort | Reto y esfuerzo
Choice and consequence | Elección y consecuencia
Empathy and connection | Empatía y conexión
Competition | Competición
Community | Comunidad
Being treated as a thing | Ser tratado como una cosa
""".strip().splitlines()
THEMES = {
    "en": tuple(line.split("|")[0].strip() for line in _THEMES),
    "es": tuple(line.split("|")[1].strip() for line in _THEMES),
}
