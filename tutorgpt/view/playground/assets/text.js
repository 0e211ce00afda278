/* The text: the prompt, what was written after it, and how much each of its
   characters is looked at. */
(function (root) {
  "use strict";
  const { el, seen, quote, percent, unique, slider } = root.tutorgpt.parts;

  const PROMPTS = ["ROMEO:\n", "明月", "The ", "\n"];

  function firstPrompt({ model }) {
    return PROMPTS.find((text) => model.encode(text).every((n) => n >= 0))
      ?? model.characters[0];
  }

  const codeOf = (c) =>
    `U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

  /* prompt: what to begin with, or undefined.
     Returns the elements, and how to begin again. */
  function makeText(reading, prompt) {
    const begin = () => reading.begin(field.value);
    const id = unique("prompt");
    const field = el("textarea", {
      id, rows: 2, spellcheck: "false", autocomplete: "off", oninput: begin,
    });
    field.value = prompt ?? firstPrompt(reading);
    const unknown = el("p", { class: "tg-note", role: "status" });
    const text = el("div", {
      class: "tg-text", tabindex: 0, role: "region", "aria-label": "The text",
    });
    const spans = []; // one for each of reading.items

    function append({ c, id }, given) {
      const name = id < 0 ? "tg-unknown" : given ? "tg-given" : false;
      const span = el("span", { class: name }, c === "\n" ? "↵\n" : c);
      if (c === "\n") span.classList.add("tg-break");
      span.tgPlace = spans.push(span) - 1;
      text.append(span);
    }

    reading.on("begin", () => {
      spans.length = 0;
      text.replaceChildren();
      for (const item of reading.items) append(item, true);
      sayUnknown();
    });
    reading.on("add", () => append(reading.items.at(-1), false));

    function sayUnknown() {
      const strange = reading.items.filter((item) => item.id < 0);
      const names = [...new Set(strange.map(({ c }) => c))].slice(0, 8)
        .map((c) => `${seen(c)} (${codeOf(c)})`);
      const known = reading.model.characters.length;
      unknown.textContent = names.length
        ? `The model never saw ${names.join(", ")}: it has a number only for `
          + `the ${known} characters of its corpus, so what is underlined `
          + "here is left out."
        : reading.items.length
          ? ""
          : "The prompt is empty: type at least one character.";
    }

    // ------------------------------------------ the chosen position

    const position = slider({
      label: "look at position", min: 1, max: 1, step: 1, value: 1,
      say: (n) => (reading.window.length
        ? `${n}: ${seen(reading.character(n - 1) ?? "")}`
        : "–"),
      change: (n) => reading.choose(n - 1),
    });
    reading.on("chosen", () => {
      const { length } = reading.window;
      position.set(reading.chosen + 1, { max: Math.max(1, length) });
      position.input.disabled = !length;
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

    // ---------------------------------------------- what it looks at

    const looks = el("p", { class: "tg-caption" });

    /* Shade each character by how much position t looks at it. */
    reading.on("look", () => {
      const t = reading.looking;
      const places = new Map(reading.window.map((n, s) => [n, s]));
      spans.forEach((span, n) => {
        const s = places.get(n);
        const share = s !== undefined && s <= t ? reading.weight(t, s) : 0;
        const outside = s === undefined && reading.items[n].id >= 0;
        span.style.setProperty("--tg-share", `${Math.round(85 * share)}%`);
        span.classList.toggle("tg-looking", s === t && t >= 0);
        span.classList.toggle("tg-outside", outside);
      });
      looks.textContent = t < 0 ? "" : sayLooks(t);
    });

    function sayLooks(t) {
      const row = Array.from({ length: t + 1 }, (_, s) => s)
        .sort((a, b) => reading.weight(t, b) - reading.weight(t, a));
      const best = row.slice(0, 4).map((s) =>
        `${quote(reading.character(s))} (${s + 1}) `
        + percent(reading.weight(t, s)));
      return `Head ${reading.head + 1} of layer ${reading.layer + 1}: `
        + `${quote(reading.character(t))} at position ${t + 1} looks at `
        + `${best.join(", ")}.`;
    }

    return {
      begin,
      toEnd: () => { text.scrollTop = text.scrollHeight; },
      prompt: el("div", { class: "tg-field" },
        el("label", { for: id }, "Prompt"), field),
      unknown,
      text,
      position: el("div", { class: "tg-position" }, position.element, looks),
    };
  }

  root.tutorgpt.makeText = makeText;
})(globalThis);
