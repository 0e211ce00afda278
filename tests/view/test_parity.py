"""The page's arithmetic against PyTorch's, in a real browser."""

import base64
import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from browser_tools import browser, page_with
from playwright.sync_api import Browser, Page
from torch import Tensor
from torch.nn import functional as F

from tutorgpt import (
    GPT,
    CharTokenizer,
    LanguageModel,
    ModelConfig,
    generate,
)
from tutorgpt.decoding.choice import keep_likeliest
from tutorgpt.modern import ModernGPT
from tutorgpt.residual_norm import ResidualNormModel
from tutorgpt.view.playground.pack import pack, rounded, snapshot
from tutorgpt.view.playground.page import MODEL, asset

__all__ = ["browser"]  # a fixture: used by its name

LATIN = "\n !',-.:;?" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 700))) + "\U00020000𝄞"
TOLERANCE = 1e-4
OLD_PACK = Path(__file__).with_name("pack_1.json")
"""A small model as it was packed before there was format 2."""

SHAPES = {
    "latin": (GPT, LATIN, (16, 24, 4)),
    "odd": (GPT, LATIN, (7, 15, 5)),
    "one head": (GPT, LATIN, (5, 6, 1)),
    "han": (GPT, HAN, (12, 20, 2)),
    "modern": (ModernGPT, LATIN, (16, 24, 4)),
    "modern, one pair": (ModernGPT, LATIN, (7, 10, 5)),
    "modern, one head": (ModernGPT, HAN, (12, 20, 1)),
}
"""Kind, alphabet, and block_size, n_embed, n_head."""

READ_EACH = """(prompts) => prompts.map((prompt) => {
  window.model.read(prompt);
  return Array.from(model.logits());
})"""
ATTENTION = """(prompt) => {
  model.read(prompt);
  return model.attention.map((heads) => heads.map((w) => Array.from(w)));
}"""
GREEDY = """([prompt, howMany]) => {
  const tokens = [...prompt];
  for (let n = 0; n < howMany; n++) {
    model.read(tokens);
    tokens.push(tutorgpt.likeliest(model.logits()));
  }
  return tokens;
}"""


def make(
    name: str, kind: type[LanguageModel] | None = None
) -> tuple[LanguageModel, CharTokenizer]:
    """A model with large weights, so that its logits are far apart."""
    own_kind, characters, (block_size, n_embed, n_head) = SHAPES[name]
    tokenizer = CharTokenizer.from_text(characters)
    torch.manual_seed(1337)
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        block_size=block_size,
        n_embed=n_embed,
        n_head=n_head,
        n_layer=3,
    )
    model = (kind or own_kind)(config)
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return model.eval(), tokenizer


@pytest.fixture(scope="module", params=[True, False], ids=["simd", "plain"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Page:
    """An empty page with the engine in it, and the kernel or none."""
    empty = page_with(browser, *map(asset, MODEL))
    empty.evaluate("(simd) => { window.simd = simd }", request.param)
    return empty


def load(page: Page, packed: dict) -> None:
    """Let the page read a model, and see which product it multiplies with."""
    page.evaluate(
        "(pack) => { window.model ="
        " new tutorgpt.Model(JSON.parse(pack), undefined, {simd}) }",
        json.dumps(packed),
    )
    assert page.evaluate("model.net.space.simd === simd")


@pytest.fixture(scope="module", params=SHAPES)
def pair(request: pytest.FixtureRequest, page: Page) -> LanguageModel:
    """The model with rounded weights; the page holds the same."""
    model, tokenizer = make(request.param)
    load(page, pack(model, tokenizer))
    return rounded(model)


def prompts(model: LanguageModel) -> list[list[int]]:
    """Every length up to three windows, some sharing their beginning."""
    V, block_size = model.config.vocab_size, model.config.block_size
    draw = random.Random(7)
    many = [
        [draw.randrange(V) for _ in range(length)]
        for length in range(1, 3 * block_size)
    ]
    whole = many[-1]
    return many + [whole[:n] for n in range(1, len(whole))] + [whole[::-1]]


def test_logits_agree(pair: LanguageModel, page: Page) -> None:
    """Every prompt, length and window position: within 1e-4 of PyTorch."""
    texts = prompts(pair)
    worst = 0.0
    for text, found in zip(
        texts, page.evaluate(READ_EACH, texts), strict=True
    ):
        window = torch.tensor([text[-pair.config.block_size :]])
        with torch.no_grad():
            expected = pair(window)[0, -1]
        difference = (torch.tensor(found) - expected).abs().max().item()
        worst = max(worst, difference)

    print(f"largest difference of logits: {worst:.1e}")

    assert worst <= TOLERANCE
    assert expected.std() > 0.4  # logits that differ, so a comparison


def test_greedy_text_agrees(pair: LanguageModel, page: Page) -> None:
    """Three windows of greedy text are the same, window slides included."""
    prompt, howMany = [1, 2], 3 * pair.config.block_size
    expected = generate(pair, torch.tensor([prompt]), howMany, greedy=True)

    assert page.evaluate(GREEDY, [prompt, howMany]) == expected[0].tolist()


@pytest.fixture
def looks(pair: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> list:
    """Each layer's queries and keys (H, B, D), as PyTorch multiplies them."""
    seen: list[tuple[Tensor, Tensor]] = []
    look = F.scaled_dot_product_attention

    def noted(q: Tensor, k: Tensor, *rest: Tensor, **settings) -> Tensor:
        seen.append((q[0], k[0]))
        return look(q, k, *rest, **settings)

    monkeypatch.setattr(F, "scaled_dot_product_attention", noted)
    prompt = prompts(pair)[-1][: pair.config.block_size]
    with torch.no_grad():
        pair(torch.tensor([prompt]))
    return seen


def test_a_shorter_text_has_the_same_attention(
    pair: LanguageModel, page: Page
) -> None:
    """Its rows are those with which a whole window begins."""
    B = pair.config.block_size
    prompt = prompts(pair)[-1][:B]
    whole = torch.tensor(page.evaluate(ATTENTION, prompt))
    page.evaluate(ATTENTION, prompt[::-1])  # nothing is left of the first
    short = torch.tensor(page.evaluate(ATTENTION, prompt[:3]))

    for t in range(3):
        row = slice(t * B, t * B + t + 1)
        torch.testing.assert_close(
            short[..., row], whole[..., row], atol=1e-5, rtol=1e-4
        )


def test_attention_agrees(
    pair: LanguageModel, page: Page, looks: list
) -> None:
    """The weights that are shown are those that PyTorch computes."""
    B, H = pair.config.block_size, pair.config.n_head
    prompt = prompts(pair)[-1][:B]
    shown = torch.tensor(page.evaluate(ATTENTION, prompt)).view(-1, H, B, B)

    assert len(shown) == len(looks)
    for weights, (q, k) in zip(shown, looks, strict=True):
        scores = q @ k.mT / q.shape[-1] ** 0.5
        future = torch.ones(B, B, dtype=torch.bool).triu(1)
        expected = scores.masked_fill(future, float("-inf")).softmax(-1)

        assert (weights.tril() - expected).abs().max() <= TOLERANCE


def test_the_six_steps_add_up(
    pair: LanguageModel, page: Page, looks: list
) -> None:
    """Each head's shown numbers give the vector that it hands on."""
    prompt = prompts(pair)[-1][: pair.config.block_size]
    found = page.evaluate(
        "(prompt) => { model.read(prompt); const s = model.sixSteps(1, 0, 3);"
        " return {weights: s.past.map((p) => p.weight),"
        " query: [...s.query], keys: s.past.map((p) => [...p.key]),"
        " scaled: s.past.map((p) => p.scaled),"
        " values: s.past.map((p) => [...p.value]), out: [...s.out]} }",
        prompt,
    )
    weights = torch.tensor(found["scaled"][:4]).softmax(-1)
    values = torch.tensor(found["values"][:4])
    q, k = looks[1]
    multiplied = torch.tensor([found["query"], *found["keys"]])

    torch.testing.assert_close(
        multiplied, torch.cat([q[0, 3:4], k[0]]), atol=1e-4, rtol=1e-4
    )
    torch.testing.assert_close(
        torch.tensor(found["weights"][:4]), weights, atol=1e-5, rtol=1e-4
    )
    torch.testing.assert_close(
        torch.tensor(found["out"]), weights @ values, atol=1e-4, rtol=1e-4
    )
    assert not any(found["weights"][4:])


@pytest.mark.parametrize("name", ["latin", "modern"])
@pytest.mark.parametrize("part", ["layer", "head"])
def test_a_part_that_is_off_adds_nothing(
    page: Page, part: str, name: str
) -> None:
    """What the switches do is what removing the part does in PyTorch."""
    model, tokenizer = make(name)
    load(page, pack(model, tokenizer))
    changed = rounded(model)
    if part == "layer":
        page.evaluate("model.switchOff(['1'])")
        changed.blocks[1] = torch.nn.Identity()
    else:
        page.evaluate("model.switchOff(['1.2'])")
        D = changed.config.head_size
        proj = changed.blocks[1].multi_head.proj
        proj.weight.data[:, 2 * D : 3 * D] = 0
    prompt = [3, 1, 4, 1, 5, 9, 2, 6]
    found = torch.tensor(page.evaluate(READ_EACH, [prompt])[0])
    with torch.no_grad():
        expected = changed(torch.tensor([prompt]))[0, -1]

    assert (found - expected).abs().max() <= TOLERANCE


def test_a_twin_reads_and_switches_for_itself(
    pair: LanguageModel, page: Page
) -> None:
    """It has the same weights; what it reads is nothing to the other."""
    once, other = prompts(pair)[-1], prompts(pair)[4]
    found = page.evaluate(
        """([once, other]) => {
          const show = () => [...model.logits(), ...model.attention[1][0],
            ...model.qkv[1], ...model.stream[2]];
          const twin = model.twin();
          model.read(once);
          const before = show();
          twin.switchOff(["0", "1.0"]);
          twin.read(other);
          const after = show();
          twin.switchOff([]);
          twin.read(once);
          return { before, after, one: [...model.logits()],
            two: [...twin.logits()], off: [...model.off] };
        }""",
        [once, other],
    )

    assert found["before"] == found["after"]
    assert found["one"] == found["two"]
    assert found["off"] == []


@pytest.mark.parametrize("name", ["han", "modern"])
def test_eight_bits_are_read_as_written(page: Page, name: str) -> None:
    """The demo's smaller weights mean the same in Python and on the page."""
    model, tokenizer = make(name)
    packed = pack(model, tokenizer)
    packed["snapshots"] = [snapshot(model, bits=8, step=0, loss=1.0)]
    load(page, packed)
    small = rounded(model, bits=8)
    prompt = [5, 3, 1]
    found = torch.tensor(page.evaluate(READ_EACH, [prompt])[0])
    with torch.no_grad():
        expected = small(torch.tensor([prompt]))[0, -1]

    assert (found - expected).abs().max() <= TOLERANCE


def test_the_model_of_chapter_5_may_be_shown(page: Page) -> None:
    """It is fused first, and then it is the same model."""
    model, tokenizer = make("latin", ResidualNormModel)
    load(page, pack(model, tokenizer))
    prompt = [3, 1, 4, 1, 5]
    found = torch.tensor(page.evaluate(READ_EACH, [prompt])[0])
    with torch.no_grad():
        expected = model(torch.tensor([prompt]))[0, -1]

    # The page's weights have 16 bits, these have 32.
    assert (found - expected).abs().max() <= 0.05


@pytest.mark.parametrize(
    ("temperature", "top_k", "top_p"),
    [(1.0, None, None), (0.5, 5, None), (1.7, None, 0.6), (0.8, 9, 0.5)],
)
def test_probabilities_agree(
    page: Page, temperature: float, top_k: int | None, top_p: float | None
) -> None:
    """Temperature, top-k and top-p mean what they mean in generate()."""
    scores = 2 * torch.randn(40, generator=torch.Generator().manual_seed(3))
    kept = keep_likeliest(scores[None] / temperature, top_k, top_p)
    settings = {"temperature": temperature}
    settings |= {"topK": top_k} if top_k else {}
    settings |= {"topP": top_p} if top_p else {}
    found = page.evaluate(
        "([scores, s]) => [...tutorgpt.probabilities(scores, s)]",
        [scores.tolist(), settings],
    )

    torch.testing.assert_close(
        torch.tensor(found), kept[0].softmax(-1), atol=1e-6, rtol=1e-4
    )


def test_the_shares_of_a_next_token_agree(
    pair: LanguageModel, page: Page
) -> None:
    """After a window that has moved: what temperature and top-k leave."""
    text = prompts(pair)[-1]
    found = page.evaluate(
        "(text) => { model.read(text); return [...tutorgpt.probabilities("
        "model.logits(), {temperature: 0.7, topK: 5})] }",
        text,
    )
    with torch.no_grad():
        scores = pair(torch.tensor([text[-pair.config.block_size :]]))[:, -1]
    expected = keep_likeliest(scores / 0.7, 5, None)[0].softmax(-1)

    assert sum(share > 0 for share in found) == 5
    torch.testing.assert_close(
        torch.tensor(found), expected, atol=TOLERANCE, rtol=1e-3
    )


def test_what_is_drawn_has_these_probabilities(page: Page) -> None:
    """Ten thousand draws spread as the shares say; the seed repeats them."""
    count = """(seed) => {
      const random = tutorgpt.randomFrom(seed), counts = [0, 0, 0, 0];
      for (let n = 0; n < 10000; n++)
        counts[tutorgpt.draw([0.1, 0, 0.6, 0.3], random)]++;
      return counts;
    }"""
    counts = page.evaluate(count, 7)

    assert counts == page.evaluate(count, 7)
    assert counts != page.evaluate(count, 8)
    assert counts[1] == 0
    assert abs(counts[0] - 1000) < 120
    assert abs(counts[2] - 6000) < 200


def unpacked(old: dict) -> tuple[GPT, CharTokenizer]:
    """The model and the tokenizer of a pack of format 1, 16 bits a weight."""
    data = base64.b64decode(old["snapshots"][0]["weights"])
    numbers = torch.from_numpy(np.frombuffer(data, "<f2").astype("f4"))
    sizes = [np.prod(shape, dtype=int) for _, shape in old["tensors"]]
    parts = numbers.split([int(size) for size in sizes])
    model = GPT(ModelConfig(**old["config"]))
    model.load_state_dict(
        {
            name: part.view(shape)
            for (name, shape), part in zip(old["tensors"], parts, strict=True)
        }
    )
    return model.eval(), CharTokenizer(old["characters"])


def test_a_pack_of_format_1_is_read_as_before(page: Page) -> None:
    """What an earlier version wrote gives the same logits as format 2."""
    old = json.loads(OLD_PACK.read_text("utf-8"))
    model, tokenizer = unpacked(old)
    new = pack(model, tokenizer)
    texts = prompts(model)
    found = []
    for packed in (old, new):
        load(page, packed)
        found.append(page.evaluate(READ_EACH, texts))
        letters = page.evaluate("model.encode('to be')")

        assert letters == tokenizer.encode("to be")
    with torch.no_grad():
        expected = model(torch.tensor([texts[0]]))[0, -1]

    assert (old["format"], new["format"]) == (1, 2)
    assert found[0] == found[1]
    assert (torch.tensor(found[0][0]) - expected).abs().max() <= TOLERANCE


def refusal(page: Page, packed: dict) -> str | None:
    """What the engine says of a pack, or None if it takes it."""
    return page.evaluate(
        "(pack) => { try { new tutorgpt.Model(JSON.parse(pack)) }"
        " catch (error) { return error.message } }",
        json.dumps(packed),
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 3}, "format 3, and this page reads only 1 and 2"),
        ({"kind": "Llama"}, 'a model of the kind "Llama"'),
        ({"tokenizer": {"kind": "words"}}, 'a tokenizer of the kind "words"'),
    ],
)
def test_what_a_page_cannot_read_is_named(
    page: Page, change: dict, said: str
) -> None:
    """A newer format or another kind is one sentence with the remedy."""
    packed = pack(*make("odd"))
    message = refusal(page, packed | change)

    assert refusal(page, packed) is None
    assert message is not None
    assert said in message
    assert message.endswith("update tutorgpt, then export the model again")


@pytest.mark.parametrize("change", ["flip", "cut", "not base64", "format"])
def test_damaged_weights_are_refused(page: Page, change: str) -> None:
    """One changed bit is noticed, and said in a sentence with the remedy."""
    packed = pack(*make("odd"))
    moment = packed["snapshots"][0]
    weights = moment["weights"]
    if change == "flip":
        other = "B" if weights[100] == "A" else "A"
        moment["weights"] = weights[:100] + other + weights[101:]
    elif change == "cut":
        moment["weights"] = weights[: len(weights) // 8 * 4]
    elif change == "not base64":
        moment["weights"] = "%" + weights
    else:
        packed["format"] = 99
    message = refusal(page, packed)

    assert message is not None
    assert "export" in message
    assert ("damaged" in message) == (change != "format")
