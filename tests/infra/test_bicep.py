"""Bicep files as a compiler would see them, since there is none here: syntax, names, parameters, outputs, types."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.infra import api_versions
from tests.infra.azure_types import Published
from tests.infra.bicep import FILES, INFRA, File, read
from tests.infra.scopes import mistakes

EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
TYPES = os.environ.get("BICEP_TYPES")  # a git directory of Azure/bicep-types-az


@EACH
def test_every_name_is_declared_used_and_known_in_time(path: Path) -> None:
    assert mistakes(read(path)) == []


@EACH
def test_every_parameter_and_output_is_described(path: Path) -> None:
    file = read(path)
    for name, param in file.params.items():
        word = "Optional." if param.value is not None else "Required."
        described = str(param.decorators.get("description", ""))
        assert described.startswith(f"{word} "), f"{file.name}: {name}"
        assert described.endswith("."), f"{file.name}: {name}"
    for name, output in file.outputs.items():
        assert str(output.decorators.get("description", "")).endswith("."), f"{file.name}: {name}"


@EACH
def test_every_file_says_what_it_is(path: Path) -> None:
    assert path.read_text("utf-8").startswith("metadata name = '")
    assert "\nmetadata description = '" in path.read_text("utf-8")


def test_main_is_a_list_of_modules() -> None:
    main = read(INFRA / "main.bicep")
    assert list(main.resources) == ["group"]
    used = {module.path for module in main.modules.values()}
    assert used == set((INFRA / "modules").glob("*.bicep"))


@EACH
def test_every_api_has_its_one_version(path: Path) -> None:
    for resource in read(path).resources.values():
        assert resource.version == api_versions.version_of(resource.type), f"{resource.name} {resource.type}"


def test_no_api_version_is_listed_that_is_not_used() -> None:
    used = {resource.type for path in FILES for resource in read(path).resources.values()}
    assert set(api_versions.VERSIONS) == {t for t in api_versions.VERSIONS if any(u.startswith(t) for u in used)}


@pytest.mark.skipif(not TYPES, reason="BICEP_TYPES names no git directory of github.com/Azure/bicep-types-az")
@EACH
def test_azure_types_know_every_property_that_is_given(path: Path) -> None:
    file, published = read(path), Published(Path(TYPES or ""))
    found = [m for r in file.resources.values() for m in published.mistakes(r, file.variables)]
    assert found == []


def changed(tmp_path: Path, name: str, old: str, new: str) -> File:
    """A file with something broken, beside copies of its modules."""
    for path in FILES:
        copy = tmp_path / path.relative_to(INFRA)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text("utf-8"), "utf-8")
    source = (INFRA / name).read_text("utf-8")
    assert old in source
    (tmp_path / name).write_text(source.replace(old, new, 1), "utf-8")
    return read((tmp_path / name).resolve())


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("main.bicep", "'id-${token}'", "'id-${tokn}'", "tokn is not declared"),
        ("main.bicep", "    skuName: chosen.storageSku\n", "", "storage is not given skuName"),
        ("main.bicep", "    softDeleteDays: 14\n", "    softDeleteDays: 14\n    days: 1\n", "storage knows no days"),
        ("main.bicep", "softDeleteDays: 14", "softDeleteDays: '14'", "storage.softDeleteDays takes int, not string"),
        ("main.bicep", "pythonVersion: '3.11'", "pythonVersion: '3.9'", "app.pythonVersion is none of"),
        ("main.bicep", "keyVault.outputs.uri", "keyVault.outputs.url", "keyVault puts out no url"),
        ("main.bicep", "'modules/identity.bicep'", "'modules/ident.bicep'", "there is no ident.bicep"),
        ("main.bicep", "= if (scheduled)", "= if (empty(models.outputs.openAiId))", "not known when it starts"),
        ("main.bicep", "name: 'id-${token}'", "name: newGuid()", "newGuid() is refused"),
        ("main.bicep", "toLower(uniqueString(", "toLower(uniqueStrng(", "uniqueStrng() is not a function"),
        ("main.bicep", "var taskHub = 'theogen'", "var spare = 1\nvar taskHub = 'theogen'", "spare is not used"),
        ("main.bicep", "var taskHub = 'theogen'", "var tags = {}\nvar taskHub = 'theogen'", "tags is declared twice"),
        ("main.bicep", "    name: 'kv-${token}'", "    name: 'kv-${app.name}'", "keyVault depends on itself"),
        ("modules/storage.bicep", "location: location", "location: region", "region is not declared"),
        ("modules/storage.bicep", "dependsOn: [blobs]", "dependsOn: [blob]", "blob is not declared"),
        ("modules/storage.bicep", "  kind: 'StorageV2'", "  kind 'StorageV2'", "cannot be read"),
        ("modules/containerEnvironment.bicep", "az.environment()", "environment()", "environment() is hidden"),
        ("main.bicep", "subnetId: network!.outputs.con", "subnetId: network.outputs.con", "may not be there"),
        ("main.bicep", "premiumSku: 'EP2'", "premiumSku: 'EP9'", "app.premiumSku is none of"),
        ("main.bicep", "memoryMb: 2048", "memoryMb: 2000", "app.instanceMemoryMb is none of"),
        ("main.bicep", "postgresGb: 32", "postgresGb: 16", "postgres.storageSizeGb is out of its range: 16"),
        ("main.bicep", "highAvailability: false", "highAvailability: 'no'", "postgres.highAvailability takes bool"),
        ("main.bicep", "retentionInDays: 30", "retentionInDays: 3", "monitoring.retentionInDays is out of its range"),
        ("main.bicep", "workbookName: guid(", "workbookName: contains(", "alerts.workbookName takes string, not bool"),
        ("modules/models.bicep", "? documentIntelligence!.pro", "? documentIntelligence.pro", "may not be there"),
        ("modules/storage.bicep", "output name string", "output name int", "output name is int, not string"),
        ("modules/alerts.bicep", "for email in emails:", "for mail in emails:", "email is not declared"),
    ],
)  # fmt: skip
def test_a_mistake_is_found(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    assert said in "\n".join(mistakes(changed(tmp_path, name, old, new)))
