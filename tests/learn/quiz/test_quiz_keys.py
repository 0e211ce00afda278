"""The quizzes' keys: every number is computed from the package again."""

import json
import math
import tomllib
from itertools import product
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType
from gguf.quants import quantize
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from tutorgpt import (
    GPT,
    LAPTOP,
    LARGE,
    SMALL,
    BigramModel,
    FeedForward,
    Head,
    MultiHead,
    ResidualNormModel,
    SingleHeadModel,
    count_parameters,
    generate,
    next_token_loss,
)
from tutorgpt.config import CHAPTER, ModelConfig
from tutorgpt.decoding.cache import cache_shape
from tutorgpt.decoding.choice import choose, keep_likeliest
from tutorgpt.encoder_decoder import Attention, EncoderDecoder
from tutorgpt.encoder_decoder.translation import beam_search, translate
from tutorgpt.gradients import Value
from tutorgpt.learn.exercises import EXERCISES
from tutorgpt.looking_inside.scores import (
    induction_score,
    previous_token_score,
)
from tutorgpt.modern import (
    Experts,
    GroupedQueryAttention,
    PartsBlock,
    PartsGPT,
    RMSNorm,
    Rotary,
    SwiGLU,
    TiedOutput,
    cache_bytes,
    used_weights,
)
from tutorgpt.pretrained import Llama, LlamaConfig
from tutorgpt.pretrained.adapters import Adapter
from tutorgpt.text.batches import sample_batch
from tutorgpt.tokens import (
    BytePairTokenizer,
    ByteTokenizer,
    StreamDecoder,
    bits_per_byte,
)
from tutorgpt.tokens.alphabet import NUMBER_OF_BYTE
from tutorgpt.tokens.learning import count_pairs

ROOT = Path(__file__).resolve().parents[3]
QUIZZES = sorted((ROOT / "tutorgpt/learn/quizzes").glob("*.toml"))
QUESTIONS = {
    question["id"]: question
    for file in QUIZZES
    for question in tomllib.loads(file.read_text("utf-8"))["question"]
}
NUMBERS = [id for id, q in QUESTIONS.items() if q["kind"] == "number"]
RUNG = CHAPTER.model(vocab_size=69)

# ------------------------------------------------------------ how to ask


def recorded(name):
    """A record of results/, as the book plots it."""
    return json.loads((ROOT / f"results/{name}.json").read_text("utf-8"))


def first_run(model):
    """The recorded run of the chapters' seed."""
    rungs = recorded("ladder_shakespeare")["rungs"]
    runs = next(rung["runs"] for rung in rungs if rung["model"] == model)
    return next(run for run in runs if run["seed"] == 1337)


def last_loss(model):
    return first_run(model)["val_loss"]


class Listen(TorchFunctionMode):
    """Notes the result of every call of some torch functions."""

    def __init__(self, *names):
        self.names, self.results = names, []

    def __torch_function__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        if function.__name__ in self.names:
            self.results.append(result)
        return result


def rows_that_change(model, *, place, length, vocab_size):
    """How many positions notice that the token at one place is another."""
    tokens = torch.randint(vocab_size, (1, length))
    changed = tokens.clone()
    changed[0, place] = (tokens[0, place] + 1) % vocab_size
    with torch.no_grad():
        difference = (model(tokens) - model(changed)).abs().amax(dim=-1)
    return (difference[0] > 1e-7).nonzero().flatten().tolist()


def size_on_paper(config):
    """A GPT's parameters, without the memory for them."""
    with torch.device("meta"):
        return count_parameters(GPT(config))


# ------------------------------------------------------------ chapter 0


def weight_after_a_step():
    w = Value(2)
    (w**3).backward()
    return w.number - 0.1 * w.slope


def slope_over_three_ways():
    a = Value(3)
    (a * a + a).backward()
    return a.slope


def evaluations_for_a_thousand_weights():
    """Counted while the solution of exercise 0.1 finds the slopes."""
    calls = []
    slopes = EXERCISES["0.1"].reference()
    slopes(lambda weights: calls.append(weights) or 0.0, 1000 * [1.0], 0.1)
    return len(calls)


# ------------------------------------------------------ chapters 1 to 3


def mean_charge():
    p = torch.tensor([1 / 2, 1 / 4, 1 / 8])
    logits = torch.stack([p, 1 - p], dim=-1).log()[None]
    targets = torch.zeros(1, 3, dtype=torch.long)
    return next_token_loss(logits, targets).item()


def lessons_of_a_batch():
    text = torch.arange(5000) % 69
    _, targets = sample_batch(text, 32, 32, torch.Generator())
    return targets.numel()


def equal_shares():
    """A head whose queries are zero and whose values name their place."""
    head = Head(n_embed=8, head_size=8, block_size=8)
    nn.init.zeros_(head.query.weight)
    nn.init.eye_(head.value.weight)
    return head(torch.eye(8)[None])[0, 4, 2].item()


def rows_after_a_change():
    model = SingleHeadModel(RUNG)
    return len(rows_that_change(model, place=5, length=8, vocab_size=69))


def channels_of_one_head():
    layer, joined = MultiHead(48, 6, 16), []
    layer.proj.register_forward_pre_hook(
        lambda module, inputs: joined.append(inputs[0])
    )
    x = torch.randn(2, 16, 48)
    layer(x)
    nn.init.zeros_(layer.heads[2].value.weight)
    layer(x)
    change = (joined[0] - joined[1]).abs().amax(dim=(0, 1))
    return (change > 0).sum().item()


def weights_of_a_batch():
    with Listen("softmax") as heard:
        MultiHead(32, 4, 32)(torch.randn(32, 32, 32))
    return sum(weights.numel() for weights in heard.results)


# ------------------------------------------------------ chapters 4 to 6


def activations():
    layer, seen = FeedForward(16), []
    layer.relu.register_forward_hook(lambda m, i, out: seen.append(out))
    layer(torch.randn(2, 8, 16))
    return seen[0].numel()


def share_of_thinking():
    matrices = [
        sum(p.numel() for p in layer.parameters() if p.ndim == 2)
        for layer in (MultiHead(32, 4, 32), FeedForward(32))
    ]
    return matrices[1] / sum(matrices)


def first_channel_normed():
    return nn.LayerNorm(4)(torch.tensor([2.0, 4.0, 6.0, 8.0]))[0].item()


def numbers_in_norms():
    norms = [
        m
        for m in ResidualNormModel(RUNG).modules()
        if isinstance(m, nn.LayerNorm)
    ]
    return sum(count_parameters(norm) for norm in norms)


def additions_to_the_stream():
    model = ResidualNormModel(RUNG)
    with Listen("add", "__add__") as heard:
        model.blocks(torch.randn(1, 32, 32))
    return len(heard.results)


def value_of_a_survivor():
    return nn.Dropout(0.25)(torch.ones(1000)).max().item()


def megabytes_to_train():
    """What AdamW really keeps for a weight, times LARGE's weights."""
    weight = nn.Parameter(torch.ones(100))
    optimizer = torch.optim.AdamW([weight])
    weight.sum().backward()
    optimizer.step()
    kept = [v for v in optimizer.state[weight].values() if v.numel() == 100]
    per_weight = (2 + len(kept)) * weight.element_size()
    return per_weight * size_on_paper(LARGE.model(vocab_size=65)) / 1e6


def growth_by_layers():
    three = SMALL.model(vocab_size=6148)
    six = ModelConfig(**{**vars(three), "n_layer": 6})
    return 100 * (size_on_paper(six) / size_on_paper(three) - 1)


# ------------------------------------------------------ chapters 7 to 9


def cost_of_layer_0():
    run = recorded("ablation")["runs"][0]
    assert run["seed"] == 1337
    return run["loss_without"]["layer 0"] - run["val_loss"]


def score_of_an_even_look():
    even = torch.ones(4, 4).tril()
    even = even / even.sum(dim=-1, keepdim=True)
    return previous_token_score(even).item()


def place_to_copy_from():
    """Which look at position 13 counts as an induction head's?"""
    found = []
    for place in range(20):
        weights = torch.zeros(20, 20)
        weights[13, place] = 1
        if induction_score(weights, 10) > 0:
            found.append(place)
    (place,) = found
    return place


def tokens_read_by_the_plain_loop():
    model, read = BigramModel(RUNG), []
    model.register_forward_pre_hook(
        lambda module, inputs: read.append(inputs[0].numel())
    )
    generate(model, torch.zeros(1, 1, dtype=torch.long), 31)
    return sum(read)


def share_at_temperature_two():
    scores = torch.tensor([[2.0, 0.0]])
    with mock.patch("tutorgpt.decoding.choice.draw") as draw:
        draw.return_value = torch.zeros(1, dtype=torch.long)
        choose(scores, temperature=2)
    return draw.call_args.args[0][0, 0].item()


def kept_by_top_p():
    scores = torch.tensor([[0.5, 0.2, 0.15, 0.1, 0.05]]).log()
    return keep_likeliest(scores, None, 0.8).isfinite().sum().item()


def bytes_of_the_cache():
    shape = cache_shape(LAPTOP.model(vocab_size=69), 1)
    return torch.zeros(shape).nbytes


def two_towers():
    shape = {"vocab_size": 5, "block_size": 22, "n_embed": 32}
    return EncoderDecoder(ModelConfig(**shape, n_head=4, n_layer=2))


def places_of_a_row():
    x, memory = torch.randn(1, 11, 32), torch.randn(1, 22, 32)
    visible = torch.ones(1, 1, 22, dtype=torch.bool)
    weights = Attention(32, 4).weights(x, memory, visible)
    assert torch.allclose(weights.sum(dim=-1), torch.ones(1, 4, 11))
    return weights.shape[-1]


def calls_of_the_encoder():
    model, calls = two_towers(), []
    model.encoder.register_forward_hook(lambda *_: calls.append(1))
    nn.init.constant_(model.lm_head.bias, -100.0)
    model.lm_head.bias.data[3] = 100.0  # never END
    written = translate(model, torch.full((32, 4), 3), 11)
    assert written.shape == (32, 11)
    return len(calls)


class TwoLetters(EncoderDecoder):
    """Knows the question's five probabilities and nothing else."""

    def decode(self, target, memory, real):
        p = torch.full((*target.shape, 5), 1e-9)
        p[:, :, 3:] = torch.tensor([0.6, 0.4])
        for row, tokens in enumerate(target.tolist()):
            for t, token in enumerate(tokens):
                if token == 3:
                    p[row, t, 3:] = torch.tensor([0.5, 0.5])
                if token == 4:
                    p[row, t, 3:] = torch.tensor([0.9, 0.1])
        return p.log()


def best_of_two_beams():
    model = TwoLetters(two_towers().config)
    tokens, score = beam_search(model, torch.tensor([[3]]), 2, 2)
    assert tokens.tolist() == [4, 3]
    return math.exp(score)


# ----------------------------------------------------------- chapter 10


def bytes_to_read():
    return len(ByteTokenizer().encode("n\u00e9 in 谁"))


def pairs_of_bananas():
    words = {tuple(b"banana"): 5, tuple(b"ban"): 3}
    return count_pairs(words)[tuple(b"an")]


def in_learned_order():
    """The word abc, cut by a tokenizer that has learned (b, c), (a, b)."""
    a, b, c = (NUMBER_OF_BYTE[byte] for byte in b"abc")
    learned = BytePairTokenizer(((b, c), (a, b)))
    pieces = [learned.decode([token]) for token in learned.encode("abc")]
    return " and ".join(f"`{piece}`" for piece in pieces)


def bits_of_two_bytes():
    """100,000 bytes in tokens of two each."""
    pair = (NUMBER_OF_BYTE[ord("a")], NUMBER_OF_BYTE[ord("b")])
    text = "ab" * 50_000
    tokenizer = BytePairTokenizer((pair,))
    assert len(tokenizer.encode_array(text)) == 50_000
    return bits_per_byte(3.0, tokenizer, text)


def what_half_a_character_shows():
    stream = StreamDecoder(ByteTokenizer())
    shown = "".join(map(stream.feed, (233, 155)))
    assert stream.feed(183) == "雷"
    return shown or "Nothing yet"


# ----------------------------------------------------------- chapter 11


def ratio_of_turned_scores():
    turn = Rotary(32, 32)
    q, k = torch.randn(2, 1, 1, 1, 32)
    scores = [
        (turn(q, there) * turn(k, here)).sum()
        for there, here in ((9, 4), (29, 24))
    ]
    return round((scores[1] / scores[0]).item(), 4)


def of_parts(C, blocks=(), lm_head=lambda table: nn.Identity(), V=4):
    """A model with these blocks between its table and its output."""
    shape = {"block_size": 256, "n_head": 1, "n_layer": 1}
    config = ModelConfig(vocab_size=V, n_embed=C, **shape)
    table = nn.Embedding(V, C)
    return PartsGPT(config, table, blocks, nn.Identity(), lm_head(table))


def bytes_of_shared_keys():
    others = [nn.Identity() for _ in range(3)]
    blocks = [
        PartsBlock(GroupedQueryAttention(6 * 32, 6, 2, 256), *others)
        for _ in range(3)
    ]
    return cache_bytes(of_parts(6 * 32, blocks))


def saved_by_tying():
    sizes = [
        count_parameters(of_parts(32, lm_head=output, V=6148))
        for output in (lambda _: nn.Linear(32, 6148, bias=False), TiedOutput)
    ]
    return sizes[0] - sizes[1]


def weights_of_two_experts():
    return used_weights(of_parts(32, [Experts(32, 64, 8, 2)]))


# ----------------------------------------------------------- chapter 12


def bytes_as_q8():
    weights = np.zeros((576, 576), dtype=np.float32)
    return quantize(weights, GGMLQuantizationType.Q8_0).nbytes


def bytes_kept_of_a_token():
    """Of a model with that many layers and heads, and fewer tokens."""
    config = LlamaConfig(
        vocab_size=3,
        block_size=7,
        n_embed=9 * 64,
        n_head=9,
        n_key_head=3,
        n_layer=30,
        hidden=1,
    )
    with torch.device("meta"):
        return cache_bytes(Llama(config)) // 7


def weights_of_an_adapter():
    return count_parameters(Adapter(nn.Linear(576, 960), 4, 1.0))


# ---------------------------------------------------------------- the keys

KEYS = {
    "0.p2": lambda: F.cross_entropy(
        torch.zeros(1, 5), torch.tensor([0])
    ).item(),
    "0.q2": lambda: torch.zeros(5, 3)[torch.randint(5, (8,))].numel(),
    "0.q3": weight_after_a_step,
    "0.q4": slope_over_three_ways,
    "0.q6": evaluations_for_a_thousand_weights,
    "1.p2": lambda: first_run("BigramModel")["history"][0]["val_loss"],
    "1.q1": mean_charge,
    "1.q3": lessons_of_a_batch,
    "1.q6": lambda: F.cross_entropy(
        torch.zeros(1, 6148), torch.tensor([0])
    ).item(),
    "2.p2": lambda: last_loss("SingleHeadModel"),
    "2.q2": lambda: count_parameters(Head(32, 8, 32)),
    "2.q3": equal_shares,
    "2.q7": rows_after_a_change,
    "3.p1": lambda: count_parameters(MultiHead(32, 4, 32).heads),
    "3.p2": lambda: last_loss("MultiHeadModel"),
    "3.q1": lambda: count_parameters(MultiHead(32, 8, 32)),
    "3.q4": channels_of_one_head,
    "3.q7": weights_of_a_batch,
    "4.q1": activations,
    "4.q2": lambda: count_parameters(nn.Linear(32, 32)),
    "4.q6": share_of_thinking,
    "5.p2": lambda: last_loss("ResidualNormModel"),
    "5.q1": first_channel_normed,
    "5.q5": numbers_in_norms,
    "5.q6": additions_to_the_stream,
    "6.p2": lambda: last_loss("GPT"),
    "6.q1": value_of_a_survivor,
    "6.q2": megabytes_to_train,
    "6.q3": growth_by_layers,
    "7.p1": cost_of_layer_0,
    "7.q1": score_of_an_even_look,
    "7.q2": place_to_copy_from,
    "8.p2": tokens_read_by_the_plain_loop,
    "8.q1": share_at_temperature_two,
    "8.q2": kept_by_top_p,
    "8.q5": bytes_of_the_cache,
    "9.q1": places_of_a_row,
    "9.q2": calls_of_the_encoder,
    "9.q6": best_of_two_beams,
    "10.q1": bytes_to_read,
    "10.q2": pairs_of_bananas,
    "10.q4": bits_of_two_bytes,
    "11.p1": ratio_of_turned_scores,
    "11.q4": bytes_of_shared_keys,
    "11.q5": saved_by_tying,
    "11.q6": weights_of_two_experts,
    "12.q1": bytes_as_q8,
    "12.q3": bytes_kept_of_a_token,
    "12.q6": weights_of_an_adapter,
}
"""Computes the answer of every question that asks for a number."""


def decimals(number):
    """Half a unit of the last digit that the file writes."""
    digits = str(number).partition(".")[2]
    return 0.5 * 10 ** -len(digits) if digits else 0


@pytest.mark.parametrize("id", NUMBERS)
def test_a_key_is_what_the_package_computes(id):
    """The file's answer is the computed one, rounded to its own digits."""
    torch.manual_seed(1337)
    written = QUESTIONS[id]["answer"]

    assert abs(KEYS[id]() - written) <= decimals(written) + 1e-9


def test_every_number_is_computed():
    """No key without a question, no numerical question without a key."""
    assert set(KEYS) == set(NUMBERS)


@pytest.mark.parametrize("id", NUMBERS)
def test_a_rounded_answer_is_accepted(id):
    """Three decimals are enough, as the pages print them."""
    question = QUESTIONS[id]
    rounded = round(question["answer"], 3)

    assert abs(rounded - question["answer"]) <= question["within"]


# ------------------------------------------- choices that name a result


def right_choice(id):
    choices = QUESTIONS[id]["choice"]
    return next(c["text"] for c in choices if c.get("right"))


def nearest(value, texts):
    """The text whose number is nearest to the computed one."""
    return texts[min(texts, key=lambda number: abs(number - value))]


def where_the_bigram_model_ends():
    floor = recorded("ladder_shakespeare")["floors"]["bigram"]
    above = last_loss("BigramModel") - floor
    return "About at 2.493" if 0 < above < 0.01 else "elsewhere"


def share_of_the_operations():
    counts = []
    for model in (ResidualNormModel(RUNG), GPT(RUNG)):
        logits = model(torch.zeros(1, 32, dtype=torch.long))
        seen, waiting = set(), [logits.grad_fn]
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += [n for n, _ in node.next_functions if n]
        names = [type(node).__name__ for node in seen]
        counts.append(sum(name != "AccumulateGrad" for name in names))
    shares = {0.9: "About nine in ten", 0.5: "About half"}
    shares[0.25] = "About a quarter"
    return nearest(counts[1] / counts[0], shares)


def shapes_that_change():
    heard = {}
    for size in (4, 8):
        head = Head(16, size, 8)
        with Listen("softmax", "linear") as listen:
            out = head(torch.randn(2, 8, 16))
        heard[size] = [tuple(r.shape) for r in (*listen.results, out)]
    changed = [a != b for a, b in zip(heard[4], heard[8], strict=True)]
    if changed != [True, True, True, False, True]:  # q, k, v, weights, out
        return "other shapes"
    return "q, k, v and the output"


def rows_that_a_swap_changes():
    torch.manual_seed(0)
    vectors, head = nn.Embedding(69, 32), Head(32, 32, 8)
    straight = torch.tensor([[5, 6, 7, 8, 9, 10, 11, 12]])
    swapped = straight[:, [1, 0, 2, 3, 4, 5, 6, 7]]
    change = head(vectors(straight)) - head(vectors(swapped))
    moved = (change[0].abs().amax(dim=-1) > 1e-6).nonzero().flatten()
    return f"At positions {' and '.join(map(str, moved.tolist()))}."


def fate_of_twins():
    """Three steps of two heads that begin alike."""
    torch.manual_seed(0)
    layer = MultiHead(8, 2, 8)
    layer.heads[1].load_state_dict(layer.heads[0].state_dict())
    with torch.no_grad():
        layer.proj.weight[:, 4:] = layer.proj.weight[:, :4]
    optimizer = torch.optim.AdamW(layer.parameters(), lr=0.01)
    start = layer.heads[0].value.weight.clone()
    for _ in range(3):
        x = torch.randn(4, 8, 8)
        optimizer.zero_grad()
        F.mse_loss(layer(x), x.flip(2)).backward()
        optimizer.step()
    one, two = (head.value.weight for head in layer.heads)
    assert not torch.equal(one, start)
    alike = torch.allclose(one, two, atol=1e-6)
    return "They stay twins" if alike else "They drift apart"


def question_without_a_line():
    """Try all small u, v, c: which question has no threshold?"""
    asked = {
        "Are both": lambda a, b: a + b == 2,
        "Is at least one": lambda a, b: a + b > -2,
        "Is exactly one": lambda a, b: a != b,
        "Is $a$": lambda a, b: a == 1,
    }
    corners, few = [*product((-1, 1), repeat=2)], (-2, -1, 0, 1, 2)
    for text, holds in asked.items():
        if not any(
            all((u * a + v * b + c > 0) == holds(a, b) for a, b in corners)
            for u, v, c in product(few, repeat=3)
        ):
            return text
    return "none"


def early_losses(wiring, n_layer):
    """After 300 steps at the chapters' rate, one of each seed."""
    return [
        run["losses"]["300"]
        for run in recorded("depth")["runs"]
        if (run["wiring"], run["n_layer"]) == (wiring, n_layer)
        and run["learning_rate"] == CHAPTER.learning_rate
        and not run["warmup_steps"]
    ]


def floor_of_a_plain_stack():
    record, losses = recorded("depth"), early_losses("plain", 6)
    floors = {record["floors"]["uniform"]: "Near 4.23"}
    floors |= {record["floors"]["unigram"]: "Near 3.30"}
    floors |= {record["floors"]["bigram"]: "Near 2.51"}
    return nearest(sum(losses) / len(losses), floors)


def what_the_norms_are_worth():
    pairs = zip(
        early_losses("residual", 3), early_losses("pre-norm", 3), strict=True
    )
    gains = [without - with_norm for without, with_norm in pairs]
    same = max(map(abs, gains)) < 0.05
    return "Hardly anything changes" if same else "another answer"


def ahead_of_its_floor():
    plays, poems = recorded("ladder_shakespeare"), recorded("scaling")
    on_plays = plays["floors"]["bigram"] - last_loss("GPT")
    poems = poems["small-songci"]
    on_poems = poems["floors"]["bigram"] - poems["val_loss"]
    assert on_plays > 0.45
    assert on_poems < 0
    return "The losses alone cannot say; against its own pair floor, the one"


def what_is_noticed_on_its_side():
    """Two matrices the wrong way round, copied where they do not belong."""
    noticed = []
    for out, inside in ((6, 16), (6, 6)):
        turned = torch.randn(inside, out)
        try:
            nn.Linear(inside, out, bias=False).load_state_dict(
                {"weight": turned}
            )
            noticed.append(False)
        except RuntimeError:
            noticed.append(True)
    said = {(True, False): "The first alone", (True, True): "Both"}
    return said.get((noticed[0], noticed[1]), "another answer")


def what_an_adapter_begins_with():
    """Which gradients there are: at the start, and if both were zero."""
    found = []
    for both_zero in (False, True):
        adapter = Adapter(nn.Linear(5, 4), 2, 1.0)
        if both_zero:
            nn.init.zeros_(adapter.A)
        x = torch.randn(3, 5)
        assert torch.equal(adapter(x), adapter.linear(x))
        adapter(x).square().sum().backward()
        assert not adapter.A.grad.any()
        found.append(bool(adapter.B.grad.any()))
    return "The model begins as it was" if found == [True, False] else "no"


def norms_that_feel_a_mean():
    x = torch.randn(5, 8)
    feels = [
        not torch.allclose(norm(x), norm(x + 3), atol=1e-4)
        for norm in (nn.LayerNorm(8), RMSNorm(8))
    ]
    said = {(False, True): "LayerNorm gives out what it gave before"}
    return said.get((feels[0], feels[1]), "another answer")


def weights_at_eight_thirds():
    """Linear layers with and without a gate, their biases left out."""
    sizes = [
        sum(p.numel() for p in layer.parameters() if p.ndim == 2)
        for layer in (FeedForward(48), SwiGLU(48, 48 * 8 // 3))
    ]
    return "Both have as many weights" if sizes[0] == sizes[1] else "no"


def what_is_kept_of_a_lost_token():
    """Keys of two layers, with another token in front that then leaves."""
    torch.manual_seed(0)
    layers = [GroupedQueryAttention(8, 2, 2, 6) for _ in range(2)]
    x = torch.randn(1, 6, 8)
    other = torch.cat([torch.randn(1, 1, 8), x[:, 1:]], dim=1)
    changed = []
    for layer in layers:
        keys = [layer.qkv(y)[:, 1:, 8:16] for y in (x, other)]
        changed.append(not torch.allclose(*keys))
        x, other = layer(x), layer(other)
    if changed == [False, True]:
        return "They are made of what the first layer read"
    return "another answer"


def chance_of_one_small_p():
    """Of twelve p-values that are drawn evenly between 0 and 1."""
    smallest = torch.rand(20_000, 12).amin(dim=-1)
    shares = {0.05: "In one of twenty", 0.5: "In almost half", 1: "In all"}
    return nearest((smallest < 0.05).float().mean().item(), shares)


CHOICES = {
    "0.q1": lambda: str(
        tuple((lambda t: t / t.sum(0, keepdim=True))(torch.ones(4, 6)).shape)
    ),
    "1.p1": where_the_bigram_model_ends,
    "2.q4": shapes_that_change,
    "2.q5": rows_that_a_swap_changes,
    "3.q5": fate_of_twins,
    "4.q5": question_without_a_line,
    "5.p1": floor_of_a_plain_stack,
    "5.q7": what_the_norms_are_worth,
    "6.p1": share_of_the_operations,
    "6.q6": ahead_of_its_floor,
    "10.q3": in_learned_order,
    "10.q6": what_half_a_character_shows,
    "11.q1": norms_that_feel_a_mean,
    "11.q2": what_is_kept_of_a_lost_token,
    "11.q3": weights_at_eight_thirds,
    "11.q7": chance_of_one_small_p,
    "12.q2": what_is_noticed_on_its_side,
    "12.q7": what_an_adapter_begins_with,
}
"""Computes how the right choice's text begins."""


@pytest.mark.parametrize("id", CHOICES)
def test_the_right_choice_is_what_comes_out(id):
    """Where a choice names a result, the result is looked up or computed."""
    torch.manual_seed(1337)

    assert right_choice(id).startswith(CHOICES[id]())


# -------------------------------------------------------------- the bank


@pytest.mark.parametrize("file", QUIZZES, ids=lambda file: file.stem)
def test_a_chapter_asks_enough(file):
    """Five questions or more, two of them numbers, and a prediction."""
    data = tomllib.loads(file.read_text("utf-8"))
    asked = [q for q in data["question"] if ".q" in q["id"]]
    predictions = [q for q in data["question"] if ".p" in q["id"]]

    assert len(asked) >= 5
    assert sum(q["kind"] == "number" for q in asked) >= 2
    assert 1 <= len(predictions) <= 2
    assert (ROOT / f"notebooks/{file.stem}.ipynb").is_file()


def test_every_answer_is_explained_by_itself():
    """No two explanations of a question are the same words."""
    for question in QUESTIONS.values():
        given = question.get("choice", []) + question.get("wrong", [])
        whys = [answer["why"].strip() for answer in given]
        if question["kind"] == "number":
            whys.append(question["why"].strip())

        assert all(len(why) > 40 for why in whys), question["id"]
        assert len(set(whys)) == len(whys) > 1, question["id"]


def test_the_right_choice_cannot_be_guessed_by_its_place():
    """No place and no length is right in half of the questions."""
    places, longest = [], []
    for question in QUESTIONS.values():
        for place, choice in enumerate(question.get("choice", [])):
            if choice.get("right"):
                texts = [c["text"] for c in question["choice"]]
                places.append(place)
                longest.append(choice["text"] == max(texts, key=len))

    for place in range(3):
        assert 0.1 < places.count(place) / len(places) < 0.5
    assert sum(longest) / len(longest) < 0.5
