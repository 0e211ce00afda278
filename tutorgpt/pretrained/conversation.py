"""A conversation as the one text that an instruction-tuned model reads.

Such a model was finetuned on conversations that were all written in one
way, its template. It only knows where a question ends, and that it is to
answer, if the text has that very form.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor

from tutorgpt.decoding.cache import reader
from tutorgpt.decoding.choice import choose
from tutorgpt.language_model import LanguageModel, eval_mode
from tutorgpt.tokens.renumbered import PretrainedTokenizer
from tutorgpt.tokens.stream import StreamDecoder

START, END = "<|im_start|>", "<|im_end|>"
"""The tokens around a message."""
ROLES = ("system", "user", "assistant")
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] "
    "!= 'system' %}{{ '<|im_start|>system\nSYSTEM<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
    "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\n' }}{% endif %}"
)
KNOWN = re.compile(re.escape(TEMPLATE).replace("SYSTEM", "([^'<]*)"))
"""The one template that is known, whatever its first words are."""

Message = dict[str, str]
"""Who speaks, "role", and what is said, "content"."""


def chat(tokenizer: PretrainedTokenizer, messages: Sequence[Message]) -> str:
    """A conversation in the form that the model answers to.

    messages: each with a role (system, user or assistant) and a content. If
        the first one is not the system's, the template's own goes before.
    Raises ValueError if the file has no template or one of another form,
    and for a message without role or content.
    """
    check_messages(messages)
    said = [(m["role"], m["content"]) for m in messages]
    system = system_words(tokenizer)
    if said[0][0] != "system":
        said = [("system", system), *said]
    text = "".join(f"{START}{who}\n{what}{END}\n" for who, what in said)
    return f"{text}{START}assistant\n"


def system_words(tokenizer: PretrainedTokenizer) -> str:
    """What the template tells the model that it is.

    Raises ValueError if there is no template, or one of another form.
    """
    if tokenizer.template is None:
        raise ValueError(
            "the model's file says nothing of conversations: let the model "
            "continue a text instead, with --prompt or generate"
        )
    found = KNOWN.fullmatch(tokenizer.template.replace("\\n", "\n").strip())
    if found is None or not {START, END} <= set(tokenizer.whole):
        raise ValueError(
            "the model's file writes conversations in another way than with "
            f"{START}: let the model continue a text instead, with --prompt "
            "or generate"
        )
    return found[1]


def check_messages(messages: Sequence[Message]) -> None:
    """Refuse a conversation that no template could write."""
    if not messages:
        raise ValueError("the conversation is empty: ask something")
    for message in messages:
        if set(message) != {"role", "content"}:
            raise ValueError(
                f"a message has {', '.join(sorted(message)) or 'nothing'}: "
                "give it a role and a content"
            )
        if message["role"] not in ROLES:
            raise ValueError(
                f"a message has the role {message['role']!r}: choose one of "
                f"{', '.join(ROLES)}"
            )


def reply(
    model: LanguageModel,
    tokenizer: PretrainedTokenizer,
    text: str,
    max_new_tokens: int = 200,
    *,
    stream: Callable[[str], object] | None = None,
    **settings: Any,
) -> str:
    """What a model writes after a text, up to its end token.

    text: what chat() gave, or any other one.
    stream: called with each piece of the answer as soon as it is there.
    settings: those of choose, such as greedy=True.
    Raises ValueError for a text that is empty, or that leaves no room for
    an answer in the model's context.
    """
    prompt = torch.tensor([tokenizer.encode(text)], dtype=torch.int64)
    room = check_room(prompt.shape[1], model.config.block_size)
    decoder, pieces = StreamDecoder(tokenizer), []
    steps = min(max_new_tokens, room)
    for token in answer(model, prompt, tokenizer.end, steps, **settings):
        pieces.append(decoder.feed(token))
        if stream is not None:
            stream(pieces[-1])
    return "".join(pieces)


def answer(
    model: LanguageModel,
    prompt: Int[Tensor, "1 T"],
    end: int | None,
    max_new_tokens: int,
    **settings: Any,
) -> Iterator[int]:
    """The tokens that a model writes, one at a time, up to the end token.

    The loop of `generate` for one text, which may stop early.
    """
    next_scores = reader(model, 1, "exact")
    text = prompt
    for _ in range(max_new_tokens):
        with torch.inference_mode(), eval_mode(model):
            new = choose(next_scores(text), **settings)
        if new.item() == end:
            return
        yield int(new.item())
        text = torch.cat([text, new[:, None]], dim=1)


def check_room(length: int, block_size: int) -> int:
    """How many tokens there is room for; ValueError if there are none."""
    if length == 0:
        raise ValueError("the prompt is empty: give at least one character")
    if length >= block_size:
        raise ValueError(
            f"the prompt has {length:,} tokens and the model's context "
            f"{block_size:,}, so there is no room for an answer: shorten it"
        )
    return block_size - length
