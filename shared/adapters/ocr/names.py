"""Names with an accent or ñ that are common where Spanish is spoken and that simplemma's dictionary lacks."""

_GIVEN = """
    Aarón Adrián Águeda Aída Álex Amílcar Anahí Ángela Begoña Damián Dámaso Débora Efraín Eloísa Éric Estefanía Fabián
    Fátima Fermín Froilán Gastón Gedeón Guillén Hernán Hipólito Íñigo Iñaki Inés Isaías Jonás Josué Laín Leónidas Marián
    Míriam Noé Noemí Odón Onésimo Quintín René Rosalía Rubén Salomón Saúl Tobías Tristán Úrsula Valentín Yésica Zacarías
    Zoé
"""
_FAMILY = """
    Alarcón Alcántara Arévalo Ávalos Báez Bañuelos Benítez Bermúdez Briceño Cañete Carreño Carrión Castañeda Cedeño
    Dávila Díez Domínguez Durán Echeverría Estévez Fábregas Fariñas Galván Gálvez Ibáñez Íñiguez Juárez Luján Marín
    Márquez Mejía Meléndez Méndez Menéndez Míguez Millán Miñana Muñiz Narváez Núñez Ocaña Ordóñez Ortuño Otálora Páez
    Patiño Peláez Peñalver Piñeiro Piñero Quiñónez Roldán Ruíz Sáenz Sáez Sáinz Saldaña Santamaría Solís Téllez Treviño
    Vásquez Velásquez Velázquez Vélez Verdú Vergés Verón Villafañe Yáñez Yébenes Zúñiga
"""
NAMES = frozenset(f"{_GIVEN} {_FAMILY}".split())
