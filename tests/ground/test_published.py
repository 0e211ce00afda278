"""Where tutorgpt can be had: README, book and messages say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tutorgpt.desk.places import DEFAULT
from tutorgpt.ground import published
from tutorgpt.ground.published import (
    CPU_INDEX,
    CPU_TORCH,
    LEAVE,
    REPOSITORY,
    install,
    install_here,
    without_installing,
)

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "book/intro.md")


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

    assert windows == [f"py -m {install('lab')}", LEAVE, "py -m tutorgpt lab"]
    assert unix[2:] == [CPU_TORCH, install("lab"), LEAVE, "tutorgpt lab"]
    assert uv == [without_installing()]


def test_neither_desk_nor_environment_lies_in_what_was_downloaded() -> None:
    """A newer download takes the place of that folder, and of nothing else."""
    _, unix, uv, *_ = blocks("README.md")

    assert unix[:2] == [
        "python3 -m venv ../tutorgpt-env",
        ". ../tutorgpt-env/bin/activate",
    ]
    assert uv[0].endswith(f" tutorgpt lab ../{DEFAULT}")
    assert "after `. tutorgpt-env/bin/activate`" in read("README.md")


def test_the_readme_says_what_to_type_where_there_is_no_tutorgpt() -> None:
    """Messages name the command; two of the three roads have another."""
    (line,) = (
        line
        for line in read("README.md").splitlines()
        if "begins a command with `tutorgpt`" in line
    )

    assert "`py -m tutorgpt` on Windows" in line
    assert "with uv all of the line above up to `tutorgpt`" in line


def test_the_preface_names_the_two_commands() -> None:
    """And, for Linux, the one before them."""
    assert [install("lab"), LEAVE, "tutorgpt lab"] in blocks("book/intro.md")
    assert [CPU_TORCH] in blocks("book/intro.md")


def test_no_page_names_another_place() -> None:
    """Every address of the repository and of torch's index is this one."""
    known = {published.archive(), REPOSITORY} if REPOSITORY else set()
    for name in (*PAGES, "CONTRIBUTING.md", "Makefile", "CITATION.cff"):
        text = read(name)
        for address in re.findall(r"https://[^\s)\"`]+", text):
            if re.search(r"/tutorgpt(\b|/)", address):
                assert address in known
            if "pytorch.org" in address:
                assert address == CPU_INDEX
    for name in PAGES:
        rest = read(name)
        for command in (install("lab"), without_installing()):
            rest = rest.replace(command, "")
        assert "tutorgpt[lab]" not in rest


def test_the_settings_name_the_repository_or_none() -> None:
    """The package and the citation; the book's buttons take it themselves."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    citation = yaml.safe_load(read("CITATION.cff"))

    assert project.get("urls", {}).get("Homepage", "") == REPOSITORY
    assert citation.get("repository-code", "") == REPOSITORY
    assert "repository" not in yaml.safe_load(read("_config.yml"))


def test_an_address_is_set_in_one_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every command then names the repository's archive."""
    monkeypatch.setattr(published, "REPOSITORY", "https://example.org/a/b")

    assert install("lab") == (
        'pip install "tutorgpt[lab] @ '
        'https://example.org/a/b/archive/refs/heads/main.zip"'
    )


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
    assert install_here("lab") == 'pip install "tutorgpt[lab]"'
