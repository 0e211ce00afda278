"""What the page offers to learn from, and how scripts and texts reach it."""

import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from book_tools import ROOT
from browser_tools import Visit, browser, open_page, page_with
from ladder_tools import ready, train
from playwright.sync_api import Browser

from tutorgpt import GPT, CharTokenizer, ModelConfig
from tutorgpt.desk.pages import revive, settle
from tutorgpt.ground.tomorrow import living_script
from tutorgpt.text.corpus import CORPORA
from tutorgpt.text.songci import SONGCI
from tutorgpt.view.ladder import train_here, widget
from tutorgpt.view.ladder.page import (
    ASSETS,
    LADDER,
    STYLES,
    WORKER,
    asset,
    files_script,
    page,
    script,
)
from tutorgpt.view.ladder.quoting import as_script
from tutorgpt.view.ladder.texts import (
    MOST_POEMS,
    PageText,
    first_poems,
    page_texts,
    plays,
    song_ci,
)
from tutorgpt.view.ladder.widget import MOST_CHARACTERS, RENDER, own
from tutorgpt.view.living import SHARED
from tutorgpt.view.playground import page as playground
from tutorgpt.view.playground.pack import pack

__all__ = ["browser"]  # a fixture: used by its name


@pytest.fixture(scope="module")
def poems() -> PageText:
    """The part of the Song ci."""
    found = song_ci()
    if found is None:
        pytest.skip("the poems are not at hand: tutorgpt data songci")
    return found


# --------------------------------------------------------------- the texts


def test_the_plays_are_whole_and_as_in_the_corpus() -> None:
    """Three plays, each from its first speech to its last."""
    text, corpus = plays().text, CORPORA["shakespeare"].read()
    speeches = (
        "THESEUS:\nNow, fair Hippolyta,",
        "Master:\nBoatswain!",
        "First Witch:\nWhen shall we three",
        "Whom we invite to see us crown'd at Scone.\n",
    )
    places = [text.index(speech) for speech in speeches]

    assert places == sorted(places)
    assert places[0] == 0
    assert text.endswith(speeches[-1])
    assert 250_000 < plays().length < 310_000
    for start, end in zip(places[:3], [*places[1:3], None], strict=True):
        assert text[start:end].strip() in corpus


def test_the_poems_are_whole_and_as_in_the_corpus(poems: PageText) -> None:
    """The first of the collection, as many as there is room for."""
    corpus = SONGCI.read()
    size = len(poems.text.encode())
    after = corpus[poems.length :].partition("\n\n")[0]

    assert corpus.startswith(poems.text)
    assert poems.text.endswith("。\n\n")
    assert size <= MOST_POEMS < size + len(f"{after}\n\n".encode())


def test_poems_are_cut_between_two() -> None:
    """One byte less than a poem needs leaves it out."""
    text = "a 甲\n一。\n\nb 乙\n二。\n\n"

    assert "".join(first_poems(text, 100)) == text
    assert list(first_poems(text, len(text.encode()) - 1)) == [text[:8]]


def test_without_the_poems_there_are_the_plays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither cached nor in a mirror: nothing is fetched for a page."""
    monkeypatch.setenv("TUTORGPT_CACHE", str(tmp_path))
    for mirror in ("", "https://example.org/nothing", str(tmp_path)):
        monkeypatch.setenv("TUTORGPT_DATA_MIRROR", mirror)

        assert not SONGCI.is_at_hand()
        assert [text.name for text in page_texts()] == ["plays"]


def test_poems_in_the_cache_need_no_mirror(
    poems: PageText, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read once is at hand."""
    monkeypatch.delenv("TUTORGPT_DATA_MIRROR", raising=False)

    assert SONGCI.is_at_hand()
    assert song_ci() == poems


def test_a_text_says_whose_it_is() -> None:
    """Licence and copyright as the installed package has them."""
    text = plays()
    licence = distribution(text.source).read_text("LICENSE") or ""

    assert text.copyright in licence
    assert "free of charge, to any person obtaining a copy" in licence
    for part in (text.source, text.copyright, "MIT licence", "Macbeth"):
        assert part in text.credit
    assert text.script().startswith(f"/* {text.title}: {text.credit}. */\n")


# ------------------------------------------------- how they reach the page

STRANGE = "\\n `a` ${b} $c </script><!-- <script> \r\n\ta中🙂\u2028\\"


def test_a_quoted_text_is_read_as_it_was(browser: Browser) -> None:
    """Whatever stands in it, also inside of a page."""
    texts = [STRANGE, plays().text, asset("tokenizer.js"), ""]
    quoted = ",".join(map(as_script, texts))
    shown = page_with(browser)
    shown.set_content(f"<script>globalThis.read = [{quoted}]</script>")

    assert shown.evaluate("read") == texts
    shown.context.close()


def test_every_script_is_listed() -> None:
    """Those of the ladder's folder, and of the shared what it uses."""
    own = {file.name for file in ASSETS.iterdir()}
    shared = {file.name for file in SHARED.iterdir()}

    assert own - {"start.js"} <= {*LADDER, *STYLES}
    assert {*LADDER, *STYLES} <= own | shared
    assert LADDER[: len(WORKER)] == WORKER
    assert len(set(LADDER)) == len(LADDER)
    assert not {*own} & {*shared, *playground.SCRIPTS}


def test_the_browser_makes_the_playground_s_page(browser: Browser) -> None:
    """Of the pieces in files.js, byte for byte what export_html writes."""
    tokenizer = CharTokenizer.from_text("\n abcde")
    shape = {"block_size": 8, "n_embed": 8, "n_head": 2, "n_layer": 1}
    packed = pack(GPT(ModelConfig(vocab_size=7, **shape)), tokenizer)
    title = "Mine & </script> yours"
    wanted = playground.page(packed, title=title, prompt="abc")
    demo = wanted[wanted.index('<div class="tg-demo"') :]
    demo = demo.partition("</div>")[0] + "</div>"
    shown = page_with(browser, files_script())
    made = shown.evaluate(
        """([title, demo]) => {
          const { files, lists, blankPage } = tutorgpt;
          const told = {
            title, demo, style: files["playground.css"],
            scripts: lists.playground.map((name) => files[name]).join("\\n"),
          };
          return blankPage.map((piece, n) => n % 2 ? told[piece] : piece)
            .join("");
        }""",
        ["Mine &amp; &lt;/script&gt; yours", demo],
    )
    shown.context.close()

    assert made == wanted


def test_start_evaluates_what_the_page_needs(browser: Browser) -> None:
    """The ladder's scripts at once, the playground's when it is asked."""
    shown = page_with(browser, script([plays()]))
    found = "typeof tutorgpt.%s"

    assert shown.evaluate(found % "startLadder") == "function"
    assert shown.evaluate(found % "mountOne") == "undefined"
    assert shown.evaluate("tutorgpt.texts.plays") == plays().text
    shown.evaluate("tutorgpt.use(tutorgpt.lists.playground)")
    assert shown.evaluate(found % "mountOne") == "function"
    assert "nowhere.js" in shown.evaluate(
        "(() => { try { tutorgpt.use(['nowhere.js']) }"
        " catch (error) { return error.message } })()"
    )
    shown.context.close()


# ------------------------------------------------------------ in JupyterLab


def test_a_notebook_gets_a_widget_and_a_page() -> None:
    """JupyterLab takes the widget, the book takes the HTML."""
    pytest.importorskip("anywidget")
    bundle = train_here()._repr_mimebundle_()

    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert 'class="tg-ladder"' in bundle["text/html"]
    assert "plays.js" in bundle["text/html"]
    assert len(bundle["text/html"]) < 2_000
    assert bundle["text/plain"].startswith("TrainHere(Three plays")


def test_a_widget_has_the_texts_and_a_page_their_scripts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No file lies beside a notebook; beside the book's page they do."""
    given: list[list[dict]] = []
    monkeypatch.setattr(widget, "make_widget", lambda t: given.append(t) or {})
    bundle = train_here()._repr_mimebundle_()
    (texts,) = given

    assert [text["text"] for text in texts] == [t.text for t in page_texts()]
    assert "script" not in texts[0]
    assert "&quot;script&quot;: &quot;plays.js&quot;" in bundle["text/html"]
    assert "THESEUS" not in bundle["text/html"]


def test_the_widget_s_script_runs(browser: Browser, tmp_path: Path) -> None:
    """What JupyterLab loads as a module trains a reader's text, and ends."""
    told = [own(plays().text[:20_000], "My text")]
    module = "\n".join([script(), living_script(), RENDER])
    shown, notes = open_page(browser, "light")
    file = tmp_path / "lab.html"
    file.write_text('<!doctype html><meta charset="utf-8">')
    shown.goto(file.as_uri())
    shown.evaluate(
        """async ([text, texts]) => {
          const url = URL.createObjectURL(
            new Blob([text], {type: "text/javascript"}));
          const { default: widget } = await import(url);
          const el = document.body.appendChild(document.createElement("div"));
          const model = { get: () => ({ texts }) };
          globalThis.end = widget.render({ model, el });
          el.classList.add("tg-ladder");
        }""",
        [module, told],
    )
    ready(shown)
    train(shown, "BigramModel", 20)
    shown.evaluate("end()")
    shown.context.close()

    assert notes == Visit()


def test_a_stored_notebook_trains_before_anything_is_run(
    browser: Browser, tmp_path: Path
) -> None:
    """Where tutorgpt lab opens it, what is added has the texts, too."""
    stored = train_here()._repr_mimebundle_()["text/html"]
    shown, notes = open_page(browser, "light")
    file = tmp_path / "stored.html"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><main>{revive(stored)}</main>',
        encoding="utf-8",
    )
    shown.goto(file.as_uri())
    ready(shown)
    train(shown, "BigramModel", 20)
    shown.context.close()

    assert settle(revive(stored)) == stored
    assert notes == Visit()


def test_without_the_lab_there_is_still_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """train_here needs no anywidget; the widget then is left out."""
    monkeypatch.setitem(sys.modules, "anywidget", None)

    assert set(train_here()._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_a_reader_s_text_is_in_the_page() -> None:
    """As a str, or as a corpus under its name; quoted, whatever it holds."""
    html = train_here(f"{STRANGE}\" onload='x'")._repr_mimebundle_()[
        "text/html"
    ]

    assert "&lt;/script&gt;&lt;!--" in html
    assert "onload=&#x27;" in html
    assert "plays.js" not in html
    assert repr(train_here("To be, or not")) == "TrainHere(Your text)"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty.*pass the text itself"),
        ("shakespeare", r"name of a corpus.*load_corpus\('shakespeare'\)"),
        ("a" * (MOST_CHARACTERS + 1), "1,000,001 characters.*a part of it"),
    ],
    ids=["empty", "a name", "too long"],
)
def test_a_text_that_no_page_takes_is_refused(text: str, says: str) -> None:
    """In one sentence, before anything is shown."""
    with pytest.raises(ValueError, match=says):
        train_here(text)


def test_the_limit_is_the_page_s() -> None:
    """The page and Python refuse the same lengths."""
    limit = f"MOST_CHARACTERS = {MOST_CHARACTERS:_};"

    assert limit in asset("corpus.js")


def test_nothing_of_the_texts_is_committed() -> None:
    """They enter when a page is made."""
    begins = plays().text[20:60]
    for file in ASSETS.iterdir():
        assert begins not in file.read_text(encoding="utf-8")
    assert begins in page()
    assert not list((ROOT / "book").glob("**/plays.js"))
