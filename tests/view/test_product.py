"""The page's matrix product against numpy's, with the kernel and without.

The small shapes hold whole numbers, whose products are exact: every number
must agree, and so must those around the result, which nothing may change.
"""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pytest
import wasmtime
from browser_tools import browser, page_with
from playwright.sync_api import Browser, Error, Page

from scripts.kernel import assembled, held
from tutorgpt.view.playground.page import asset

__all__ = ["browser"]  # a fixture: used by its name

BIG = [
    (1024, 32, 96),
    (1024, 69, 32),
    (97, 130, 515),
    (1, 700, 128),
    (515, 1, 33),
]
"""Rows, columns and steps; the chapters' and some that leave remainders."""

PRODUCTS = """([cases, simd]) => JSON.stringify(cases.map((given) => {
  const { out, a, b, m, n, k, add, ...at } = JSON.parse(given);
  const needed = out.length + a.length + b.length + 30;
  const space = new tutorgpt.Space(needed, { simd });
  const room = (numbers) => (space.take(1), space.take(numbers.length));
  const [x, y, result] = [a, b, out].map(room);
  const all = new Float32Array(space.buffer).fill(7);
  x.set(a), y.set(b), result.set(out);
  const before = all.slice(), from = result.byteOffset / 4;
  space.multiply(
    result, at.o, at.out_row, x, at.i, at.a_row, at.a_column,
    y, at.j, at.b_row, m, n, k, add);
  const untouched = all.every((number, at) =>
    Object.is(number, before[at]) || (at >= from && at < from + out.length));
  return { out: Array.from(result), untouched };
}))"""


@dataclass
class Case:
    """One call of multiply(): the arrays, where each begins, its strides."""

    out: list[float]
    o: int
    out_row: int
    a: list[float]
    i: int
    a_row: int
    a_column: int
    b: list[float]
    j: int
    b_row: int
    m: int
    n: int
    k: int
    add: bool

    def expected(self) -> np.ndarray:
        """All of `out` after the call, as numpy has it."""
        out = np.array(self.out)
        rows = np.arange(self.m)[:, None]
        steps, columns = np.arange(self.k), np.arange(self.n)
        at = self.o + rows * self.out_row + columns
        a = np.array(self.a)[
            self.i + rows * self.a_row + steps * self.a_column
        ]
        below = self.j + steps[:, None] * self.b_row + columns
        out[at] = a @ np.array(self.b)[below] + self.add * out[at]
        return out


def case(m: int, n: int, k: int, *, across: bool, add: bool) -> Case:
    """Whole numbers from -4 to 4; gaps between rows and odd beginnings.

    across: `a` lies transposed.
    """
    draw = random.Random(f"{m} {n} {k} {across} {add}")
    high, wide = (k, m) if across else (m, k)
    rows = [
        wide + draw.randrange(4),
        n + draw.randrange(4),
        n + draw.randrange(4),
    ]
    begins = [draw.randrange(6) for _ in rows]
    sizes = zip(begins, rows, (high, k, m), strict=True)
    a, b, out = (
        [draw.randint(-4, 4) for _ in range(begin + row * many + 3)]
        for begin, row, many in sizes
    )
    strides = (1, rows[0]) if across else (rows[0], 1)
    return Case(
        *(out, begins[2], rows[2]),
        *(a, begins[0], *strides),
        *(b, begins[1], rows[1]),
        *(m, n, k, add),
    )


def small(m: int) -> Iterator[Case]:
    """Every small shape of m rows, transposed or not, added or not."""
    ways = (False, True)
    for n, k, across, add in itertools.product(
        range(18), range(10), ways, ways
    ):
        yield case(m, n, k, across=across, add=add)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """An empty page with the product in it."""
    return page_with(browser, asset("product.js"))


def products(page: Page, cases: list[Case], *, simd: bool) -> list[dict]:
    """What the page makes of these calls."""
    given = [json.dumps(asdict(each)) for each in cases]
    return json.loads(page.evaluate(PRODUCTS, [given, simd]))


both_ways = pytest.mark.parametrize("simd", [True, False])


def test_the_script_holds_the_kernel_whose_text_is_beside_it() -> None:
    """product.wat gives these bytes: scripts/kernel.py puts them there."""
    assert held() == assembled()


@both_ways
@pytest.mark.parametrize("m", range(10))
def test_small_products_agree(page: Page, m: int, *, simd: bool) -> None:
    """Every shape and remainder, exactly; nothing beside them changes."""
    cases = list(small(m))
    found = products(page, cases, simd=simd)

    for each, made in zip(cases, found, strict=True):
        assert made["untouched"], each
        np.testing.assert_array_equal(made["out"], each.expected(), str(each))


@both_ways
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("shape", BIG, ids=str)
def test_large_products_agree(
    page: Page, shape: tuple[int, int, int], *, across: bool, simd: bool
) -> None:
    """Whole numbers again, so that no sum is rounded."""
    each = case(*shape, across=across, add=across)
    [made] = products(page, [each], simd=simd)

    assert made["untouched"]
    np.testing.assert_array_equal(made["out"], each.expected())


@both_ways
def test_sums_are_rounded_as_32_bits_are(page: Page, *, simd: bool) -> None:
    """Numbers with fractions agree to what 32 bits can hold."""
    each = case(37, 45, 500, across=False, add=True)
    draw = np.random.default_rng(5)
    for numbers in (each.a, each.b, each.out):
        numbers[:] = draw.normal(size=len(numbers)).astype("f4").tolist()
    [made] = products(page, [each], simd=simd)

    np.testing.assert_allclose(made["out"], each.expected(), atol=1e-4)


@pytest.mark.parametrize("last", ["a", "b", "out"])
@pytest.mark.parametrize("shape", [(5, 13, 3), (4, 8, 1), (9, 3, 4)], ids=str)
def test_the_kernel_reads_nothing_beyond(
    shape: tuple[int, int, int], last: str
) -> None:
    """One matrix ends where memory ends, and all other numbers are NaN."""
    m, n, k = shape
    made = KernelAlone()
    names = [*{"a", "b", "out"} - {last}, last]
    sizes = {"a": m * k, "b": k * n, "out": m * n}
    begins = made.lay([sizes[name] for name in names])
    at = dict(zip(names, begins, strict=True))
    a = made.put(at["a"], np.arange(m * k) - 3.0).reshape(m, k)
    b = made.put(at["b"], 5.0 - np.arange(k * n)).reshape(k, n)
    made.multiply(at["out"], n, at["a"], k, 1, at["b"], n, m, n, k)
    found = made.numbers[at["out"] : at["out"] + m * n].copy()
    made.numbers[at["out"] : at["out"] + m * n] = np.nan

    np.testing.assert_array_equal(found.reshape(m, n), a @ b)
    assert np.isnan(made.numbers).sum() == len(made.numbers) - m * k - k * n


class KernelAlone:
    """The kernel without a browser; its memory is one page full of NaN."""

    def __init__(self) -> None:
        """Start it."""
        self.store = wasmtime.Store()
        one = wasmtime.Limits(1, 1)
        self.memory = wasmtime.Memory(self.store, wasmtime.MemoryType(one))
        module = wasmtime.Module(self.store.engine, held())
        instance = wasmtime.Instance(self.store, module, [self.memory])
        self.call = instance.exports(self.store)["multiply"]
        raw = self.memory.get_buffer_ptr(self.store)
        self.numbers = np.frombuffer(raw, "f4")
        self.numbers[:] = np.nan

    def lay(self, sizes: list[int]) -> list[int]:
        """Where arrays begin: a number between them, the last at the end."""
        room = len(self.numbers) - sum(sizes) - len(sizes) + 1
        gaps = itertools.accumulate(sizes[:-1], lambda at, n: at + n + 1)
        return [room, *(room + at + 1 for at in gaps)]

    def put(self, at: int, numbers: np.ndarray) -> np.ndarray:
        """Write these numbers there."""
        self.numbers[at : at + len(numbers)] = numbers
        return numbers

    def multiply(self, *given: int) -> None:
        """multiply() with places and strides in numbers; nothing added."""
        *places, m, n, k = given
        self.call(self.store, *(4 * place for place in places), m, n, k, 0)


# ------------------------------------------------------------- the space


@both_ways
def test_arrays_are_zeros_side_by_side(page: Page, *, simd: bool) -> None:
    """Each begins at a multiple of 16 bytes; what is released is reused."""
    found = page.evaluate(
        """(simd) => {
          const space = new tutorgpt.Space(1000, { simd });
          const first = space.take(3), mark = space.mark();
          const second = space.take(50).fill(9);
          space.release(mark);
          const third = space.take(7);
          return { simd: space.simd, sizes: [first.length, third.length],
            begins: [first, second, third].map((each) => each.byteOffset),
            third: Array.from(third), one: first.buffer === third.buffer,
            memory: first.buffer.byteLength };
        }""",
        simd,
    )

    assert found == {
        "simd": simd,
        "sizes": [3, 7],
        "begins": [0, 16, 16],
        "third": [0] * 7,
        "one": True,
        "memory": 65536 if simd else 4000,
    }


@both_ways
def test_a_full_space_says_so(page: Page, *, simd: bool) -> None:
    """What is asked for, what is left, and what to do."""
    with pytest.raises(Error, match="8 are left, and 9 are asked for"):
        page.evaluate(
            "(simd) => { const space = new tutorgpt.Space(100, { simd });"
            " space.take(92); space.take(8); space.release(92);"
            " space.take(9) }",
            simd,
        )


@both_ways
def test_a_space_that_cannot_be_had_is_refused(
    page: Page, *, simd: bool
) -> None:
    """A RangeError in a sentence, from memory of either kind."""
    said = page.evaluate(
        "(simd) => { try { new tutorgpt.Space(1e13, { simd }) }"
        " catch (error) { return [error.name, error.message] } }",
        simd,
    )

    assert said[0] == "RangeError"
    assert "no room for 10000000000000 numbers (40000000 MB)" in said[1]


@pytest.mark.parametrize(
    "taken_away",
    ["delete globalThis.WebAssembly", "WebAssembly.Module = () => {}"],
)
def test_without_webassembly_the_product_is_plain(
    browser: Browser, taken_away: str
) -> None:
    """Where it is missing or forbidden, all works, more slowly."""
    bare = page_with(browser, f"{taken_away};", asset("product.js"))
    each = case(9, 13, 5, across=True, add=True)
    [made] = products(bare, [each], simd=True)

    assert bare.evaluate("new tutorgpt.Space(8).simd") is False
    np.testing.assert_array_equal(made["out"], each.expected())
