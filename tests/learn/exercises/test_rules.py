"""The rules of single exercises, where no known mistake fits."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tutorgpt.learn.asking import judge
from tutorgpt.learn.exercises import EXERCISES


def test_a_changed_original_is_noticed():
    """Rearranging the heads of the layer itself does not pass."""
    solved = EXERCISES["3.4"].solution
    namespace = {"torch": torch, "nn": nn}
    exec(solved.replace("copy.deepcopy(layer)", "layer"), namespace)
    verdict = judge(EXERCISES["3.4"], namespace["rearrange"])

    assert "work on a copy" in verdict.text


def even_shares(scores, k):
    places = scores.topk(min(k, scores.shape[-1])).indices
    return torch.zeros_like(scores).scatter(-1, places, 1.0) / k


lesson = EXERCISES["9.2"].reference()
across = EXERCISES["9.3"].reference()
spell_one = EXERCISES["10.1"].reference()
spelled = EXERCISES["10.3"].reference()
norm_by_length = EXERCISES["11.1"].reference()
turned = EXERCISES["11.2"].reference()
kept_bytes = EXERCISES["11.7"].reference()
corrected = EXERCISES["11.8"].reference()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda q, *rest: across(q / 2, *rest), "scores 2.00 times as large"),
        (lambda q, *rest: across(0 * q, *rest), "whatever x asks"),
        (lambda *a: across(*a[:5], a[5] | a[5].flip(1)), "when the padding"),
        (lambda *a: 2 * across(*a), "its one value should come out"),
        (
            lambda *a: across(*a[:4], a[4] + a[4].cumsum(1), a[5]),
            "as if their order mattered",
        ),
    ],
)
def test_a_look_across_is_judged_by_its_rules(attempt, words):
    """Padding, order, values, the question, the scale."""
    text = " ".join(judge(EXERCISES["9.3"], attempt).text.split())

    assert words in text


class TakesTheMean(EXERCISES["12.5"].reference()):
    def forward(self, x):
        bent = F.gelu(self.expand(x), approximate="tanh")
        return self.contract(bent + bent.mean(dim=1, keepdim=True) / 9)


class Softened(EXERCISES["12.5"].reference()):
    def forward(self, x):
        return self.contract(F.softshrink(self.expand(x)).square())


class Leaky(EXERCISES["12.5"].reference()):
    def forward(self, x):
        return self.contract(F.leaky_relu(self.expand(x)))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (TakesTheMean, "this layer works on every place by itself"),
        (Softened, "give twice as much, since GELU is z or 0 there, and it"),
        (Leaky, "with a leaky ReLU in the place of GELU"),
    ],
)
def test_a_bend_is_judged_by_its_rules(attempt, words):
    """One place at a time, a straight line far out, and another bend."""
    hunt = EXERCISES["12.5"]
    text = " ".join(judge(hunt, hunt.suspect, attempt).text.split())

    assert words in text


class LastPlaceOnly(EXERCISES["8.7"].reference()):
    def forward(self, new, past):
        places = torch.arange(new.shape[1])
        places[-1] += past
        return self.token(new) + self.position(places)


class PlacesMixed(EXERCISES["8.7"].reference()):
    def forward(self, new, past):
        places = past + torch.arange(new.shape[1])
        return self.token(new) + self.position(places).mean(dim=0)


class NormedMemory(EXERCISES["9.8"].reference()):
    def forward(self, x, memory, real):
        return super().forward(x, self.norm_2(memory), real)


TURNED = EXERCISES["11.3"].reference()
NORMED = EXERCISES["11.4"].reference()
GATED = EXERCISES["11.5"].reference()
SHARING = EXERCISES["11.6"].reference()


class PairsMixed(TURNED):
    def forward(self, x, start=0):
        return super().forward(x, start).roll(1, -1)


class NearerEach(TURNED):
    def forward(self, x, start=0):
        places = torch.arange(start, start + x.shape[-2])
        shorter = 1 / (1 + places[:, None])
        return super().forward(x, start) * shorter


class TurnedBySquares(TURNED):
    def forward(self, x, start=0):
        rows = [
            super(TurnedBySquares, self).forward(
                x[:, :, t : t + 1], (start + t) ** 2
            )
            for t in range(x.shape[2])
        ]
        return torch.cat(rows, dim=2)


class TurnedByRow(TURNED):
    def forward(self, x, start=0):
        return super().forward(x, start + x.shape[-2] - 1)


class FirstRowToo(NORMED):
    def forward(self, x):
        return super().forward(x) + 0.1 * x[:, :1]


class LastRowToo(NORMED):
    def forward(self, x):
        return super().forward(x) + 0.1 * x[:, -1:]


class HalfNormed(NORMED):
    def forward(self, x):
        return super().forward(x) + 0.1 * x


class GateOfBothSigns(GATED):
    def forward(self, x):
        z = self.gate(x)
        return self.contract(z * z.tanh() * self.expand(x).abs())


class GateOfOneSign(GATED):
    def forward(self, x):
        return self.contract(self.gate(x).abs() * self.expand(x))


class GateThatHolds(GATED):
    def forward(self, x):
        z = self.gate(x)
        return self.contract(F.silu(z).clamp(max=5) * self.expand(x))


class GatePlusOne(GATED):
    def forward(self, x):
        bend = F.silu(self.gate(x)) * self.expand(x) + 1
        return self.contract(bend)


class OthersKeys(SHARING):
    def forward(self, x):
        D = self.head_size
        q, k, v = (
            self.qkv(x)
            .unflatten(-1, (-1, D))
            .transpose(1, 2)
            .split(self.heads, dim=1)
        )
        chosen = [min(1, k.shape[1] - 1), *[0] * (q.shape[1] - 1)]
        out = F.scaled_dot_product_attention(
            q, k[:, chosen], v[:, chosen], is_causal=True
        )
        return self.proj(out.transpose(1, 2).flatten(2))


def filled_but_the_norm(model, stored):
    """What 12.3 asks for, and then a norm that is as it was before."""
    before = model.block[0].weight.detach().clone()
    EXERCISES["12.3"].reference()(model, stored)
    model.block[0].weight.data = before


def turned_within(qkv, n_head, n_key_head):
    """The numbers of each row moved, and no row."""
    return qkv.flip(1)


def without_the_last_key_head(qkv, n_head, n_key_head):
    """What 12.4 asks for, but for the last head of keys."""
    moved = EXERCISES["12.4"].reference()(qkv, n_head, n_key_head)
    D = len(qkv) // (n_head + 2 * n_key_head)
    end = len(qkv) - n_key_head * D
    moved[end - D : end] = qkv[end - D : end]
    return moved


@pytest.mark.parametrize(
    ("exercise", "attempt", "words"),
    [
        ("12.3", filled_but_the_norm, "block.0.weight is as it was before"),
        ("12.4", turned_within, "row stands where it stood, and the numbers"),
        (
            "12.4",
            without_the_last_key_head,
            "channel 1 of key head 0, should be the old row 15, and is the",
        ),
        ("11.3", PairsMixed, "channel 0 comes out in 1 and 3, and its pair"),
        ("11.3", NearerEach, "comes out longer or shorter than it was"),
        ("11.3", TurnedBySquares, "text begins at 7 than when it begins at 0"),
        ("11.3", TurnedByRow, "comes out otherwise when it is turned alone"),
        ("11.4", FirstRowToo, "comes out otherwise when it is read alone"),
        ("11.4", LastRowToo, "an earlier position changes when a later one"),
        ("11.4", HalfNormed, "vectors five times as long should come out"),
        ("11.5", GateOfBothSigns, "x and -x come out alike"),
        ("11.5", GateOfOneSign, "-x comes out as minus what x does"),
        ("11.5", GateThatHolds, "four times as much, a product of two"),
        ("11.5", GatePlusOne, "a vector of zeros should come out as zeros"),
        ("11.6", OthersKeys, "query head 0 of 4 looks with key head 1 of 2"),
        ("8.7", LastPlaceOnly, "place 9 of text 0 got row 0 of the position"),
        ("8.7", PlacesMixed, "another when it is read alone"),
        ("9.8", NormedMemory, "memory is normed once more"),
        (
            "10.7",
            lambda losses, tokens, _: losses.sum() / math.log(2) / 36,
            "which stand for 18 bytes, seem to be divided by 36",
        ),
        (
            "10.7",
            lambda losses, tokens, _: losses.sum() ** 2,
            "losses that are twice as large should give twice as much",
        ),
    ],
)
def test_a_repair_is_judged_by_its_rules(exercise, attempt, words):
    """The right name and a class that is wrong in its own way."""
    asked = EXERCISES[exercise]
    text = " ".join(judge(asked, asked.suspect, attempt).text.split())

    assert words in text


@pytest.mark.parametrize(
    ("exercise", "attempt", "words"),
    [
        ("1.2", lambda t, V: torch.ones(V, V), "tokens make 5 pairs"),
        ("6.3", lambda x, p, n: x * (n > 0.9), "where the noise is below p"),
        ("6.4", lambda *a: 0.2, "at step 0 it is 0.200 of top"),
        (
            "5.2",
            lambda x, n1, a, n2, f: x + 2 * a(n1(x)) + f(n2(x)),
            "with think silent",
        ),
        (
            "8.2",
            lambda s, t, u: (s / t - (-u.log2()).log2()).argmax(-1),
            "and it won 0.88 of 4,000 races",
        ),
        (
            "8.2",
            lambda s, t, u: torch.multinomial((s / t).softmax(-1), 1)[:, 0],
            "wins about as often as it should",
        ),
        ("8.3", even_shares, "a multiple of what softmax gave it"),
        ("8.4", lambda s, p: s == s, "keeps 8 tokens, and fewer would"),
        ("8.4", lambda s, p: s > s.mean() + 1, "has only"),
        ("8.5", lambda rows, n: 1.0, "of which 2 are different"),
        ("8.6", lambda *a: 12 * a[2] ** 2 * a[3], "twice the B"),
        ("8.8", lambda t, n, V: torch.zeros(V) > 0, "stands in the text"),
        ("9.1", lambda C, L: L * L * (4 * C * C + 3 * C), "twice the layers"),
        ("9.2", lambda w, *marks: w, "each with rows of one length"),
        (
            "9.2",
            lambda w, s, e, p: lesson(w, e, s, p),
            "START and END are exchanged",
        ),
        ("9.4", lambda S, T: torch.eye(S + T) > 0, "of the source is wrong"),
        ("9.5", lambda s, m, w: torch.zeros(w, 2), "should be kept and is"),
        (
            "9.6",
            lambda p, t, pad, w: p.sum(-1),
            "the ln p that stands at PAD is added up too",
        ),
        ("9.7", lambda w, k: 2 * w, "a hand of length 1"),
        ("10.1", lambda n: 4 * [n % 256], "takes 1 byte, and this gives 4"),
        ("10.1", lambda n: [*spell_one(n)[:-1], 1], "number 1 is 1, 64 too"),
        ("10.2", lambda w, pair: sum(w.values()), "in the one word (1, 2, 1"),
        ("10.3", lambda t, m: len(t) * [*m, 5], "there is (1, 2)"),
        ("10.3", lambda t, m: sorted(spelled(t, m)), "and stand for [3, 1, 2"),
        ("10.4", lambda w, first, n: [25, 17], "the text has 18 tokens"),
        ("10.5", lambda w, m: list(range(9)), "that spells (0, 1, 2"),
        ("10.6", lambda s: 0, "'a', which is complete, is kept waiting"),
        ("10.6", lambda s: 99, "or more than there are"),
        ("10.8", lambda w, t: 1, "has 11 characters and stands in both"),
        ("10.8", lambda w, t: 0.5, "a length is a whole number"),
        ("11.1", lambda x, w, e: 3 * x, "should be 1, and one has"),
        (
            "11.1",
            lambda x, w, e: norm_by_length(x, w, e) + x.sum() * 3e-5,
            "comes out otherwise when it stands alone",
        ),
        ("11.2", lambda x, p, base: 2 * x, "a turn changes no length"),
        (
            "11.2",
            lambda x, p, base: turned(x, p + 1 + p % 2, base),
            "where all positions are 0, nothing should turn",
        ),
        (
            "11.2",
            lambda x, p, base: turned(x, p * len(p), base),
            "when it stands alone with its position",
        ),
        ("11.7", lambda *a: 2 * sum(a), "0.099 tokens seem to be counted"),
        ("11.7", lambda *a: kept_bytes(*a) * a[0], "twice the n_layer"),
        (
            "11.8",
            lambda p: [min(1, 2 * q) for q in p],
            "be multiplied by 3, 2 and 1, and come out 2, 2 and 2 times",
        ),
        (
            "11.8",
            lambda p: [min(0.8, float(q)) for q in corrected(p)],
            "should become 1, and become 0.8, 0.8 and 0.8",
        ),
    ],
)
def test_a_broken_rule_is_named(exercise, attempt, words):
    """A property of the exercise, where no known mistake fits."""
    text = " ".join(judge(EXERCISES[exercise], attempt).text.split())

    assert words in text
