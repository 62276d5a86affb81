"""Rules by country on GOBL's examples: totals, verdict, altered copies; tax numbers where there are no examples."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from bench.check_digits import chile_numbers, ecuador_numbers, one_digit_wrong, peru_numbers
from bench.gobl.alterations import altered_copies
from bench.gobl.examples import Example, examples
from bench.gobl.records import record_of
from bench.gobl.totals import Calculation
from shared.domain.business import BusinessRecord
from shared.domain.document import DocumentType
from shared.domain.validation import validate

TITLE = "Rules by country"
NOTE = """\
Totals are worked out from what a person wrote (quantities, prices, discounts, names of rates, which our tables
turn into percent) and must equal the example's to the cent; the Mexican ones in `mx-cfdi` carry their totals in
the input. No finding: the example's own result, as a record, keeps every rule. Altered amounts differ in one
digit, down to the tenths; with an altered rate the tax and the total were made to fit, so that only the rate is
wrong. The rules were written with these examples at hand."""
# The examples are older than this day; what is altered into the future lies decades after it.
TODAY = date(2026, 6, 30)
# How many digits of a number the check digit covers (the rest of an Ecuadorian one counts branches).
GENERATED = {"PE": (peru_numbers, 11), "EC": (ecuador_numbers, 10), "CL": (chile_numbers, 9)}


def evaluate(data: Path) -> str:
    """Both tables and both lists."""
    found = list(examples(data / "invoices" / "gobl"))
    measured = [one for one in found if one.measured]
    return "\n\n".join([NOTE, _agreement(measured), _others(found), _altered(measured), _generated()])


def totals_that_differ(example: Example) -> dict[str, tuple[Decimal | None, Decimal]]:
    """Ours and GOBL's, by name, where they differ by anything."""
    ours = Calculation(example).totals()
    theirs = {name: Decimal(text) for name, text in example.result["totals"].items() if name != "taxes"}
    return {name: (ours.get(name), value) for name, value in theirs.items() if ours.get(name) != value}


def _agreement(measured: list[Example]) -> str:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    reasons = []
    for example in measured:
        differing, findings = totals_that_differ(example), validate(record_of(example.result), TODAY)
        row = rows[example.country]
        row.update(documents=1, totals=not differing, verdict=not findings, both=not differing and not findings)
        for name, (ours, theirs) in differing.items():
            reasons.append(f"- `{example.name}`: `{name}` is {ours} by our arithmetic, {theirs} in the example")
        reasons.extend(f"- `{example.name}`: `{one.field}` = {one.value}: {one.message}" for one in findings)
    lines = ["| country | invoices | totals agree | no finding | both |", "|---|---|---|---|---|"]
    whole: Counter[str] = Counter()
    for country, row in sorted(rows.items()):
        whole += row
        lines.append(f"| {country} | {row['documents']} | {row['totals']} | {row['verdict']} | {row['both']} |")
    share = f"{whole['both'] / whole['documents']:.1%}"
    lines.append(f"| all | {whole['documents']} | {whole['totals']} | {whole['verdict']} | {whole['both']} ({share}) |")
    return "\n".join(lines) + "\n\nWhere they do not agree:\n\n" + "\n".join(reasons)


def _others(found: Iterable[Example]) -> str:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for example in found:
        if not example.measured:
            by_kind[example.kind].append(f"`{example.name}`")
    lines = [f"- {kind}: {', '.join(names)}" for kind, names in sorted(by_kind.items())]
    return "Not measured, for they are no invoices:\n\n" + "\n".join(lines)


def _altered(measured: list[Example]) -> str:
    made: Counter[tuple[str, str]] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    alone, missed = 0, []
    for example in measured:
        record = record_of(example.result)
        if validate(record, TODAY):
            continue
        for altered in altered_copies(record, example.name):
            fields = {one.field for one in validate(altered.record, TODAY)}
            key = (altered.kind, example.country)
            made[key] += 1
            named[key] += altered.field in fields
            alone += fields == {altered.field}
            if altered.field not in fields:
                value = getattr(altered.record, altered.field, "")
                missed.append(f"- `{example.name}`, {altered.kind}: `{altered.field}` {value}")
    kinds, columns = list(dict.fromkeys(kind for kind, _ in made)), sorted({country for _, country in made})
    lines = [f"| alteration | {' | '.join(columns)} | all |", "|---" * (len(columns) + 2) + "|"]
    for kind in kinds:
        cells = [f"{named[kind, country]}/{made[kind, country]}" for country in columns]
        cells.append(f"{sum(named[kind, one] for one in columns)}/{sum(made[kind, one] for one in columns)}")
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    total, right = sum(made.values()), sum(named.values())
    summary = (
        f"Altered copies of the examples without findings, whose wrong field was named: {right} of {total} "
        f"({right / total:.2%}); in {alone} of them it was the only field named."
    )
    return f"{summary}\n\n" + "\n".join(lines) + "\n\nNot found:\n\n" + "\n".join(missed or ["- none"])


def _generated() -> str:
    lines = ["| tax numbers | right ones accepted | one digit wrong, found |", "|---|---|---|"]
    for country, (numbers, places) in GENERATED.items():
        accepted = made = found = wrong = 0
        for number in numbers(300, 1):
            made += 1
            accepted += not _tax_id_is_refused(country, number)
            for other in one_digit_wrong(number, places):
                wrong += 1
                found += _tax_id_is_refused(country, other)
        lines.append(f"| {country} | {accepted}/{made} | {found}/{wrong} ({found / wrong:.2%}) |")
    return "\n".join(lines)


def _tax_id_is_refused(country: str, number: str) -> bool:
    record = BusinessRecord(kind=DocumentType.RECEIPT, country=country, seller_tax_id=number)
    return any(one.field == "seller_tax_id" for one in validate(record))
