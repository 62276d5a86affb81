"""ClamAV's daemon, the real one and a stand-in: every end of a scan is one of ours, and silence is never "clean"."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from shared.adapters.clamav import ClamdScanner
from shared.adapters.clamav.address import Address
from shared.domain.document import CLEAN, INFECTED, NOT_SCANNED
from shared.domain.errors import ScannerUnavailable, TimedOut
from tests.support.clamav import EICAR, SIGNATURE, clamd, needs_clamd, stand_in
from tests.support.ports import free_port


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return out.getvalue()


@pytest.fixture(params=[pytest.param("tcp", marks=needs_clamd), pytest.param("unix", marks=needs_clamd), "stand-in"])
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    if request.param == "stand-in":
        async with stand_in() as one:
            yield one.url
    else:
        with clamd(unix=request.param == "unix") as address:
            yield address


async def test_a_clean_file_is_clean_and_the_engine_is_named(url: str) -> None:
    scan = await ClamdScanner(url).scan(b"Nothing wrong with this. " * 50_000)
    assert (scan.verdict, scan.signature, scan.reason) == (CLEAN, None, None)
    assert scan.engine is not None
    assert scan.engine.startswith("ClamAV ")


async def test_a_virus_is_named(url: str) -> None:
    scan = await ClamdScanner(url).scan(EICAR)
    assert scan.verdict == INFECTED
    assert (scan.signature or "").startswith(SIGNATURE)


async def test_many_files_at_once_each_get_their_own_answer(url: str) -> None:
    scanner = ClamdScanner(url)
    scans = await asyncio.gather(*(scanner.scan(EICAR if n % 3 == 0 else b"fine %d" % n) for n in range(30)))
    assert [scan.verdict == INFECTED for scan in scans] == [n % 3 == 0 for n in range(30)]


@needs_clamd
async def test_a_virus_within_an_archive_is_found() -> None:
    with clamd() as url:
        assert (await ClamdScanner(url).scan(zipped(EICAR))).verdict == INFECTED


@needs_clamd
async def test_a_file_over_clamd_s_stream_limit_is_not_scanned_and_says_so() -> None:
    with clamd(StreamMaxLength="1M") as url:
        scan = await ClamdScanner(url).scan(b"x" * 8_000_000)
    assert (scan.verdict, scan.reason) == (NOT_SCANNED, "The file is larger than the virus scanner takes.")


@needs_clamd
async def test_a_file_that_clamd_looks_through_only_in_part_does_not_count_as_clean() -> None:
    with clamd(MaxFileSize="1M", MaxScanSize="1M") as url:
        scan = await ClamdScanner(url).scan(zipped(b"x" * 3_000_000))
    assert (scan.verdict, scan.reason) == (NOT_SCANNED, "The file holds more than the virus scanner looks through.")


async def test_the_whole_file_arrives() -> None:
    data = bytes(range(256)) * 4096 + b"end"
    async with stand_in() as one:
        await ClamdScanner(one.url).scan(data)
        assert one.seen == [data]


async def test_an_answer_that_comes_before_the_file_has_been_sent_counts() -> None:
    async with stand_in(most=1000) as one:
        scan = await ClamdScanner(one.url).scan(b"x" * 20_000_000)
    assert scan.verdict == NOT_SCANNED


async def test_half_an_answer_is_none() -> None:
    async with stand_in(hangs_up=True) as one:
        with pytest.raises(ScannerUnavailable, match="hung up"):
            await ClamdScanner(one.url).scan(b"x")


@pytest.mark.parametrize("said", [b"", b"stream: Can't allocate memory ERROR", b"OK", b"COMMAND READ TIMED OUT"])
async def test_an_answer_without_a_verdict_is_none(said: bytes) -> None:
    async with stand_in(answer=lambda _: said) as one:
        with pytest.raises(ScannerUnavailable):
            await ClamdScanner(one.url).scan(b"x")


async def test_a_scanner_that_is_silent_is_given_up() -> None:
    async with stand_in(silent=True) as one:
        with pytest.raises(TimedOut):
            await ClamdScanner(one.url, timeout=0.2).scan(b"x")


@pytest.mark.parametrize("url", [f"tcp://127.0.0.1:{free_port()}", "unix:///nowhere/clamd.ctl"], ids=["tcp", "unix"])
async def test_a_scanner_that_is_not_there_is_unavailable(url: str) -> None:
    with pytest.raises(ScannerUnavailable, match="cannot be reached"):
        await ClamdScanner(url).scan(b"x")


def test_addresses_are_told_apart() -> None:
    assert Address.of("tcp://scanner:3311") == Address("scanner", 3311)
    assert Address.of("tcp://[::1]") == Address("::1", 3310)
    assert Address.of("unix:///run/clamd.ctl") == Address(path="/run/clamd.ctl")


@pytest.mark.parametrize(
    "url", ["", "clamd", "http://x", "tcp://", "unix://", "unix://run/x", "tcp://x/y", "tcp://h:p"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        ClamdScanner(url)
