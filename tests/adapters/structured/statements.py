"""Small bank statements, made up for the tests."""

from __future__ import annotations

MT940 = """:20:ENERO
:25:ES9121000418450200051332
:28C:1/1
:60F:C240101EUR100,00
:61:2401020102DR30,50NTRFNONREF//B1
:86:166?00RECIBO?20Alquiler enero?32Comunidad Sol
:61:2401030103CR10,NTRFREF77
:86:Transferencia de Núria
:61:2401040104RC5,00NTRFNONREF
:86:Abono devuelto
:62F:C240104EUR74,50
-
"""

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt><Id>S-1</Id>
  <ElctrncSeqNb>4</ElctrncSeqNb><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
  <Bal><Tp><CdOrPrtry><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">50.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <Dt><Dt>2024-03-01</Dt></Dt></Bal>
  <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">20.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>
    <Dt><Dt>2024-03-04</Dt></Dt></Bal>
  <Ntry><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{booked}</Sts>
    <BookgDt><Dt>2024-03-02</Dt></BookgDt><ValDt><Dt>2024-03-03</Dt></ValDt><NtryDtls><TxDtls>
    <Refs><EndToEndId>E2E-5</EndToEndId></Refs><RltdPties><Dbtr>{us}</Dbtr><Cdtr>{them}</Cdtr></RltdPties>
    <RmtInf><Ustrd>Miete März</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
  <Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{booked}</Sts>
    <BookgDt><DtTm>2024-03-04T08:00:00</DtTm></BookgDt><AddtlNtryInf>Cash</AddtlNtryInf></Ntry>
  <Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{pending}</Sts>
    <BookgDt><Dt>2024-03-05</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>
"""


def camt(version: str = "02") -> str:
    """A CAMT.053 in the way of version 02, or of 08 and later."""
    if version == "02":
        names = {"us": "<Nm>Us</Nm>", "them": "<Nm>Hausverwaltung</Nm>", "booked": "BOOK", "pending": "PDNG"}
    else:
        names = {"us": "<Pty><Nm>Us</Nm></Pty>", "them": "<Pty><Nm>Hausverwaltung</Nm></Pty>"}
        names |= {"booked": "<Cd>BOOK</Cd>", "pending": "<Cd>PDNG</Cd>"}
    return CAMT.format(version=version, **names)


CSV_ES = """Cuenta;ES9121000418450200051332;EUR

Fecha operación;Fecha valor;Concepto;Importe;Saldo
05/02/2024;05/02/2024;Nómina;1.500,00;2.450,10
03/02/2024;04/02/2024;"Compra; tienda";-49,90;950,10
"""
CSV_EN = """Date,Description,Money out,Money in,Balance
02/01/2024,Opening coffee,3.50,,96.50
28/01/2024,Refund,,1.25,97.75
"""
CSV_DE = """"Buchungstag";"Wertstellung";"Verwendungszweck";"Betrag";"Währung"
"15.03.2024";"15.03.2024";"Büromaterial";"-1.234,56";"EUR"
"""
