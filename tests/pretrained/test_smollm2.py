"""The real SmolLM2 in our classes: transformers' logits, and its answers.

See tests/tools/smollm2_file.py for where the file is looked for.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from smollm2_file import real_file

from tutorgpt.language_model import LanguageModel
from tutorgpt.modern import cache_bytes
from tutorgpt.pretrained import Llama, chat, load_gguf, reply
from tutorgpt.pretrained.reference import logits_of_transformers
from tutorgpt.tokens import PretrainedTokenizer

pytestmark = pytest.mark.slow

FRANCE = "What is the capital of France?"
TEXT = (
    "<|im_start|>user\nIn 1969, 2 people walked on the Moon.\n\n  Naïve “猫” "
    "said:\tdef f(x): return x**2 # 3.14<|im_end|>\n"
)


@pytest.fixture(scope="module")
def file() -> Path:
    return real_file()


@pytest.fixture(scope="module")
def library(file: Path):
    """The library tokenizers, with what the file says and how it cuts."""
    from gguf import GGUFReader
    from tokenizers import AddedToken, Tokenizer, decoders
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence

    fields = GGUFReader(file).fields
    tokens, kinds, merges = (
        fields[f"tokenizer.ggml.{name}"].contents()
        for name in ("tokens", "token_type", "merges")
    )
    model = BPE(
        vocab={token: number for number, token in enumerate(tokens)},
        merges=[tuple(merge.split(" ")) for merge in merges],
    )
    made = Tokenizer(model)
    made.pre_tokenizer = Sequence(
        [Digits(individual_digits=True), ByteLevel(add_prefix_space=False)]
    )
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(
        [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, kinds, strict=True)
            if kind == 3
        ]
    )
    return made


@pytest.fixture(scope="module")
def expected(file: Path, library) -> torch.Tensor:
    """transformers' logits of TEXT; its model is gone when ours comes."""
    tokens = torch.tensor([library.encode(TEXT).ids])
    return logits_of_transformers(file, tokens)


@pytest.fixture(scope="module")
def ours(
    file: Path, expected: torch.Tensor
) -> tuple[LanguageModel, PretrainedTokenizer]:
    return load_gguf(file)


def test_its_size_is_what_its_card_says(ours):
    """134,515,008 weights, the table of embeddings counted once."""
    model, tokenizer = ours

    assert isinstance(model, Llama)
    assert sum(p.numel() for p in model.parameters()) == 134_515_008
    assert tokenizer.vocab_size == 49_152
    assert tokenizer.decode([tokenizer.end]) == "<|im_end|>"


def test_its_logits_are_those_of_transformers(ours, expected):
    """On the same weights, to 1e-4 at most, at every token of a text."""
    model, tokenizer = ours
    with torch.inference_mode():
        logits = model(torch.tensor([tokenizer.encode(TEXT)]))
    difference = (logits - expected).abs().max().item()
    print(f"largest difference {difference:.1e} of {logits.std():.1f}")

    assert logits.shape == expected.shape
    assert difference <= 1e-4


HARD = [
    TEXT,
    "the  quick\n\n\n brown\t\t fox \r\n jumps   ",
    "1234567890 3.14 1,000,000 x86_64 ½ ² Ⅳ ٣٤ 三 12th",
    "naïve café e\u0301 “quotes” – — … ﬁ ß ÆØÅ Ωμέγα Привет",
    "猫 日本語 中文 한국어 العربية עברית हिन्दी ไทย",
    "😀👍🏽👩‍👩‍👧‍👦🏳️‍🌈 \u200d\ufeff\u00a0\u2003\u3000\u2028",
    "<|im_start|><|im_end|> <|im_start |> <|endoftext|>x<repo_name>",
    "<filename><file_sep>def f():\n    return {'a': [1, 2]}\n<jupyter_code>",
    "It's I'LL they'd 's 've don't''re",
    "\x00\x01\x02\x7f\x80\x9f",
    " ",
    "",
    "a" * 300,
    "\n" * 40 + " " * 41 + "x",
]


@pytest.mark.parametrize("text", HARD, ids=range(len(HARD)))
def test_its_tokens_are_those_of_the_library(ours, library, text):
    """Unicode, digits, white space, whole tokens; and back."""
    _, tokenizer = ours
    tokens = tokenizer.encode(text)

    assert tokens == library.encode(text).ids
    assert tokenizer.decode(tokens) == text


def test_its_conversations_are_those_of_its_template(file, ours):
    """As transformers renders the template that the file holds."""
    from transformers import AutoTokenizer

    _, tokenizer = ours
    theirs = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    asked = [{"role": "user", "content": FRANCE}]
    told = [{"role": "system", "content": "Be short."}, *asked]
    longer = [*asked, {"role": "assistant", "content": "Paris."}, *asked]
    for messages in (asked, told, longer):
        rendered = theirs.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=True
        )
        assert chat(tokenizer, messages) == rendered


def test_it_answers_and_stops(ours):
    """The token that ends an answer is no part of it."""
    model, tokenizer = ours
    text = chat(tokenizer, [{"role": "user", "content": FRANCE}])

    answer = reply(model, tokenizer, text, greedy=True)

    assert answer == "The capital of France is Paris."


def test_it_writes_ten_tokens_a_second(ours):
    """On one core, with its keys and values kept; the best of three.

    In seconds of the processor: where other programs want the same cores,
    those of the clock also count the waiting. On a core of its own both
    are the same; both are printed.
    """
    model, tokenizer = ours
    text = torch.tensor([tokenizer.encode("Once upon a time")])
    read, rates = model.reader(1), []
    with torch.inference_mode():
        for _ in range(3):
            clock, core = time.perf_counter(), time.process_time()
            for _ in range(16):
                new = read(text).argmax(dim=-1, keepdim=True)
                text = torch.cat([text, new], dim=1)
            rates.append(16 / (time.process_time() - core))
            by_clock = 16 / (time.perf_counter() - clock)
            print(f"{rates[-1]:.1f} tokens a second, {by_clock:.1f} by clock")

    assert torch.get_num_threads() == 1
    assert max(rates) >= 10
    assert cache_bytes(model) == 30 * 2 * 8192 * 3 * 64 * 4


APART = """
import json, resource, sys, time
from pathlib import Path
from tutorgpt.pretrained import chat, load_gguf, reply
start = time.perf_counter()
model, tokenizer = load_gguf(sys.argv[1])
loaded = time.perf_counter() - start
text = chat(tokenizer, [{"role": "user", "content": sys.argv[2]}])
answer = reply(model, tokenizer, text, 40, greedy=True)
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
print(json.dumps([answer, loaded, peak]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the peak")
def test_it_needs_less_than_two_gigabytes(file):
    """In a process of its own: torch, loading, and an answer."""
    done = subprocess.run(
        [sys.executable, "-c", APART, str(file), FRANCE],
        capture_output=True,
        text=True,
        check=True,
    )
    answer, loaded, peak = json.loads(done.stdout)
    print(f"{peak / 1e9:.2f} GB at most, {loaded:.1f} s to load")

    assert answer == "The capital of France is Paris."
    assert peak < 2e9
