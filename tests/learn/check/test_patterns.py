"""What is said about a result that is wrong in a way of its own."""

import pytest
import torch
from torch import nn

from tutorgpt.learn.asking import judge
from tutorgpt.learn.check.comparing import likeness, number, shape_of
from tutorgpt.learn.check.patterns import pattern
from tutorgpt.learn.exercises import EXERCISES

NAMES, ARGS = ("V", "C"), [(2, 3), (5, 7), (11, 4)]
RIGHT = [40.0, 50.0, 61.0]

PATTERNS = [
    ([n * 2 for n in RIGHT], "2 times the right one"),
    ([n + 9 for n in RIGHT], "9 too much"),
    ([n - v for n, (v, _) in zip(RIGHT, ARGS, strict=True)], "V too little"),
    (
        [n + 3 * v * c for n, (v, c) in zip(RIGHT, ARGS, strict=True)],
        "3 x V x C too much",
    ),
    ([n * n for n in RIGHT], "the square of the right number"),
    ([1.0, 2.0, 3.0], "too little"),
]


@pytest.mark.parametrize(("got", "words"), PATTERNS)
def test_a_pattern_of_numbers_is_named(got, words):
    """A factor, a gap, a term of the arguments, a transform, a side."""
    assert words in pattern(got, RIGHT, NAMES, ARGS)


def test_numbers_without_a_pattern_are_left_alone():
    """Nothing is invented."""
    assert pattern([1.0, 70.0, 3.0], RIGHT, NAMES, ARGS) is None


TABLE = torch.arange(12.0).view(3, 4)
SQUARE = torch.arange(9.0).view(3, 3)
LIKENESSES = [
    (-TABLE - 1, TABLE + 1, "sign"),
    (TABLE * 3, TABLE, "3.000 times"),
    (TABLE - 2, TABLE, "2.000 too small"),
    (SQUARE.mT, SQUARE, "last two axes exchanged"),
    (TABLE.flip(0), TABLE, "in the wrong places"),
    (TABLE + (TABLE > 7) * TABLE, TABLE, "wrong only at axis 0, place 2"),
    (TABLE > 20, TABLE > 3, "8 False should be True"),
    (~(TABLE > 3), TABLE > 3, "every True should be False"),
]


@pytest.mark.parametrize(("got", "expected", "words"), LIKENESSES)
def test_a_likeness_is_named(got, expected, words):
    """How a wrong tensor is related to the right one."""
    assert words in likeness(got, expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.zeros(2, 3), "(2, 3)"),
        ((32, 4), "(32, 4)"),
        ([torch.zeros(2)] * 3, "a list of 3 x (2,)"),
        (1234, "1,234"),
        (nn.ReLU(), "ReLU"),
    ],
)
def test_values_are_described_briefly(value, words):
    """Shapes for tensors, the number for a number, else the type."""
    assert shape_of(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.5, "0.500"), (1.5e-7, "1.50e-07"), (float("inf"), "inf"), (3, "3")],
)
def test_numbers_are_short(value, words):
    """Three decimals, or an exponent where they would not do."""
    assert number(value) == words


def test_whole_numbers_must_be_exact():
    """A parameter count that is one too large does not pass."""
    right = EXERCISES["6.1"].reference()
    verdict = judge(EXERCISES["6.1"], lambda V, T, C, L: right(V, T, C, L) + 1)

    assert "in every case it is 1 too much" in verdict.text


def test_an_idle_part_is_named():
    """A parameter without effect is told by its name."""

    class Lazy(EXERCISES["5.4"].reference()):
        def forward(self, x):
            return x + self.multi_head(self.norm_1(x))

    verdict = judge(EXERCISES["5.4"], "no residual path", Lazy)

    assert "no effect on the result" in verdict.text
    assert "norm_2" in verdict.text


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


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda q, *rest: across(q / 2, *rest), "scores 2.00 times as large"),
        (lambda q, *rest: across(0 * q, *rest), "whatever x asks"),
        (lambda *a: across(*a[:5], a[5] | a[5].flip(1)), "when the padding"),
        (lambda *a: 2 * across(*a), "do not sum to 1, or mix"),
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


class LastPlaceOnly(EXERCISES["8.7"].reference()):
    def forward(self, new, past):
        places = torch.arange(new.shape[1])
        places[-1] += past
        return self.token(new) + self.position(places)


class NormedMemory(EXERCISES["9.8"].reference()):
    def forward(self, x, memory, real):
        return super().forward(x, self.norm_2(memory), real)


@pytest.mark.parametrize(
    ("exercise", "attempt", "words"),
    [
        ("8.7", LastPlaceOnly, "another when it is read alone"),
        ("9.8", NormedMemory, "does not feel 3 added to all of memory"),
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
        ("1.2", lambda t, V: torch.ones(V, V), "tokens make 4 pairs"),
        ("6.3", lambda x, p, n: x * (n > 0.9), "where the noise is below p"),
        ("6.4", lambda *a: 0.2, "at step 0 it is 0.200 of top"),
        (
            "5.2",
            lambda x, n1, a, n2, f: x + f(n2(a(n1(x)))),
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
            "win as often as they should",
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
            "the first token read should be START, 1",
        ),
        ("9.4", lambda S, T: torch.eye(S + T) > 0, "of the source is wrong"),
        ("9.5", lambda s, m, w: torch.zeros(w, 2), "should be kept and is"),
        ("9.6", lambda p, t, pad, w: p.sum(-1), "at PAD does"),
        ("9.7", lambda w, k: 2 * w, "a hand of length 1"),
    ],
)
def test_a_broken_rule_is_named(exercise, attempt, words):
    """A property of the exercise, where no known mistake fits."""
    text = " ".join(judge(EXERCISES[exercise], attempt).text.split())

    assert words in text
