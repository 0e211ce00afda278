"""A learner's module is judged by what it does, by whatever names."""

import pytest

from tutorgpt.learn.asking import judge
from tutorgpt.learn.exercises import EXERCISES


def verdict(number, text):
    asked = EXERCISES[number]
    return judge(asked, asked.suspect, asked.build(text))


def flat(text):
    return " ".join(text.split())


def many_heads(init, forward):
    return f"""\
class ManyHeads(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.n = n_head
        self.out = nn.Linear(n_embed, n_embed)
        {init}

    def forward(self, x):
        B, T, C = x.shape
        {forward}
"""


EACH = "[Head(n_embed, n_embed // n_head, block_size) for _ in range(n_head)]"
FUSED = """\
q, k, v = fused.view(B, T, 3, self.n, C // self.n).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).reshape(B, T, C))"""
OWN_NAMES = [
    (
        "3.5",
        many_heads(
            f"for n, h in enumerate({EACH}): setattr(self, f'h{{n}}', h)",
            "return self.out(torch.cat([getattr(self, f'h{n}')(x) "
            "for n in range(self.n)], -1))",
        ),
    ),
    (
        "3.5",
        many_heads(
            "self.qkv = nn.Linear(n_embed, 3 * n_embed, bias=False)",
            f"fused = self.qkv(x)\n        {FUSED}",
        ),
    ),
    (
        "3.5",
        many_heads(
            "self.qkv = nn.Parameter(torch.randn(n_embed, 3 * n_embed))",
            f"fused = x @ self.qkv\n        {FUSED}",
        ),
    ),
    (
        "3.5",
        many_heads(
            "C = n_embed",
            "q, k, v = self.q(x), self.k(x), self.v(x)\n"
            "        fused = torch.stack([q, k, v], 2)\n"
            f"        {FUSED}",
        ).replace(
            "        self.out = nn.Linear(n_embed, n_embed)\n",
            "        self.q = nn.Linear(n_embed, n_embed, bias=False)\n"
            "        self.k = nn.Linear(n_embed, n_embed, bias=False)\n"
            "        self.v = nn.Linear(n_embed, n_embed, bias=False)\n"
            "        self.out = nn.Linear(n_embed, n_embed)\n",
        ),
    ),
    (
        "4.3",
        """\
class Thinking(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.a = nn.Parameter(torch.randn(n, 4 * n))
        self.b = nn.Parameter(torch.zeros(4 * n))
        self.c = nn.Parameter(torch.randn(4 * n, n))
        self.d = nn.Parameter(torch.zeros(n))

    def forward(self, x):
        return (x @ self.a + self.b).relu() @ self.c + self.d
""",
    ),
    (
        "4.3",
        """\
class Thinking(nn.Sequential):
    def __init__(self, n):
        super().__init__(nn.Linear(n, 4 * n), nn.ReLU(), nn.Linear(4 * n, n))
""",
    ),
    (
        "5.4",
        """\
class Layer(nn.Module):
    def __init__(self, n_embed, n_head, block_size):
        super().__init__()
        self.mlp = FeedForward(n_embed)
        self.attn = MultiHead(n_embed, n_head, block_size)
        self.ln2, self.ln1 = nn.LayerNorm(n_embed), nn.LayerNorm(n_embed)

    def forward(self, x):
        x = x + self.attn(self.ln2(x))
        return x + self.mlp(self.ln1(x))
""",
    ),
    (
        "2.6",
        """\
class OwnHead(nn.Module):
    def __init__(self, n_embed, head_size, block_size):
        super().__init__()
        self.k = nn.Parameter(torch.randn(n_embed, head_size))
        self.v = nn.Parameter(torch.randn(n_embed, head_size))
        self.q = nn.Parameter(torch.randn(n_embed, head_size))

    def forward(self, x):
        return F.scaled_dot_product_attention(
            x @ self.q, x @ self.k, x @ self.v, is_causal=True
        )
""",
    ),
]


@pytest.mark.parametrize(("number", "text"), OWN_NAMES)
def test_a_right_module_passes_under_its_own_names(number, text):
    """Other names, fused layers, bare tables, other orders."""
    found = verdict(number, text)

    assert found.passed, found.text


THINKING = """\
class Thinking(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.up, self.down = nn.Linear(n, 4 * n), nn.Linear(4 * n, n)

    def forward(self, x):
        return self.down(self.up(x).relu())
"""
WRONG = [
    ("self.up(x)", "self.up(x.detach())", "the gradient of the input is not"),
    ("self.up(x)", "self.up(x).detach()", "is detached from the result"),
    (
        "        return",
        "        with torch.no_grad():\n            return",
        "no gradient comes out of it",
    ),
    (
        "self.up(x).relu()",
        "F.dropout(self.up(x).relu(), 0.1, self.training)",
        "another one in training mode",
    ),
    (
        "        self.up, self.down =",
        "        self.up, self.down = nn.Linear(n, 4 * n), nn.Linear(4 * n, n)"
        "\n        self.requires_grad_(False)\n        _ =",
        "frozen",
    ),
    ("4 * n, n)", "4 * n, n, bias=False)", "missing: 1 of shape (4,)"),
]


@pytest.mark.parametrize(("old", "new", "words"), WRONG)
def test_a_wrong_module_under_its_own_names_is_told_why(old, new, words):
    """Gradients, training mode, and what is learned."""
    assert old in THINKING
    assert words in flat(verdict("4.3", THINKING.replace(old, new)).text)


def test_what_a_plain_list_hides_is_found():
    """The count is wrong, and the reply says where the rest is."""
    text = THINKING.replace(
        "self.up, self.down = nn.Linear(n, 4 * n), nn.Linear(4 * n, n)",
        "self.both = [nn.Linear(n, 4 * n), nn.Linear(4 * n, n)]",
    ).replace(
        "self.down(self.up(x).relu())", "self.both[1](self.both[0](x).relu())"
    )

    assert "a plain list, tuple or dict" in flat(verdict("4.3", text).text)
    assert "self.both" in verdict("4.3", text).text


def test_an_idle_part_is_named():
    """A parameter without effect is told by its name."""

    class Lazy(EXERCISES["5.4"].reference()):
        def forward(self, x):
            return x + self.multi_head(self.norm_1(x))

    found = judge(EXERCISES["5.4"], "no residual path", Lazy)

    assert "no effect on the result" in flat(found.text)
    assert "norm_2" in found.text


def test_a_module_that_is_built_is_answered():
    """The class is wanted."""
    asked = EXERCISES["4.3"]
    found = judge(asked, asked.suspect, asked.reference()(4))

    assert "pass Thinking, without parentheses" in flat(found.text)


@pytest.mark.parametrize("name", [["ReLU missing"], {}, object])
def test_a_name_of_another_type_is_answered(name):
    """Lists and classes are no suspects."""
    asked = EXERCISES["4.3"]

    assert judge(asked, name, asked.reference()).outcome == "not a suspect"
