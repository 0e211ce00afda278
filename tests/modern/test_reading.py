"""A past changes the speed and nothing else; a window rolls exactly.

The plain reader is the judge: the whole context, read again at every step.
"""

import pytest
import torch
from torch import Tensor, nn

from tutorgpt import LanguageModel, ModelConfig, generate
from tutorgpt.decoding import WINDOWS
from tutorgpt.modern import (
    Experts,
    GroupedQueryAttention,
    LengthNorm,
    ModernGPT,
    PartsBlock,
    PartsGPT,
    RMSNorm,
    Rotary,
    SwiGLU,
    TiedOutput,
    Unturned,
)
from tutorgpt.modern.parts import PastReader
from tutorgpt.modern.past import Past

V, T, C, H, L = 11, 12, 16, 4, 3
CONFIG = ModelConfig(
    vocab_size=V, block_size=T, n_embed=C, n_head=H, n_layer=L, dropout=0.5
)
TEXT = torch.randint(V, (2, 3 * T), generator=torch.Generator().manual_seed(1))


def varied(model: PartsGPT) -> PartsGPT:
    """Large and different weights, so that scores spread."""
    for parameter in model.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.3)
    return model.eval()


def modern() -> PartsGPT:
    torch.manual_seed(0)
    return varied(ModernGPT(CONFIG))


def of_parts(window: int = T, **parts) -> PartsGPT:
    """Two heads of keys, a tied output, and what is asked for."""
    torch.manual_seed(0)
    token = nn.Embedding(V, C)
    blocks = [
        PartsBlock(
            GroupedQueryAttention(C, H, 2, window, **parts),
            Experts(C, 24, 3, 2) if layer == 1 else SwiGLU(C, 43),
            RMSNorm(C),
            nn.LayerNorm(C),
            0.1,
        )
        for layer in range(L)
    ]
    return varied(
        PartsGPT(CONFIG, token, blocks, RMSNorm(C), TiedOutput(token))
    )


MODELS = {
    "modern": modern,
    "grouped": lambda: of_parts(position=Rotary(4, T)),
    "window": lambda: of_parts(5, position=Rotary(4, T)),
    "narrow": lambda: of_parts(1, position=Rotary(4, T)),
    "no positions": of_parts,
    "normed": lambda: of_parts(
        7,
        head_size=6,
        position=Rotary(6, T),
        norm_q=LengthNorm(),
        norm_k=LengthNorm(),
    ),
}
every_model = pytest.mark.parametrize("name", MODELS)


@every_model
@pytest.mark.parametrize("window", WINDOWS)
@torch.inference_mode()
def test_the_scores_are_the_models_own(name, window):
    """At every length, before and past the window, the logits agree.

    What was not written is never read: it may be no number.
    """
    model = MODELS[name]()
    plain = LanguageModel.reader(model, 2, window)
    kept = model.reader(2, window)

    assert isinstance(kept, PastReader)
    for past in kept.pasts:
        past.kept.fill_(torch.nan)
    for length in range(1, 2 * T + 2):
        expected = plain(TEXT[:, :length])

        assert expected.std() > 0.3
        torch.testing.assert_close(
            kept(TEXT[:, :length]), expected, rtol=1e-4, atol=1e-4
        )


@every_model
@pytest.mark.parametrize("greedy", [True, False], ids=["greedy", "sampled"])
@pytest.mark.parametrize("prompt", [1, T + 1])
@pytest.mark.parametrize("window", WINDOWS)
def test_the_same_text_is_written(name, window, prompt, greedy, monkeypatch):
    """Inside the window and past it, greedy and drawn."""
    model = MODELS[name]()
    texts = []
    for _ in ("with a past", "without"):
        generator = None if greedy else torch.Generator().manual_seed(0)
        texts.append(
            generate(
                model,
                TEXT[:, :prompt],
                T + 5,
                greedy=greedy,
                generator=generator,
                window=window,
            )
        )
        monkeypatch.setattr(PartsGPT, "reader", LanguageModel.reader)

    assert len(texts[0].unique()) > 3
    assert torch.equal(*texts)


def lengths_read(model: PartsGPT, prompt: int, new: int, **settings) -> list:
    lengths: list[int] = []
    model.token.register_forward_hook(
        lambda _, args, out: lengths.append(args[0].shape[1])
    )
    generate(model, TEXT[:, :prompt], new, greedy=True, **settings)
    return lengths


def test_a_step_inside_the_window_reads_one_token():
    """Past it the window moves, and all is read again: that is exact."""
    assert lengths_read(modern(), 9, 6) == [9, 1, 1, 1, T, T]


def test_half_a_window_is_read_again_now_and_then():
    """As chapter 8's reader does."""
    read = lengths_read(modern(), T, 9, window="half")

    assert read == [T, 7, 1, 1, 1, 1, 1, 7, 1]


@torch.inference_mode()
def test_a_block_that_is_used_twice_has_two_pasts():
    """Its weights are shared; what it has read each time is not."""
    model = modern()
    model.blocks[2] = model.blocks[0]
    plain, kept = LanguageModel.reader(model, 2), model.reader(2)
    for length in (2, 3, 4, 5):
        torch.testing.assert_close(
            kept(TEXT[:, :length]), plain(TEXT[:, :length])
        )


@torch.inference_mode()
def test_a_jump_in_the_text_is_read_whole():
    """A reader that is given several new tokens does not guess."""
    model = modern()
    plain, kept = LanguageModel.reader(model, 2), model.reader(2)
    for length in (2, 5, 3, 3, 4, T, T, T - 1, T, T + 1, 4):
        torch.testing.assert_close(
            kept(TEXT[:, :length]), plain(TEXT[:, :length])
        )


@torch.inference_mode()
def test_a_jump_to_another_window_is_no_next_token():
    """One token more in the window, but the window is another one."""
    model = modern()
    plain = LanguageModel.reader(model, 2, "half")
    kept = model.reader(2, "half")
    for length in (T // 2, T + 1):  # six of the first, seven of the next
        torch.testing.assert_close(
            kept(TEXT[:, :length]), plain(TEXT[:, :length])
        )


@torch.inference_mode()
def test_a_window_of_attention_rolls_exactly():
    """Five rows a layer give the logits of a pass over the whole text,
    although what has left the window still acts, through deeper layers."""
    model = of_parts(5, position=Rotary(4, T))
    reader, whole = PastReader(model, 1), model(TEXT[:1, :T])[0]
    rolled = [reader(TEXT[:1, : t + 1])[0] for t in range(T)]
    changed = TEXT[:1, :T].clone()
    changed[0, 0] = (changed[0, 0] + 1) % V

    assert {past.kept.shape for past in reader.pasts} == {(2, 1, 2, 5, 4)}
    torch.testing.assert_close(
        torch.stack(rolled), whole, rtol=1e-4, atol=1e-4
    )
    moved = (model(changed)[0] - whole).abs().amax(dim=1) > 1e-5
    assert moved.tolist() == [True] * T  # 1 + 3 layers x 4 tokens reach 12


@torch.inference_mode()
def test_kept_keys_have_read_what_has_left():
    """Turned by distance only, a key of a deeper layer still is another one
    when the text begins later; in the first layer it is not."""
    model, seen = modern(), []
    for block in model.blocks:
        block.multi_head.qkv.register_forward_hook(
            lambda _, args, out: seen.append(out[0, :, C:])
        )
    model(TEXT[:1, :T])
    model(TEXT[:1, 4:T])
    differ = [
        (whole[4:] - part).abs().max().item()
        for whole, part in zip(seen[:L], seen[L:], strict=True)
    ]

    assert differ[0] < 1e-5
    assert min(differ[1:]) > 0.1


def test_many_tokens_do_not_follow_a_past():
    """Rows that roll are out of order: one query alone may read them."""
    past = Past(torch.zeros(2, 1, 1, 5, 4))
    past.keep(torch.zeros(1, 1, 3, 4), torch.zeros(1, 1, 3, 4))

    with pytest.raises(ValueError, match="2 tokens at once follow 3 "):
        past.keep(torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 2, 4))


def test_the_weights_are_shared():
    """A reader holds no copy: a changed weight changes its scores."""
    model = modern()
    kept = model.reader(2)
    with torch.inference_mode():
        before = kept(TEXT[:, :3])
    model.lm_head.bias.data.add_(1)
    with torch.inference_mode():
        torch.testing.assert_close(kept(TEXT[:, :3]), before + 1)


def replaced(model: PartsGPT) -> None:
    model.blocks[1] = nn.Identity()


def removed(model: PartsGPT) -> None:
    del model.blocks[2]


def block_hooked(model: PartsGPT) -> None:
    model.blocks[1].register_forward_hook(lambda part, args, out: out * 2)


def blocks_hooked(model: PartsGPT) -> None:
    model.blocks.register_forward_hook(lambda part, args, out: out * -2)


def model_hooked(model: PartsGPT) -> None:
    model.register_forward_hook(lambda part, args, out: -out)


def part_hooked_before(model: PartsGPT) -> None:
    model.lm_head.register_forward_pre_hook(lambda part, args: (-args[0],))


def patched(model: PartsGPT) -> None:
    model.blocks[0].multi_head.forward = torch.zeros_like


def turned_off(model: PartsGPT) -> None:
    for block in model.blocks:
        block.multi_head.position = Unturned()


def other_attention(model: PartsGPT) -> None:
    model.blocks[0].multi_head = nn.Linear(C, C)


@pytest.mark.parametrize(
    "change",
    [
        replaced,
        removed,
        block_hooked,
        blocks_hooked,
        model_hooked,
        part_hooked_before,
        patched,
        turned_off,
        other_attention,
    ],
)
def test_what_is_done_to_a_model_is_heard_in_its_text(change, monkeypatch):
    """With a past or without: the plain reader writes the same."""
    model = modern()
    untouched = written_by(model)
    change(model)
    written = written_by(model)
    monkeypatch.setattr(PartsGPT, "reader", LanguageModel.reader)

    assert torch.equal(written, written_by(model))
    assert not torch.equal(written, untouched)


def written_by(model: PartsGPT) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return generate(model, TEXT[:, :2], T + 5, generator=generator)


def test_a_subclass_is_asked_itself():
    """A model with a forward of its own is never read past it."""

    class Reversed(ModernGPT):
        def forward(self, tokens: Tensor) -> Tensor:
            return -super().forward(tokens)

    torch.manual_seed(0)

    assert not isinstance(Reversed(CONFIG).reader(2), PastReader)
