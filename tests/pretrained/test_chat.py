"""A conversation as one text, and an answer that ends."""

import json

import pytest
import torch
from llama_files import TEMPLATE, reference, write_gguf
from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from tutorgpt.decoding import generate
from tutorgpt.pretrained import Llama, chat, load_gguf, reply
from tutorgpt.tokens import PretrainedTokenizer

USER = {"role": "user", "content": "the cat?\n sat"}
SYSTEM = {"role": "system", "content": "Be a mat."}
ASSISTANT = {"role": "assistant", "content": " on the mat "}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> tuple[Llama, PretrainedTokenizer]:
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    return load_gguf(write_gguf(path, reference()))


def with_template(tokenizer, template) -> PretrainedTokenizer:
    told = tokenizer.describe() | {"template": template}
    return PretrainedTokenizer.from_description(json.loads(json.dumps(told)))


@pytest.mark.parametrize(
    "messages",
    [[USER], [SYSTEM, USER], [USER, ASSISTANT, USER], [SYSTEM]],
    ids=["question", "told", "longer", "system alone"],
)
def test_it_is_written_as_the_template_would(tiny, messages):
    """As transformers renders the same template."""
    theirs = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(BPE()), chat_template=TEMPLATE
    )
    rendered = theirs.apply_chat_template(
        messages, tokenize=False, add_generation_prompt=True
    )

    assert chat(tiny[1], messages) == rendered


def test_line_breaks_of_a_template_may_be_written_out(tiny):
    r"""As \n, which the template's own language understands."""
    written = with_template(tiny[1], TEMPLATE.replace("\n", r"\n"))

    assert chat(written, [USER]) == chat(tiny[1], [USER])


@pytest.mark.parametrize(
    ("template", "named"),
    [
        (None, "says nothing of conversations"),
        ("{{ messages }}", "in another way"),
        (TEMPLATE + "{{ date }}", "in another way"),
        (TEMPLATE.replace("!=", "=="), "in another way"),
    ],
)
def test_another_template_is_refused(tiny, template, named):
    """The answer would be to a text that the model never learned."""
    with pytest.raises(ValueError, match=named):
        chat(with_template(tiny[1], template), [USER])


@pytest.mark.parametrize(
    ("messages", "named"),
    [
        ([], "is empty"),
        ([{"role": "user"}], "has role: give it"),
        ([{}], "has nothing: give it"),
        ([USER | {"role": "cat"}], "role 'cat'"),
    ],
)
def test_what_is_no_conversation_is_refused(tiny, messages, named):
    """With what is wrong."""
    with pytest.raises(ValueError, match=named):
        chat(tiny[1], messages)


def test_a_reply_is_what_generate_writes(tiny):
    """Token for token, if no end comes; drawn with the same seed."""
    model, tokenizer = tiny
    prompt = torch.tensor([tokenizer.encode("the cat")])
    settings = {"temperature": 0.7, "top_k": 9}
    written = generate(
        model, prompt, 30, generator=torch.Generator().manual_seed(5),
        **settings,
    )  # fmt: skip
    tokens = written[0, prompt.shape[1] :].tolist()
    assert tokenizer.end not in tokens
    text = reply(
        model, tokenizer, "the cat", 30,
        generator=torch.Generator().manual_seed(5), **settings,
    )  # fmt: skip

    assert tokenizer.decode(tokens).startswith(text.rstrip("\ufffd"))
    assert len(text) > 20


class Script(Llama):
    """A model whose next tokens are written down."""

    def forward(self, tokens):
        T = tokens.shape[1]
        scores = torch.zeros(1, T, self.config.vocab_size)
        scores[0, -1, self.script[T - self.start]] = 9.0
        return scores


@pytest.fixture
def script(tiny):
    def build(tokens):
        model = Script(tiny[0].config)
        model.script = tokens
        model.start = len(tiny[1].encode("the"))
        return model

    return build


def test_it_stops_at_the_end_token(tiny, script):
    """Which is not part of the answer; what follows is not asked for."""
    _, tokenizer = tiny
    words = tokenizer.encode(" cat 猫 sat")
    model = script([*words, tokenizer.end])
    pieces = []
    model.train()

    said = reply(model, tokenizer, "the", stream=pieces.append, greedy=True)

    assert said == " cat 猫 sat" == "".join(pieces)
    assert len(pieces) == len(words)
    assert model.training


def test_it_stops_where_it_is_told_to_and_where_the_context_ends(tiny):
    """48 tokens are all that this one can read."""
    model, tokenizer = tiny
    pieces = []
    reply(model, tokenizer, "the", 7, stream=pieces.append, greedy=True)
    assert len(pieces) == 7
    assert reply(model, tokenizer, "the", 0) == ""
    pieces.clear()
    no_end = PretrainedTokenizer.from_description(
        tokenizer.describe() | {"end": None}
    )
    reply(model, no_end, "the", 999, stream=pieces.append, greedy=True)

    assert len(pieces) == 48 - len(tokenizer.encode("the"))


def test_a_prompt_without_room_for_an_answer_is_refused(tiny):
    """An empty one, one as long as the context, and a longer one."""
    model, tokenizer = tiny
    with pytest.raises(ValueError, match="is empty"):
        reply(model, tokenizer, "")
    for length in (48, 60):
        named = rf"has {length} tokens and the model's context 48"
        with pytest.raises(ValueError, match=named):
            reply(model, tokenizer, "q" * length)
    assert reply(model, tokenizer, "q" * 47, greedy=True) is not None
