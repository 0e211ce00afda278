"""Where tutorgpt can be had: README, book and messages say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tutorgpt.ground import published
from tutorgpt.ground.published import (
    CPU_INDEX,
    CPU_TORCH,
    REPOSITORY,
    install,
    install_here,
    without_installing,
)

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str) -> list[list[str]]:
    """The commands of each fenced block, without their comments."""
    return [
        [line.partition("  #")[0] for line in block.splitlines()]
        for block in re.findall(r"```\w+\n(.*?)```", read(name), re.DOTALL)
    ]


def test_the_readme_begins_with_the_road_without_git_and_make() -> None:
    """Windows first; on Linux torch's CPU build comes before the package."""
    windows, unix, uv, *_ = blocks("README.md")

    assert windows == [f"py -m {install('lab')}", "py -m tutorgpt lab"]
    assert unix[2:] == [CPU_TORCH, install("lab"), "tutorgpt lab"]
    assert uv == [without_installing()]


def test_the_preface_names_the_two_commands() -> None:
    """And, for Linux, the one before them."""
    assert [install("lab"), "tutorgpt lab"] in blocks("book/intro.md")
    assert f"`{CPU_TORCH}`" in read("book/intro.md")


def test_no_page_names_another_place() -> None:
    """Every address of the repository and of torch's index is this one."""
    for name in ("README.md", "book/intro.md", "CONTRIBUTING.md", "Makefile"):
        text = read(name)
        for address in re.findall(r"https://[^\s)\"`]+", text):
            if "github.com/tutorgpt" in address:
                assert address in (REPOSITORY, published.ARCHIVE)
            if "pytorch.org" in address:
                assert address == CPU_INDEX
        assert "tutorgpt[lab]" not in text.replace(install("lab"), "").replace(
            without_installing(), ""
        )


def test_the_settings_name_the_same_repository() -> None:
    """The package, the book and the citation."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    book = yaml.safe_load(read("_config.yml"))
    citation = yaml.safe_load(read("CITATION.cff"))

    assert project["urls"]["Homepage"] == REPOSITORY
    assert book["repository"]["url"] == REPOSITORY
    assert citation["repository-code"] == REPOSITORY


def test_once_it_is_on_pypi_one_word_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every command then names the package alone."""
    monkeypatch.setattr(published, "ON_PYPI", True)

    assert install("lab") == 'pip install "tutorgpt[lab]"'
    assert without_installing() == (
        'uvx --torch-backend cpu --from "tutorgpt[lab]" tutorgpt lab'
    )


def test_a_checkout_is_installed_from_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And an installed package from where everybody gets it."""
    assert install_here("lab") == f'pip install -e "{ROOT}[lab]"'
    monkeypatch.setattr(published, "in_checkout", lambda: False)
    assert install_here("lab") == install("lab")
