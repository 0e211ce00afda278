/* The text: the prompt, what was written after it, and how much each of its
   tokens is looked at. */
(function (root) {
  "use strict";
  const { el, codeOf, seen, quote, shownPart, shownText, percent, count, unique, slider, button } = root.tutorgpt.parts;

  const PROMPTS = ["ROMEO:\n", "明月", "The ", "\n"];
  const REST = 100; // milliseconds without a key, then the prompt is read
  const FATES = { waits: [], joined: ["tg-joined"], none: ["tg-lone"] };
  const MOST_BYTES = 4; // of a character
  const MARKED = 200; // tokens before the window, strange ones underlined

  const shown = (item) => (typeof item.parts[0] === "string" && item.parts.length === 1 ? item.parts[0] : shownText([item]));
  const sign = (text) => text.length === 1 && text > "\x1f" && text !== "\x7f" ? text : text.replace(/[\0-\x08\n-\x1f\x7f]/g, (c) => (c === "\n" ? "↵\n" : seen(c)));

  function firstPrompt({ model }) {
    return PROMPTS.find((text) => model.encode(text).every((n) => n >= 0))
      ?? model.tokenizer.decode([0]);
  }

  /* prompt: what to begin with, or undefined.
     Returns the elements, and how to begin again. */
  function makeText(reading, prompt) {
    const id = unique("prompt");
    const field = el("textarea", {
      id, rows: 2, spellcheck: "false", autocomplete: "off",
      oninput: soon, onchange: settle,
    });
    field.value = prompt ?? firstPrompt(reading);

    let wait = null;
    /* Read the prompt as it stands in the field. changes: as Reading.begin. */
    function begin(changes) {
      clearTimeout(wait);
      wait = null;
      reading.begin(field.value, changes);
    }
    function soon() {
      clearTimeout(wait);
      wait = setTimeout(() => begin(), REST);
    }
    /* Whatever was typed is read before anything is done with it. */
    function settle() {
      if (wait !== null) begin();
    }

    const unknown = el("p", { class: "tg-note", role: "status" });
    const sizes = el("p", { class: "tg-small" });
    const layout = makeLayout(reading);
    reading.on("begin", () => {
      if (wait === null && field.value !== reading.prompt) field.value = reading.prompt;
      sayUnknown();
      sizes.textContent = reading.unit === "character" ? "" : saySizes();
    });

    /* How the prompt is cut. */
    function saySizes() {
      const { prompt, given, unit } = reading;
      const bytes = new TextEncoder().encode(prompt).length;
      const tokens = unit === "byte" ? "" : ` and ${count(given, unit)}`;
      return `The prompt: ${count(Array.from(prompt).length, "character")}, ${count(bytes, "byte")}${tokens}.`;
    }

    function sayUnknown() {
      const strange = reading.items.filter((item) => item.id < 0);
      const names = [...new Set(strange.map(shown))].slice(0, 8)
        .map((c) => `${seen(c)} (${codeOf(c)})`);
      const known = reading.tokenizer.size;
      unknown.textContent = names.length
        ? `The model never saw ${names.join(", ")}: it has a number only for `
          + `the ${known} characters of its corpus, so what is underlined `
          + "here is left out."
        : reading.items.length
          ? ""
          : "The prompt is empty: type at least one character.";
    }

    // ---------------------------------------- the text before this one

    const lost = el("p", { class: "tg-lost", role: "status" });
    const back = button("Bring back", () => {
      reading.bringBack();
      layout.focus(); // the button may be gone
    });
    reading.on("begin", () => {
      const howMany = reading.lost?.written.length ?? 0;
      lost.replaceChildren(...(howMany
        ? [`Put aside: the ${count(howMany, reading.unit)} that stood after the prompt. `, back]
        : []));
    });

    // ------------------------------------------ the chosen position

    const position = slider({
      label: "look at position", min: 1, max: 1, step: 1, value: 1,
      say: (n) => (reading.window.length
        ? `${n}: ${reading.nameAt(n - 1)}`
        : "–"),
      change: (n) => reading.choose(n - 1),
    });
    reading.on("chosen", () => {
      const { length } = reading.window;
      position.set(reading.chosen + 1, { max: Math.max(1, length) });
      position.input.disabled = !length;
    });

    // ---------------------------------------------- what it looks at

    const looks = el("p", { class: "tg-caption" });
    reading.on("look", () => {
      const t = reading.looking;
      looks.textContent = t < 0 ? "" : sayLooks(t);
    });

    function sayLooks(t) {
      const row = Array.from({ length: t + 1 }, (_, s) => s)
        .sort((a, b) => reading.weight(t, b) - reading.weight(t, a));
      const best = row.slice(0, 4).map((s) =>
        `${quote(reading.nameAt(s))} (${s + 1}) `
        + percent(reading.weight(t, s)));
      return `Head ${reading.head + 1} of layer ${reading.layer + 1}: `
        + `${quote(reading.nameAt(t))} at position ${t + 1} looks at `
        + `${best.join(", ")}.`;
    }

    return {
      begin, settle,
      toEnd: () => { layout.scrollTop = layout.scrollHeight; },
      prompt: el("div", { class: "tg-field" },
        el("label", { for: id }, "Prompt"), field, sizes),
      unknown, lost,
      text: layout,
      position: el("div", { class: "tg-position" }, position.element, looks),
    };
  }

  /* The text in elements. A token of the model's window has a span of its
     own, to be shaded and chosen; what lies before the window, and strange
     characters in a row, share one, so that a long text costs little more
     than a short one. */
  function makeLayout(reading) {
    const text = el("div", {
      class: reading.unit === "token" ? "tg-text tg-pieces" : "tg-text", tabindex: 0, role: "region", "aria-label": "The text",
    });
    const spans = new Map(); // by place in reading.items: those of the window
    const given = (n) => (n < reading.given ? "tg-given" : "");

    function append(n) {
      const span = el("span", { class: given(n) });
      fill(span, n);
      spans.set(n, span);
      span.tgPlace = n;
      text.append(span);
    }

    /* Bytes are a chip of their own, or a mark before the character that has
       come of them. */
    function fill(span, n) {
      const { parts } = reading.items[n];
      span.replaceChildren(...parts.map((part) =>
        (part.bytes ? el("i", { class: ["tg-bytes", ...FATES[part.fate]].join(" ") }, shownPart(part)) : sign(part))));
      span.classList.toggle("tg-break", parts[0] === "\n");
    }

    /* How a character is drawn that shares its span. */
    function looksOf(n, first) {
      const far = n < first - MARKED;
      return reading.items[n].id < 0 && !far ? "tg-unknown" : `tg-outside ${far ? "" : given(n)}`.trim();
    }

    reading.on("begin", () => {
      spans.clear();
      text.replaceChildren();
      const { items, window } = reading, first = window[0] ?? items.length;
      let run = "", looks = null;
      const close = () => run && text.append(el("span", { class: looks }, run));
      items.forEach((item, n) => {
        const own = n >= first && item.id >= 0, next = own ? null : looksOf(n, first);
        if (next !== looks) (close(), (run = ""), (looks = next));
        if (own) append(n);
        else run += sign(shown(item));
      });
      close();
    });

    reading.on("add", () => {
      const last = reading.items.length - 1;
      for (let n = Math.max(0, last - MOST_BYTES + 1); n < last; n++)
        if (spans.has(n) && reading.items[n].parts.some((part) => part.bytes)) fill(spans.get(n), n); // a character now, perhaps
      append(last);
      for (const n of spans.keys()) {
        if (n >= reading.window[0]) break;
        leave(n);
      }
    });

    /* A character that the window has left joins those before it. */
    function leave(n) {
      const span = spans.get(n), before = span.previousSibling, looks = looksOf(n, n);
      spans.delete(n);
      span.replaceChildren(document.createTextNode(span.textContent));
      if (before?.className === looks) {
        before.lastChild.appendData(span.textContent);
        span.remove();
      } else {
        span.className = looks;
        span.removeAttribute("style");
        delete span.tgPlace;
      }
    }

    /* Shade each character by how much position t looks at it. */
    reading.on("look", () => {
      const t = reading.looking;
      reading.window.forEach((n, s) => {
        const span = spans.get(n), share = s <= t ? reading.weight(t, s) : 0;
        span.style.setProperty("--tg-share", `${Math.round(85 * share)}%`);
        span.classList.toggle("tg-looking", s === t);
      });
    });

    const placeIn = (event) => {
      const span = event.target.closest?.("span");
      return span && span.tgPlace !== undefined
        ? reading.window.indexOf(span.tgPlace)
        : -1;
    };
    text.addEventListener("pointerover", (event) => {
      const n = placeIn(event);
      if (n >= 0 && !reading.running) reading.look(n);
    });
    text.addEventListener("pointerleave", () => {
      if (!reading.running) reading.look(reading.chosen);
    });
    text.addEventListener("click", (event) => {
      const n = placeIn(event);
      if (n >= 0) reading.choose(n);
    });
    return text;
  }

  root.tutorgpt.makeText = makeText;
})(globalThis);
