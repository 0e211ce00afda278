"""The page's tokenizers against Python's, and pages that use them."""

import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from browser_tools import Visit, axe, browser, open_page, page_with, serious
from playwright.sync_api import Browser, Page, expect

from tutorgpt import GPT, CharTokenizer, ModelConfig, generate
from tutorgpt.cli import main
from tutorgpt.tokens import (
    BytePairTokenizer,
    ByteTokenizer,
    StreamDecoder,
    Tokenizer,
)
from tutorgpt.tokens.alphabet import NUMBER_OF_BYTE
from tutorgpt.tokens.splitting import split_words
from tutorgpt.tokens.vocabulary import Vocabulary
from tutorgpt.view.playground.pack import pack, pack_tokenizer
from tutorgpt.view.playground.page import MODEL, asset
from tutorgpt.view.playground.page import page as html_page

__all__ = ["axe", "browser"]  # fixtures: used by their names

TEXT = (
    "The king's ship, it's said, we'll see; THEY'LL SEE that I'M 42.\r\n"
    "明月几时有?把酒问青天。不知天上宫阙,今夕是何年。明月 déjà vu\t\t  x\n\n"
    "雷雷雷 🙂🙂 e\u0301e\u0301 aaaaaaa abab abab 1234 1234 ½ ² Ⅷ\n"
) * 2
STRINGS = [
    "",
    " ",
    "\n",
    "\ufeffbegins with a mark",
    "雷",
    "🙂👩\u200d💻👨\u200d👩\u200d👧🏽",
    "e\u0301 o\u0308\u0323 \u0301alone",
    "a\r\nb\r\n\r\nc\rd",
    "   three   and    four  ",
    "tab\t\ttabs\t a\u00a0b\u3000c\u2028d\u0085e\x1cf",
    "'s 'S 'll 'LL it's IT'S don''t 've're'd",
    "can\u2019t \u2018quoted\u2019 x's'll",
    "明月明月明月几时有把酒问青天" * 3,
    "aaaaaaaaa ababababab aabaab",
    "½²Ⅷ٣४ 1st 2nd x1y2",
    "\x00\x01\x7f <b>&amp;</b> \ufffd\ufffd",
    "زبان עברית हिन्दी ไทย 한국어 日本語",
    TEXT,
]
READ = """([described, texts]) => {
  const { TOKENIZERS } = tutorgpt;
  window.tokenizer = new TOKENIZERS[described.kind](described);
  return texts.map((text) => {
    const tokens = tokenizer.encode(text);
    return [tokens, tokenizer.decode(tokens)];
  });
}"""
STREAM = """(many) => many.map((tokens) => {
  const stream = tokenizer.stream(), items = [];
  const steps = tokens.map((id) => {
    items.push(stream(id));
    const parts = items.slice(-4).flatMap((item) => item.parts);
    return [
      items.at(-1).parts.filter((part) => !part.bytes).join(""),
      parts.filter((part) => part.fate === "waits").flatMap((p) => p.bytes),
    ];
  });
  return [steps, tokenizer.decode(tokens)];
})"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """An empty page with the tokenizers and the engine in it."""
    return page_with(browser, *map(asset, MODEL))


def drawn_strings(count: int) -> list[str]:
    """Strings at random, of letters that learned pairs are made of."""
    draw = random.Random(11)
    letters = [*sorted(set(TEXT)), "\U00020000", "\u0300", "ß"]
    lengths = (draw.randrange(60) for _ in range(count))
    return ["".join(draw.choices(letters, k=n)) for n in lengths]


def drawn_merges(draw: random.Random) -> BytePairTokenizer:
    """Merges that nobody has learned: some spell what another one has."""
    tokens = [NUMBER_OF_BYTE[byte] for byte in b"ab"]
    merges: list[tuple[int, int]] = []
    vocabulary = Vocabulary()
    while len(merges) < 12:
        pair = draw.choice(tokens), draw.choice(tokens)
        if pair not in merges:
            merges.append(pair)
            tokens.append(vocabulary.join(pair))
    return BytePairTokenizer(tuple(merges))


PAIRS = BytePairTokenizer.train(TEXT, 340)
TOKENIZERS = {
    "bytes": ByteTokenizer(),
    "pairs": PAIRS,
    "characters": CharTokenizer.from_text(
        "".join(STRINGS) + "\U00020000ß\u0300"
    ),
}


@pytest.mark.parametrize("name", TOKENIZERS)
def test_numbers_and_texts_agree(page: Page, name: str) -> None:
    """The same tokens as in Python, and the same text back."""
    tokenizer = TOKENIZERS[name]
    texts = STRINGS + drawn_strings(300)
    assert_alike(page, tokenizer, texts)


def test_merges_in_any_order_agree(page: Page) -> None:
    """Two pairs may spell one token, which is half of an earlier pair."""
    draw = random.Random(3)
    texts = ["".join(draw.choices("ab", k=n)) for n in range(1, 40)]
    several = [drawn_merges(draw) for _ in range(30)]
    for tokenizer in several:
        assert_alike(page, tokenizer, texts)

    assert min(tokenizer.vocab_size for tokenizer in several) < 268


def assert_alike(page: Page, tokenizer: Tokenizer, texts: list[str]) -> None:
    """Numbers as in Python, and texts as they were."""
    found = page.evaluate(READ, [pack_tokenizer(tokenizer), texts])
    for text, (tokens, back) in zip(texts, found, strict=True):
        assert tokens == tokenizer.encode(text), text
        assert back == text


def test_words_are_cut_alike_for_every_character(page: Page) -> None:
    """Letters, numbers and blanks are Unicode's, as regex knows them.

    Those that Unicode 3.2 knew: of later ones a browser may know less.
    """
    known = [
        c
        for c in map(chr, range(0x30000))
        if unicodedata.ucd_3_2_0.category(c) not in ("Cn", "Cs", "Co")
        # One letter of ideographs and of Hangul is as good as another.
        and (not ("\u3500" < c < "\u9f00" or c > "\uac10") or ord(c) % 97 == 0)
    ]
    text = "".join(f" {c}a{c}1{c}.{c}  " for c in known)
    found = page.evaluate("(text) => tutorgpt.splitWords(text)", text)

    assert found == split_words(text)
    assert len(known) > 10_000


@pytest.mark.parametrize("name", ["bytes", "pairs"])
def test_a_stream_agrees_token_by_token(page: Page, name: str) -> None:
    """What each token completes, and which bytes wait, for any tokens.

    But for half of a surrogate pair, ED A0 and so on: Python's decoder says
    one byte later than the page that it is no character.
    """
    tokenizer = TOKENIZERS[name]
    page.evaluate(READ, [pack_tokenizer(tokenizer), []])
    draw = random.Random(5)
    often = tokenizer.encode("雷🙂é\u07ff\u0800\U0010ffff")
    others = [
        token
        for token, spelled in enumerate(tokenizer.bytes_of)
        if 0xED not in spelled
    ]
    many = [
        [
            draw.choice(often if draw.random() < 0.7 else others)
            for _ in range(60)
        ]
        for _ in range(60)
    ]
    many.append(tokenizer.encode("".join(STRINGS)))
    for tokens, (steps, text) in zip(
        many, page.evaluate(STREAM, many), strict=True
    ):
        stream = StreamDecoder(tokenizer)
        expected = []
        for token in tokens:
            given = stream.feed(token).replace("\ufffd", "")
            expected.append([given, list(stream.waiting)])

        # What was completed is in it; STRINGS has two such signs itself.
        assert [[a.replace("\ufffd", ""), b] for a, b in steps] == expected
        assert text == tokenizer.decode(tokens)
    surrogate = tokenizer.encode("\ud7ff") + tokenizer.encode("\uf8ff")[1:]
    cut = [surrogate[:n] for n in range(1, 6)]
    found = [text for _, text in page.evaluate(STREAM, cut)]
    assert found == [tokenizer.decode(tokens) for tokens in cut]


def test_greedy_text_of_pairs_agrees(page: Page) -> None:
    """A model of pairs goes on as in Python, from a text's tokens."""
    model = make(PAIRS)
    page.evaluate(
        "(pack) => { window.model = new tutorgpt.Model(JSON.parse(pack)) }",
        json.dumps(pack(model, PAIRS)),
    )
    prompt = PAIRS.encode("明月 it's")
    expected = generate(model, torch.tensor([prompt]), 12, greedy=True)
    found = page.evaluate(
        "(text) => { const tokens = model.encode(text);"
        " for (let n = 0; n < 12; n++) { model.read(tokens);"
        "  tokens.push(tutorgpt.likeliest(model.logits())); }"
        " return tokens; }",
        "明月 it's",
    )

    assert found == expected[0].tolist()


def make(tokenizer: Tokenizer) -> GPT:
    """A small model that was never trained, with weights of 16 bits."""
    torch.manual_seed(1337)
    shape = {"block_size": 16, "n_embed": 24, "n_head": 4, "n_layer": 2}
    model = GPT(ModelConfig(vocab_size=tokenizer.vocab_size, **shape))
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
        parameter.data = parameter.data.half().float()
    return model.eval()


# ------------------------------------------------------ what is packed


def test_merges_are_packed_compactly() -> None:
    """Two bytes a number, in base64: less than six characters a merge."""
    packed = json.dumps(pack_tokenizer(PAIRS))

    assert len(packed) < 450 + 6 * len(PAIRS.merges)


def test_more_tokens_than_a_page_holds_are_refused() -> None:
    """Both numbers, and what to do."""

    class Many(ByteTokenizer):
        @property
        def vocab_size(self) -> int:
            return 70_000

        def describe(self) -> dict:
            return {"kind": "pairs", "merges": []}

    with pytest.raises(ValueError, match=r"70,000 tokens .* most 65,536: tr"):
        pack_tokenizer(Many())


@pytest.mark.parametrize("change", ["cut", "not base64", "no token", "size"])
def test_a_damaged_tokenizer_is_refused(page: Page, change: str) -> None:
    """In a sentence with its remedy."""
    packed = pack(make(PAIRS), PAIRS)
    described = packed["tokenizer"]
    merges = described["merges"]
    described["merges"] = {
        "cut": merges[: len(merges) // 8 * 4],
        "not base64": "%" + merges,
        "no token": "////" + merges[4:],
        "size": merges[:-16],
    }[change]
    message = page.evaluate(
        "(pack) => { try { new tutorgpt.Model(JSON.parse(pack)) }"
        " catch (error) { return error.message } }",
        json.dumps(packed),
    )

    assert message is not None
    assert "damaged" in message
    assert message.endswith("export the page again")


# --------------------------------------------- a run, exported and opened


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of two runs that were trained for a few steps."""
    folder = tmp_path_factory.mktemp("runs")
    text = folder / "poem.txt"
    text.write_text(TEXT * 8, encoding="utf-8")
    pages = {}
    for name in ("bytes", "pairs:300"):
        out, target = folder / name[:5], folder / f"{name[:5]}.html"
        trained = ["--tokenizer", name, "--preset", "small", "--steps", "3"]
        asked = ["--corpus", str(text), "--out", str(out), *trained]
        assert main(["train", *asked]) == 0
        prompt = ["--prompt", "雷 🙂"]
        assert main(["export", str(out), str(target), *prompt]) == 0
        pages[name[:5]] = target
    return pages


@pytest.fixture(params=["bytes", "pairs"])
def shown(browser: Browser, runs: dict[str, Path], request) -> Iterator[Page]:
    """An exported page, ready, with the network cut; nothing goes wrong."""
    opened, notes = open_page(browser, "light")
    opened.goto(runs[request.param].as_uri())
    expect(opened.locator("[data-tg-ready=yes]")).to_have_count(1)
    yield opened
    opened.context.close()
    assert notes == Visit()


def test_a_run_s_page_takes_every_text(shown: Page, axe: str) -> None:
    """Thunder, a face, marks: read, shown whole, written on from."""
    prompt = shown.get_by_label("Prompt")
    text = shown.locator(".tg-text")
    expect(prompt).to_have_value("雷 🙂")
    for typed in ("雷🙂", "e\u0301 雷\n🙂 ±"):
        prompt.fill(typed)
        expect(text).to_have_text(
            typed.replace("\n", "↵\n"), use_inner_text=False
        )
    expect(shown.locator(".tg-note")).to_be_empty()
    unit = "token" if "pairs" in shown.url else "byte"
    shown.get_by_role("button", name=f"Write 200 {unit}s").click()
    shown.get_by_text(f"200 {unit}s written").wait_for()
    for summary in shown.locator("summary").all():
        summary.click()
    expect(shown.get_by_text(f"What each {unit} looks at")).to_be_visible()

    assert "\ufffd" not in shown.locator("main").inner_text()
    assert serious(shown, axe) == []
    assert f"{unit}s known" in shown.locator("main").inner_text()


def bytes_page(browser: Browser, folder: Path, prompt: str) -> tuple:
    """A page whose model of bytes always writes E9, 9B, B7, one a turn."""
    tokenizer = ByteTokenizer()
    model = make(tokenizer)
    for parameter in model.parameters():
        parameter.data.zero_()
    after = {0xE9: 0x9B, 0x9B: 0xB7}
    model.norm.weight.data[:] = 1
    model.embedding.token.weight.data[:, 0] = 1
    for n, (byte, other) in enumerate(after.items(), 1):
        model.embedding.token.weight.data[byte] = torch.eye(24)[n]
        model.lm_head.weight.data[other, n] = 9
    model.lm_head.weight.data[0xE9, 0] = 9
    file = folder / "bytes.html"
    packed = pack(model, tokenizer)
    file.write_text(html_page(packed, title="B", prompt=prompt), "utf-8")
    opened, notes = open_page(browser, "light")
    opened.goto(file.as_uri())
    expect(opened.locator("[data-tg-ready=yes]")).to_have_count(1)
    opened.get_by_label("greedy").check()
    return opened, notes


def test_bytes_wait_and_become_a_character(
    browser: Browser, tmp_path: Path
) -> None:
    """⟨E9⟩, ⟨E9⟩⟨9B⟩, and then 雷, each byte still to be pointed at."""
    shown, notes = bytes_page(browser, tmp_path, "a ")
    text, one = shown.locator(".tg-text"), shown.get_by_text("One byte")
    stands = ["a ⟨E9⟩", "a ⟨E9⟩⟨9B⟩", "a 雷", "a 雷⟨E9⟩"]
    for n, expected in enumerate(stands, 3):
        one.click()
        expect(text).to_have_text(expected, use_inner_text=False)
        expect(text.locator("span")).to_have_count(n)
    expect(shown.get_by_text("Written: ‘⟨E9⟩’.")).to_be_visible()
    expect(shown.locator(".tg-bars .tg-char").first).to_have_text("⟨9B⟩")
    name = shown.locator(".tg-bars .tg-char").first.get_attribute("aria-label")
    looks = shown.locator(".tg-position .tg-caption")
    names = []
    for n in range(6):
        text.locator("span").nth(n).hover()
        names.append(looks.inner_text().split("‘")[1].split("’")[0])

    assert name == "byte 9B"
    assert names == ["a", "␣", "⟨E9⟩", "⟨9B⟩", "⟨B7⟩", "⟨E9⟩"]

    # It goes on in the middle of the character when the page is back.
    shown.evaluate("tutorgpt.kept.keepNow()")
    shown.reload()
    expect(text).to_have_text(stands[-1], use_inner_text=False)
    one.click()
    one.click()
    expect(text).to_have_text("a 雷雷", use_inner_text=False)

    # Bytes that no character has stay bytes.
    shown.get_by_label("Prompt").fill("雷")
    shown.get_by_role("button", name="Write 200").click()
    shown.get_by_text("200 bytes written").wait_for()
    whole = text.text_content() or ""
    shown.context.close()

    assert set(whole.removesuffix("⟨E9⟩⟨9B⟩")) == {"雷"}
    assert notes == Visit()


def test_pairs_are_seen_as_they_are_cut(
    browser: Browser, tmp_path: Path
) -> None:
    """One element a token, with the names that the package's bytes give."""
    file = tmp_path / "pairs.html"
    prompt = "it's 明月 we'll"
    packed = pack(make(PAIRS), PAIRS)
    file.write_text(html_page(packed, title="P", prompt=prompt), "utf-8")
    shown, notes = open_page(browser, "phone")
    shown.goto(file.as_uri())
    expect(shown.locator("[data-tg-ready=yes]")).to_have_count(1)
    tokens = PAIRS.encode(prompt)
    spans = shown.locator(".tg-text span").all_text_contents()
    stream = StreamDecoder(PAIRS)
    width = shown.evaluate("document.documentElement.scrollWidth")
    says = shown.get_by_text("The prompt: ").inner_text()
    shown.context.close()

    assert spans == [stream.feed(token) for token in tokens]
    assert len(tokens) < len(prompt)
    assert says == (
        f"The prompt: 13 characters, 17 bytes and {len(tokens)} tokens."
    )
    assert width <= 390
    assert notes == Visit()


def test_a_text_that_an_earlier_page_kept_is_read(
    browser: Browser, tmp_path: Path
) -> None:
    """It kept what was written as a text, and no tokens."""
    tokenizer = CharTokenizer.from_text("ROME:ab")
    file = tmp_path / "kept.html"
    packed = pack(make(tokenizer), tokenizer)
    file.write_text(html_page(packed, title="K", prompt="ROME:"), "utf-8")
    shown, _ = open_page(browser, "light")
    shown.goto(file.as_uri())
    shown.get_by_text("One character").click()
    shown.get_by_text("Written: ").wait_for()
    shown.evaluate("tutorgpt.kept.keepNow()")
    shown.evaluate(
        "() => { const { keep, recall } = tutorgpt.kept;"
        " const [[name]] = JSON.parse(localStorage['tutorgpt.places']);"
        " const state = recall(name); state.text.written = 'abba';"
        " keep(name, state); }"
    )
    shown.reload()
    text = shown.locator(".tg-text")
    expect(text).to_have_text("ROME:abba", use_inner_text=False)
    shown.context.close()
