import pytest

from shared.domain.classification import classify
from shared.domain.cleaning import clean
from shared.domain.document import Classification, DocumentType
from shared.domain.sentences import turns
from tests.domain.data import data_folder, pages_of
from tests.domain.test_business import INVOICE

INTERVIEW = """Entrevistadora: ¿Cómo llegaste a trabajar por tu cuenta?
Marta: Pues mira, yo llevaba diez años en una gestoría y un día pensé que no quería seguir así toda la vida.
Entrevistadora: ¿Y qué fue lo más difícil?
Marta: Cobrar. Me acuerdo de mi primera factura, la tengo aquí: Factura nº 1, base imponible 100,00 €, IVA 21,00 €,
total 121,00 €, y al lado el NIF mal puesto. Me la devolvieron y yo me eché a llorar, de verdad te lo digo.
Entrevistadora: ¿Y después?
Marta: Después aprendí. Creo que aprendí a pedir ayuda, que era lo que más me costaba entonces.
"""
RECEIPT = """SUPERMERCADO LA ESQUINA
C/ Luna 3, Sevilla
TICKET DE COMPRA
12/03/2024 18:22 CAJA 2
PAN 1,20
LECHE 0,95
TOTAL 2,15
EFECTIVO 5,00
CAMBIO 2,85
GRACIAS POR SU COMPRA
"""
STATEMENT = """EXTRACTO DE CUENTA
IBAN ES91 2100 0418 4502 0005 1332
Fecha Concepto Importe Saldo
Saldo anterior 500,00
01/03/2024 Recibo luz -45,20 454,80
05/03/2024 Nómina 1.200,00 1.654,80
08/03/2024 Supermercado -60,00 1.594,80
11/03/2024 Alquiler -700,00 894,80
Saldo final 894,80
"""
ESSAY = "La ciudad crece hacia el río desde hace siglos y sus calles guardan la forma de los antiguos caminos. " * 20


def kind(text: str, media_type: str = "application/pdf", page_count: int = 1) -> Classification:
    return classify(text, media_type, page_count, len(turns(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (INVOICE, DocumentType.INVOICE),
        (RECEIPT, DocumentType.RECEIPT),
        (STATEMENT, DocumentType.BANK_STATEMENT),
        (":20:X\n:25:1\n:28C:1/1\n:60F:C240301EUR1,00\n:62F:C240301EUR1,00\n", DocumentType.BANK_STATEMENT),
        (INTERVIEW, DocumentType.INTERVIEW),
        (ESSAY, DocumentType.OTHER),
        ("Hola.", DocumentType.OTHER),
        ("", DocumentType.OTHER),
    ],
)
def test_a_document_is_known_by_its_signs(text: str, expected: DocumentType) -> None:
    found = kind(text)
    assert found.type is expected
    assert 0 <= found.confidence <= 1


def test_an_invoice_quoted_in_an_interview_leaves_it_an_interview() -> None:
    found = kind(INTERVIEW * 3)
    assert found.type is DocumentType.INTERVIEW
    assert "speaker turns" in found.signs


def test_published_interviews_are_interviews() -> None:
    for path in sorted(data_folder("interviews", "changelog").glob("founders*.md")):
        text = clean([path.read_text("utf-8")]).text
        assert kind(text, "text/markdown").type is DocumentType.INTERVIEW


def test_open_answers_are_no_business_papers() -> None:
    folder = data_folder("interviews", "llmcode", "segments", "bopp_test_input")
    answers = (folder / "bopp_test_input.txt").read_text("utf-8").split("\n-----\n")
    assert {kind(answer, "text/plain").type for answer in answers} <= {DocumentType.INTERVIEW, DocumentType.OTHER}


def test_most_published_invoices_are_invoices_and_none_is_an_interview() -> None:
    found = []
    for path in sorted(data_folder("invoices").glob("*/**/*.pdf")):
        if "vehicle_insurance" in path.parts:
            continue
        pages = pages_of(path)
        text = clean(pages).text
        if text:
            found.append(classify(text, "application/pdf", len(pages), len(turns(text))).type)
    assert len(found) > 30
    assert found.count(DocumentType.INVOICE) / len(found) > 0.9
    assert DocumentType.INTERVIEW not in found


def test_a_tax_invoice_from_a_till_is_a_receipt() -> None:
    text = (
        "HARBOUR LIGHT SDN BHD\nNO. 7, JALAN PERDANA\nTAX INVOICE\nINVOICE NO: A123\n12/02/2018 14:31\nTEA  4.00\n"
        "TOTAL  4.00\nGST 6%  0.23\nCASH  10.00\nCHANGE  6.00\nTHANK YOU\n"
    )
    found = classify(text, "image/jpeg", 1, 0)
    assert found.type is DocumentType.RECEIPT
    assert "change given" in found.signs
