"""Small invoices in every syntax, made up for the tests: the same sale wherever a syntax can say it."""

from __future__ import annotations

RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType"
EN16931 = "urn:cen.eu:en16931:2017"

CII = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    xmlns:ram="{RAM}:100" xmlns:udt="{UDT}:100">
  <rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>{EN16931}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument><ram:ID>R-2024-7</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20240310</udt:DateTimeString></ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:Name>Sillas de roble</ram:Name></ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>250.00</ram:ChargeAmount>
        <ram:BasisQuantity unitCode="C62">10</ram:BasisQuantity></ram:NetPriceProductTradePrice>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">4</ram:BilledQuantity>
      </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator>
          </ram:ChargeIndicator><ram:ActualAmount>10.00</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>
        <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>90.00</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Muebles Ibáñez GmbH</ram:Name><ram:PostalTradeAddress>
        <ram:PostcodeCode>20095</ram:PostcodeCode><ram:LineOne>Hafenweg 3</ram:LineOne>
        <ram:CityName>Hamburg</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">12/345/67890</ram:ID></ram:SpecifiedTaxRegistration>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Café Sol</ram:Name><ram:PostalTradeAddress>
        <ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress></ram:BuyerTradeParty>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89 3704 0044 0532 0130 00</ram:IBANID>
        </ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>18.05</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>95.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
      <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator>
        </ram:ChargeIndicator><ram:ActualAmount>5.00</ram:ActualAmount><ram:Reason>Porte</ram:Reason>
      </ram:SpecifiedTradeAllowanceCharge>
      <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>
        <udt:DateTimeString format="102">20240409</udt:DateTimeString></ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>90.00</ram:LineTotalAmount><ram:ChargeTotalAmount>5.00</ram:ChargeTotalAmount>
        <ram:TaxBasisTotalAmount>95.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="USD">20.00</ram:TaxTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">18.05</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>113.05</ram:GrandTotalAmount><ram:TotalPrepaidAmount>13.05</ram:TotalPrepaidAmount>
        <ram:DuePayableAmount>100.00</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
"""

ZUGFERD_1 = f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0" xmlns:ram="{RAM}:12"
    xmlns:udt="{UDT}:15">
  <rsm:SpecifiedExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
    <ram:ID>urn:ferd:CrossIndustryDocument:invoice:1p0:comfort</ram:ID>
  </ram:GuidelineSpecifiedDocumentContextParameter></rsm:SpecifiedExchangedDocumentContext>
  <rsm:HeaderExchangedDocument><ram:ID>77</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20150601</udt:DateTimeString></ram:IssueDateTime>
  </rsm:HeaderExchangedDocument>
  <rsm:SpecifiedSupplyChainTradeTransaction>
    <ram:ApplicableSupplyChainTradeAgreement>
      <ram:SellerTradeParty><ram:Name>Bike Repair Ltd</ram:Name></ram:SellerTradeParty>
      <ram:BuyerTradeParty><ram:Name>Courier Club</ram:Name></ram:BuyerTradeParty>
    </ram:ApplicableSupplyChainTradeAgreement>
    <ram:ApplicableSupplyChainTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:ApplicableTradeTax><ram:CalculatedAmount>1.90</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>10.00</ram:BasisAmount><ram:ApplicablePercent>19.00</ram:ApplicablePercent>
      </ram:ApplicableTradeTax>
      <ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount>10.00</ram:LineTotalAmount>
        <ram:TaxTotalAmount>1.90</ram:TaxTotalAmount><ram:GrandTotalAmount>11.90</ram:GrandTotalAmount>
      </ram:SpecifiedTradeSettlementMonetarySummation>
    </ram:ApplicableSupplyChainTradeSettlement>
    <ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument>
      <ram:IncludedNote><ram:Content>Only a word to the customer.</ram:Content></ram:IncludedNote>
    </ram:AssociatedDocumentLineDocument></ram:IncludedSupplyChainTradeLineItem>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity>
      </ram:SpecifiedSupplyChainTradeDelivery>
      <ram:SpecifiedSupplyChainTradeSettlement><ram:SpecifiedTradeSettlementMonetarySummation>
        <ram:LineTotalAmount>10.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementMonetarySummation>
      </ram:SpecifiedSupplyChainTradeSettlement>
      <ram:SpecifiedTradeProduct><ram:Name>Brake cable</ram:Name></ram:SpecifiedTradeProduct>
    </ram:IncludedSupplyChainTradeLineItem>
  </rsm:SpecifiedSupplyChainTradeTransaction>
</rsm:CrossIndustryDocument>
"""

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"


def ubl(kind: str = "Invoice") -> str:
    """An Invoice, or the same as a CreditNote."""
    quantity = "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity"
    code = "380" if kind == "Invoice" else "381"
    vat = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="{_UBL}:{kind}-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2"
    xmlns:cbc="{_UBL}:CommonBasicComponents-2">
  <cbc:CustomizationID>{EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
  <cbc:ID>INV-9</cbc:ID><cbc:IssueDate>2024-05-02</cbc:IssueDate><cbc:DueDate>2024-06-01</cbc:DueDate>
  <cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Shop</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cbc:StreetName>Calle Mayor 1</cbc:StreetName><cbc:CityName>Soria</cbc:CityName>
      <cbc:PostalZone>42001</cbc:PostalZone><cac:Country><cbc:IdentificationCode>ES</cbc:IdentificationCode>
      </cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>ESB12345674</cbc:CompanyID>{vat}</cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>Papelería Núñez, S.L.</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty><cac:Party><cac:PostalAddress><cac:Country>
    <cbc:IdentificationCode>IE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity><cbc:RegistrationName>Dublin Books</cbc:RegistrationName></cac:PartyLegalEntity>
  </cac:Party></cac:AccountingCustomerParty>
  <cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>ES9121000418450200051332</cbc:ID>
  </cac:PayeeFinancialAccount></cac:PaymentMeans>
  <cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
    <cbc:AllowanceChargeReason>Cliente fiel</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">2.00</cbc:Amount>
  </cac:AllowanceCharge>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">3.78</cbc:TaxAmount><cac:TaxSubtotal>
    <cbc:TaxableAmount currencyID="EUR">18.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">3.78</cbc:TaxAmount>
    <cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>{vat}</cac:TaxCategory></cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">18.00</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">21.78</cbc:TaxInclusiveAmount>
    <cbc:AllowanceTotalAmount currencyID="EUR">2.00</cbc:AllowanceTotalAmount>
    <cbc:PayableAmount currencyID="EUR">21.78</cbc:PayableAmount></cac:LegalMonetaryTotal>
  <cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="C62">8</cbc:{quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Cuadernos</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>
      <cbc:Percent>21</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">2.50</cbc:PriceAmount></cac:Price></cac:{kind}Line>
</{kind}>
"""


def cfdi(version: str = "4.0", kind: str = "I") -> str:
    """A CFDI of version 3.3 or 4.0."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/{version[0]}" Version="{version}" Serie="A" Folio="31"
    Fecha="2024-02-29T10:20:30" SubTotal="1000.00" Descuento="100.00" Moneda="MXN" Total="954.00"
    TipoDeComprobante="{kind}" LugarExpedicion="06000">
  <cfdi:Emisor Rfc="EKU9003173C9" Nombre="Peñón Consultores" RegimenFiscal="601"/>
  <cfdi:Receptor Rfc="XAXX010101000" Nombre="Público en general" UsoCFDI="G03"/>
  <cfdi:Conceptos><cfdi:Concepto Cantidad="2" ClaveUnidad="E48" Descripcion="Asesoría" ValorUnitario="500.00"
      Importe="1000.00" Descuento="100.00"><cfdi:Impuestos><cfdi:Traslados>
      <cfdi:Traslado Base="900.00" Impuesto="002" TipoFactor="Tasa" TasaOCuota="0.160000" Importe="144.00"/>
    </cfdi:Traslados></cfdi:Impuestos></cfdi:Concepto></cfdi:Conceptos>
  <cfdi:Impuestos TotalImpuestosTrasladados="144.00" TotalImpuestosRetenidos="90.00">
    <cfdi:Retenciones><cfdi:Retencion Impuesto="001" Importe="90.00"/></cfdi:Retenciones>
    <cfdi:Traslados>
      <cfdi:Traslado Base="900.00" Impuesto="002" TipoFactor="Tasa" TasaOCuota="0.160000" Importe="144.00"/>
    </cfdi:Traslados></cfdi:Impuestos>
</cfdi:Comprobante>
"""


_BODY = """<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD01</TipoDocumento>
    <Divisa>EUR</Divisa><Data>2024-01-15</Data><Numero>12/A</Numero><DatiRitenuta><TipoRitenuta>RT01</TipoRitenuta>
    <ImportoRitenuta>20.00</ImportoRitenuta><AliquotaRitenuta>20.00</AliquotaRitenuta></DatiRitenuta>
    <ImportoTotaleDocumento>122.00</ImportoTotaleDocumento></DatiGeneraliDocumento></DatiGenerali>
  <DatiBeniServizi><DettaglioLinee><Descrizione>Traduzione</Descrizione><Quantita>2.00</Quantita>
    <PrezzoUnitario>50.00</PrezzoUnitario><PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA>
    </DettaglioLinee><DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>100.00</ImponibileImporto>
    <Imposta>22.00</Imposta></DatiRiepilogo></DatiBeniServizi>
  <DatiPagamento><DettaglioPagamento><DataScadenzaPagamento>2024-02-15</DataScadenzaPagamento>
    <ImportoPagamento>102.00</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento>
  </DatiPagamento></FatturaElettronicaBody>"""


def fatturapa(bodies: int = 1) -> str:
    """A FatturaPA of a translator who is taxed at the source; with more bodies, a batch of them."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12"
    xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"><FatturaElettronicaHeader>
  <CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>00743110157</IdCodice></IdFiscaleIVA>
    <Anagrafica><Nome>Niccolò</Nome><Cognome>Però</Cognome></Anagrafica></DatiAnagrafici>
    <Sede><Indirizzo>Via Roma 2</Indirizzo><CAP>20100</CAP><Comune>Milano</Comune><Nazione>IT</Nazione></Sede>
  </CedentePrestatore>
  <CessionarioCommittente><DatiAnagrafici><CodiceFiscale>RSSMRA80A01H501U</CodiceFiscale>
    <Anagrafica><Denominazione>Editrice Uno</Denominazione></Anagrafica></DatiAnagrafici>
    <Sede><Nazione>IT</Nazione></Sede></CessionarioCommittente></FatturaElettronicaHeader>
  {_BODY * bodies}</p:FatturaElettronica>
"""


def facturae(sign: str = "", kind: str = "OO") -> str:
    """A Facturae 3.2.2 with IRPF; with `sign` "-" a correction below nothing."""
    person = """<TaxIdentification><PersonTypeCode>J</PersonTypeCode><ResidenceTypeCode>R</ResidenceTypeCode>
      <TaxIdentificationNumber>{}</TaxIdentificationNumber></TaxIdentification><LegalEntity>
      <CorporateName>{}</CorporateName><AddressInSpain><Address>Calle Luna 5</Address><PostCode>28001</PostCode>
      <Town>Madrid</Town><Province>Madrid</Province><CountryCode>ESP</CountryCode></AddressInSpain></LegalEntity>"""
    tax = """<Tax><TaxTypeCode>{}</TaxTypeCode><TaxRate>{}</TaxRate><TaxableBase><TotalAmount>{}200.00</TotalAmount>
      </TaxableBase><TaxAmount><TotalAmount>{}{}</TotalAmount></TaxAmount></Tax>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<fe:Facturae xmlns:fe="http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml">
  <FileHeader><SchemaVersion>3.2.2</SchemaVersion></FileHeader>
  <Parties><SellerParty>{person.format("B12345674", "Diseño Ágil, S.L.")}</SellerParty>
    <BuyerParty>{person.format("A58818501", "Ayuntamiento de Ñuñoa")}</BuyerParty></Parties>
  <Invoices><Invoice><InvoiceHeader><InvoiceNumber>15</InvoiceNumber><InvoiceSeriesCode>F24</InvoiceSeriesCode>
    <InvoiceDocumentType>FC</InvoiceDocumentType><InvoiceClass>{kind}</InvoiceClass></InvoiceHeader>
    <InvoiceIssueData><IssueDate>2024-04-05</IssueDate><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
    </InvoiceIssueData>
    <TaxesOutputs>{tax.format("01", "21.00", sign, sign, "42.00")}</TaxesOutputs>
    <TaxesWithheld>{tax.format("04", "15.00", sign, sign, "30.00")}</TaxesWithheld>
    <InvoiceTotals><TotalGrossAmount>{sign}200.00</TotalGrossAmount>
      <TotalGrossAmountBeforeTaxes>{sign}200.00</TotalGrossAmountBeforeTaxes>
      <TotalTaxOutputs>{sign}42.00</TotalTaxOutputs><TotalTaxesWithheld>{sign}30.00</TotalTaxesWithheld>
      <InvoiceTotal>{sign}212.00</InvoiceTotal><TotalOutstandingAmount>{sign}212.00</TotalOutstandingAmount>
    </InvoiceTotals>
    <Items><InvoiceLine><ItemDescription>Maquetación</ItemDescription><Quantity>{sign}4</Quantity>
      <UnitPriceWithoutTax>52.50</UnitPriceWithoutTax><TotalCost>{sign}210.00</TotalCost>
      <GrossAmount>{sign}200.00</GrossAmount></InvoiceLine></Items>
    <PaymentDetails><Installment><InstallmentDueDate>2024-05-05</InstallmentDueDate></Installment></PaymentDetails>
  </Invoice></Invoices></fe:Facturae>
"""
