"""What is saved of a model that was trained in the page."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from browser_tools import browser, page_with
from ladder_tools import Opens, ladder, press, text_of, train
from playwright.sync_api import Browser, Page, expect
from safetensors import safe_open

from tutorgpt import (
    GPT,
    LADDER,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    load_checkpoint,
)
from tutorgpt.cli import main
from tutorgpt.residual_norm import ResidualNormModel
from tutorgpt.view.ladder.page import asset
from tutorgpt.view.playground.pack import pack
from tutorgpt.view.playground.page import SCRIPTS
from tutorgpt.view.playground.page import asset as played

__all__ = ["browser", "ladder"]  # fixtures: used by their names

CHARACTERS = "\n !&,.:;<>ROMEabcdefghijklmnopqrstuvwxyz\U00020000𝄞"
READ = """window.modelOf = ({name, spec, characters, weights}) => ({
  name, spec, characters,
  weights: Object.fromEntries(Object.entries(weights).map(
    ([key, {shape, data}]) => [key, {shape, data: new Float32Array(
      Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer)}])),
});
window.base64Of = (bytes) => btoa(
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));"""
CHECKPOINT = """async (told) =>
  base64Of(await tutorgpt.saving.checkpoint(modelOf(told)))"""
PACK = "(told) => tutorgpt.saving.pack(modelOf(told))"


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A page with what saves, opened from a file as the book may be."""
    made = page_with(browser)
    file = tmp_path_factory.mktemp("page") / "empty.html"
    file.write_text("<!doctype html><title>empty</title>", encoding="utf-8")
    made.goto(file.as_uri())
    texts = [*map(played, SCRIPTS), asset("saving.js")]
    for text in [*texts, READ]:
        made.add_script_tag(content=text)
    return made


def make(kind: type[LanguageModel], n_embed: int = 24, V: str = CHARACTERS):
    """A model that was never trained, and its tokenizer."""
    tokenizer = CharTokenizer.from_text(V)
    torch.manual_seed(1337)
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        block_size=16,
        n_embed=n_embed,
        n_head=4,
        n_layer=2,
    )
    return kind(config).eval(), tokenizer


def told(model: LanguageModel, tokenizer: CharTokenizer) -> dict:
    """The model as the trainer hands it over."""
    config = model.config
    shape = ("block_size", "n_embed", "n_head", "n_layer")
    return {
        "name": type(model).__name__,
        "spec": {name: getattr(config, name) for name in shape},
        "characters": tokenizer.characters,
        "weights": {
            name: {
                "shape": list(weight.shape),
                "data": base64.b64encode(weight.numpy().tobytes()).decode(),
            }
            for name, weight in model.state_dict().items()
        },
    }


def logits(model: LanguageModel) -> torch.Tensor:
    """What it says of the same tokens."""
    generator = torch.Generator().manual_seed(7)
    size = (2, model.config.block_size)
    V = model.config.vocab_size
    with torch.inference_mode():
        return model(torch.randint(V, size, generator=generator))


# ------------------------------------------------------------- checkpoint


@pytest.mark.parametrize("kind", LADDER, ids=lambda kind: kind.__name__)
def test_a_checkpoint_is_the_model(
    page: Page, tmp_path: Path, kind: type[LanguageModel]
) -> None:
    """Class, config, characters and weights, and the sum of these."""
    model, tokenizer = make(kind)
    data = page.evaluate(CHECKPOINT, told(model, tokenizer))
    file = tmp_path / "model.safetensors"
    file.write_bytes(base64.b64decode(data))
    loaded, known = load_checkpoint(tmp_path)

    assert type(loaded) is kind
    assert loaded.config == model.config
    assert known == tokenizer
    assert torch.equal(logits(loaded), logits(model))
    with safe_open(str(file), framework="pt") as opened:
        assert len(opened.metadata()["sha256"]) == 64


def test_a_changed_checkpoint_is_noticed(page: Page, tmp_path: Path) -> None:
    """The sum is Python's, so that it notices one wrong bit."""
    data = page.evaluate(CHECKPOINT, told(*make(GPT)))
    broken = bytearray(base64.b64decode(data))
    broken[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(broken)

    with pytest.raises(ValueError, match="changed since"):
        load_checkpoint(tmp_path)


def test_without_the_browsers_sum_it_is_read_all_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    """Pages that are not trusted have none: http to another machine."""
    texts = [*map(played, SCRIPTS), asset("saving.js")]
    made = page_with(browser, *texts, READ)
    made.evaluate(
        "Object.defineProperty(crypto, 'subtle', {value: undefined})"
    )
    model, tokenizer = make(GPT)
    data = made.evaluate(CHECKPOINT, told(model, tokenizer))
    (tmp_path / "model.safetensors").write_bytes(base64.b64decode(data))

    assert torch.equal(logits(load_checkpoint(tmp_path)[0]), logits(model))


# ------------------------------------------------------ for the playground


@pytest.mark.parametrize(
    ("kind", "n_embed", "more"),
    [(GPT, 24, 0), (ResidualNormModel, 24, 0), (GPT, 128, 7000)],
    ids=["16 bits", "chapter 5", "8 bits"],
)
def test_a_pack_is_as_python_makes_it(
    page: Page, kind: type[LanguageModel], n_embed: int, more: int
) -> None:
    """Byte for byte, rounded weights included."""
    characters = CHARACTERS + "".join(map(chr, range(0x4E00, 0x4E00 + more)))
    model, tokenizer = make(kind, n_embed, characters)
    expected = pack(model, tokenizer)

    assert expected["snapshots"][0]["bits"] == (8 if more else 16)
    assert page.evaluate(PACK, told(model, tokenizer)) == expected


def test_float16_is_numpys(page: Page) -> None:
    """Numbers of every size, ties, the smallest, the largest, and zeros."""
    numbers = np.random.default_rng(7).normal(size=2000)
    numbers *= 10.0 ** np.arange(-8, 4).repeat(167)[:2000]
    edges = [0.0, -0.0, 65504, 2**-24, 2**-25, 3 * 2**-25, 2**-14, 1.00048828]
    edges += [1 + k * 2**-11 for k in range(8)]
    many = np.array([*edges, *numbers], dtype=np.float32)
    found = page.evaluate(
        "(numbers) => numbers.map((x) => tutorgpt.saving.half(x))",
        many.tolist(),
    )

    assert found == many.astype("<f2").view("<u2").tolist()


@pytest.mark.parametrize(
    ("kind", "change", "says"),
    [
        (LADDER[0], 0.0, "from chapter 5 on"),
        (GPT, float("nan"), "not finite"),
        (GPT, 7e4, "beyond 65,504"),
    ],
    ids=["bigram", "no number", "too large"],
)
def test_what_the_playground_cannot_show_is_refused(
    page: Page, kind: type[LanguageModel], change: float, says: str
) -> None:
    """With a reason, as Python gives it."""
    model, tokenizer = make(kind)
    with torch.no_grad():
        model.lm_head.bias[0] += change  # type: ignore
    refused = page.evaluate(
        "(told) => { try { tutorgpt.saving.pack(modelOf(told)) }"
        " catch (error) { return error.message } }",
        told(model, tokenizer),
    )

    assert says in refused


# ------------------------------------------------------ from the buttons


def saved(shown: Page, name: str, folder: Path) -> Path:
    """Press a button that saves, and the file that comes of it."""
    with shown.expect_download() as waiting:
        press(shown, name)
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.mark.parametrize("rung", ["BigramModel", "GPT"])
def test_sample_and_eval_open_what_was_trained(
    ladder: Opens, tmp_path: Path, rung: str, capsys: pytest.CaptureFixture
) -> None:
    """Python measures the loss that the page has shown."""
    shown = ladder()
    train(shown, rung, 5)
    loss = shown.locator(".tg-table tbody td").nth(1).inner_text()
    file = saved(shown, "Save as a checkpoint", tmp_path)
    assert file.name == "model.safetensors"
    expect(
        shown.get_by_text("tutorgpt sample model.safetensors")
    ).to_be_visible()
    text = saved(shown, "Save the text", tmp_path)
    assert text.read_text(encoding="utf-8") == text_of().text

    told = ["--corpus", str(text)]
    assert main(["eval", str(file), *told]) == 0
    measured = capsys.readouterr().out.partition("loss:")[2].split()[0]
    assert float(measured) == pytest.approx(float(loss), abs=1e-3)
    asked = ["--prompt", "THE", "--tokens", "20"]
    assert main(["sample", str(file), *asked]) == 0
    assert capsys.readouterr().out.startswith("THE")


def test_a_trained_model_opens_in_the_playground(ladder: Opens) -> None:
    """Chapter 5's and 6's; for the others a sentence says why not."""
    shown = ladder()
    train(shown, "SingleHeadModel", 3)
    button = shown.get_by_role("button", name="Open in the playground")
    expect(button).to_be_disabled()
    expect(shown.get_by_text("show models from chapter 5 on")).to_be_visible()
    train(shown, "ResidualNormModel", 3)
    expect(button).to_be_enabled()
    button.click()
    inner = shown.locator(".tg-l-trained .tg-ui")
    inner.get_by_role("button", name="One character").click()

    expect(inner.locator(".tg-text")).to_contain_text("THESEUS")
    assert "Trained on this page for 3 steps" in inner.inner_text()


def test_a_saved_page_plays(ladder: Opens, tmp_path: Path) -> None:
    """One file, which holds the model, and needs nothing else."""
    shown = ladder()
    train(shown, "GPT", 3)
    file = saved(shown, "Save as a page", tmp_path)
    shown.goto(file.as_uri())
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)

    assert shown.title() == "GPT, trained in a browser"
    assert shown.get_by_label("Prompt").input_value() == "THESEUS:"
    press(shown, "Write 200 characters")
    shown.get_by_text("200 characters written").wait_for()


def test_the_saved_page_holds_any_text(page: Page) -> None:
    """Neither a title nor a vocabulary can end its place."""
    evil = "</script><img src=x onerror=alert(1)>"
    made = page.evaluate(
        "(evil) => { Object.assign(tutorgpt, {"
        " files: {'playground.css': 's', 'a.js': 'x'},"
        " lists: {playground: ['a.js']}, blankPage: ['<', 'title', '|',"
        " 'style', '|', 'demo', '|', 'scripts', '>']});"
        " return tutorgpt.saving.savedPage({note: evil}, {title: evil,"
        " prompt: evil}) }",
        evil,
    )

    assert evil not in made
    assert "<img" not in made
    assert json.loads(
        made.partition('class="tg-pack">')[2].partition("</script>")[0]
    ) == {"note": evil}


def test_the_model_to_save_is_chosen(ladder: Opens, tmp_path: Path) -> None:
    """The newest at first, and any before it."""
    shown = ladder()
    train(shown, "BigramModel", 3)
    train(shown, "MultiHeadModel", 3)
    choice = shown.get_by_label("trained model")
    assert choice.input_value() == "3. MultiHeadModel"
    choice.select_option("1. BigramModel")
    saved(shown, "Save as a checkpoint", tmp_path)

    assert type(load_checkpoint(tmp_path)[0]) is LADDER[0]
