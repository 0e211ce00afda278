/* Small parts that the playground and the interactive figures are made of. Text
   from a prompt or a corpus becomes a text node, never HTML. */
(function (root) {
  "use strict";

  /* An element; attributes that begin with "on" are event handlers. */
  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  /* The same in a drawing. */
  function svg(tag, attributes = {}, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  /* Lets a part of a drawing follow a mouse, a pen or a finger. It hands on
     where the pointer is, in the drawing's own units; beyond its edge, too. */
  function drag(part, drawing, moved) {
    // Browsers do not all heed touch-action inside of a drawing.
    part.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    part.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      part.focus({ preventScroll: true });
      part.setPointerCapture(event.pointerId);
    });
    part.addEventListener("pointermove", (event) => {
      if (!part.hasPointerCapture(event.pointerId)) return;
      const box = drawing.getBoundingClientRect(), { width, height } = drawing.viewBox.baseVal;
      if (!box.width || !box.height) return;
      moved(((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
    });
  }

  /* How a text is written where blanks must be seen; what else cannot be seen
     is its number, and a sign that stands on a letter gets a circle. */
  const SEEN = { "\n": "↵", " ": "␣", "\t": "⇥", "\r": "␍" };
  const codeOf = (c) => `U+${hex(c.codePointAt(0), 4)}`;
  const seen = (text) => text.replace(/^\p{M}/u, "◌$&")
    .replace(/[\p{C}\p{Z}]/gu, (c) => SEEN[c] ?? (c < "\x80" ? hexadecimal([c.charCodeAt(0)]) : `⟨${codeOf(c)}⟩`));
  const quote = (name) => `‘${name}’`;

  /* How it is read aloud. */
  const SAID = { "\n": "line break", " ": "space", "\t": "tab", "\r": "carriage return" };
  const said = (text) => text.replace(/[\n \t\r]/g, (c) => ` ${SAID[c]} `).trim();

  /* Bytes that are no whole character. */
  const hex = (number, digits) => number.toString(16).toUpperCase().padStart(digits, "0");
  const hexadecimal = (bytes) => `⟨${bytes.map((byte) => hex(byte, 2)).join(" ")}⟩`;

  /* What a part of a token shows, as tokenizer.js says, or several tokens.
     Bytes that were joined are shown by the character that they became. */
  const shownPart = (part) => (part.bytes ? (part.fate === "joined" ? "" : hexadecimal(part.bytes)) : part);
  const shownText = (items) => items.flatMap(({ parts }) => parts.map(shownPart)).join("");

  const percent = (share) => (share >= 0.0995 ? (100 * share).toFixed(0) : (100 * share).toFixed(1)) + " %";
  const short = (number) => {
    const text = number.toFixed(2);
    return (text === "-0.00" ? "0.00" : text).replace("-", "−");
  };

  const count = (howMany, what) => `${howMany.toLocaleString("en")} ${what}${howMany === 1 ? "" : "s"}`;

  /* A notebook runs these scripts once a widget: all of them count on. */
  let last = 0;
  const unique = root.tutorgpt?.parts?.unique ?? ((name) => `tg-${name}-${++last}`);

  /* A labelled slider that says its value beside it. */
  function slider({ label, min, max, step, value, say, change, note }) {
    const id = unique("slider");
    const out = el("output", { for: id });
    const input = el("input", { type: "range", id, min, max, step, value, title: note });
    const show = () => {
      out.textContent = say(Number(input.value));
      input.setAttribute("aria-valuetext", out.textContent);
    };
    input.addEventListener("input", () => (show(), change(Number(input.value))));
    show();
    return {
      element: el("div", { class: "tg-slider" }, el("label", { for: id }, label), input, out),
      input,
      set(next, limits = {}) {
        Object.assign(input, limits);
        input.value = next;
        show();
      },
    };
  }

  function select(label, choices, change) {
    const id = unique("select");
    const input = el("select", { id, onchange: () => change(Number(input.value)) },
      ...choices.map((text, n) => el("option", { value: n }, text)));
    return el("span", { class: "tg-select" }, el("label", { for: id }, label), input);
  }

  function checkbox(label, change, checked = false) {
    const id = unique("check");
    const input = el("input", { type: "checkbox", id, checked, onchange: () => change(input.checked) });
    return { element: el("span", { class: "tg-check" }, input, el("label", { for: id }, label)), input };
  }

  /* One of a few, side by side. */
  function radios(legend, choices, change, chosen = 0) {
    const name = unique("radio");
    return el("fieldset", { class: "tg-line" }, el("legend", {}, legend),
      ...choices.map((text, n) => {
        const id = unique("radio");
        return el("span", { class: "tg-check" },
          el("input", { type: "radio", name, id, checked: n === chosen, onchange: () => change(n) }),
          el("label", { for: id }, text));
      }));
  }

  function button(text, press, attributes = {}) {
    const isOn = () => made.getAttribute("aria-disabled") !== "true";
    const made = el("button", { type: "button", class: "tg-button", onclick: (event) => isOn() && press(event), ...attributes }, text);
    return made;
  }

  /* Whether a button does anything now. One that is off keeps the focus:
     `disabled` would throw it away. */
  function enable(button, on) {
    button.setAttribute("aria-disabled", String(!on));
  }

  /* A box that scrolls sideways, by keyboard too, and says so when it does. */
  function scroller(name) {
    const box = el("div", { class: "tg-scroll", tabindex: 0, role: "region", "aria-label": name });
    const hint = el("p", { class: "tg-small", hidden: true }, "More columns to the side: scroll the table.");
    new ResizeObserver(() => (hint.hidden = box.scrollWidth <= box.clientWidth + 1)).observe(box);
    return {
      box,
      element: el("div", { class: "tg-scroller" }, box, hint),
      show(...children) {
        box.replaceChildren(...children);
        hint.hidden = box.scrollWidth <= box.clientWidth + 1;
      },
    };
  }

  /* Ten bars, made once and changed in place. */
  function bars(rows = 10) {
    const list = el("ol", { class: "tg-bars" });
    const made = Array.from({ length: rows }, () => {
      const row = {
        name: el("span", { class: "tg-char" }),
        fill: el("span", { class: "tg-fill" }),
        before: el("span", { class: "tg-before" }),
        value: el("span", { class: "tg-value" }),
      };
      const track = el("span", { class: "tg-track", "aria-hidden": "true" }, row.fill, row.before);
      row.item = el("li", {}, row.name, track, row.value);
      list.append(row.item);
      return row;
    });
    return {
      element: list,
      /* entries: [{name, said, share, cut, before}] */
      show(entries) {
        made.forEach((row, n) => {
          const entry = entries[n];
          row.item.hidden = !entry;
          if (!entry) return;
          row.name.textContent = entry.name;
          row.name.setAttribute("aria-label", entry.said);
          row.name.setAttribute("role", "img");
          row.fill.style.width = `${100 * entry.share}%`;
          row.before.hidden = entry.before == null;
          row.before.style.left = `${100 * (entry.before ?? 0)}%`;
          row.value.textContent = entry.cut ? "left out" : percent(entry.share);
          row.item.classList.toggle("tg-cut", entry.cut);
        });
      },
    };
  }

  const SMALLEST = 8; // pixels of the letters on a map
  const LONGEST = 8; // characters of its labels
  const shortened = (name) => {
    const all = Array.from(name);
    return all.length > LONGEST ? `${all.slice(0, LONGEST - 1).join("")}…` : name;
  };

  /* Attention as a square of cells, labelled with the tokens' names. Where
     they are longer than a character they stand upright above the columns. */
  function heatMap(canvas, { names, weight, first, chosen }) {
    const style = getComputedStyle(canvas);
    const [ink, accent, faint, mono] = ["ink", "accent", "faint", "mono"].map((name) => style.getPropertyValue(`--tg-${name}`));
    const size = names.length - first;
    const room = Math.min(canvas.parentElement.clientWidth || 320, 520);
    const g = canvas.getContext("2d");
    const labels = names.slice(first).map(shortened), long = labels.some((label) => Array.from(label).length > 1);
    g.font = `${SMALLEST}px ${mono}`;
    const widest = Math.max(...labels.map((label) => g.measureText(label).width)) / SMALLEST;
    const cell = Math.max(8, Math.min(26, Math.floor(room / (size + (long ? widest + 0.7 : 1.5)))));
    const letters = Math.max(SMALLEST, cell * 0.62);
    const strip = long ? (widest * letters) / cell + 0.6 : 1.4; // of labels, in cells
    const side = Math.ceil(cell * (size + strip + 0.1)), scale = root.devicePixelRatio || 1;
    Object.assign(canvas, { width: side * scale, height: side * scale });
    canvas.style.width = canvas.style.height = `${side}px`;
    g.scale(scale, scale);
    g.font = `${letters}px ${mono}`;
    g.textAlign = long ? "right" : "center";
    g.textBaseline = "middle";
    let top = 0;
    for (let t = first; t < names.length; t++) for (let s = first; s <= t; s++) top = Math.max(top, weight(t, s));
    const edge = cell * strip, near = edge - cell * (long ? 0.3 : 0.7);
    for (let t = 0; t < size; t++) {
      g.globalAlpha = 1;
      g.fillStyle = first + t === chosen ? accent : ink;
      g.fillText(labels[t], near, edge + (t + 0.5) * cell);
      g.fillStyle = ink;
      above(labels[t], edge + (t + 0.5) * cell);
      for (let s = 0; s <= t; s++) {
        const x = edge + s * cell, y = edge + t * cell;
        g.globalAlpha = 1;
        g.fillStyle = faint;
        g.fillRect(x, y, cell - 1, cell - 1);
        g.globalAlpha = top ? weight(first + t, first + s) / top : 0;
        g.fillStyle = accent;
        g.fillRect(x, y, cell - 1, cell - 1);
      }
    }
    /* A label over a column; a long one reads downwards. */
    function above(label, x) {
      if (!long) return g.fillText(label, x, near);
      g.save();
      g.translate(x, near);
      g.rotate(Math.PI / 2);
      g.fillText(label, 0, 0);
      g.restore();
    }
    g.globalAlpha = 1;
    if (chosen >= first) {
      g.strokeStyle = ink;
      g.strokeRect(edge - 0.5, edge + (chosen - first) * cell - 0.5, cell * (chosen - first + 1), cell);
    }
    return { cell, edge, top };
  }

  function table(head, rows, attributes = {}) {
    return el("table", { class: "tg-table", ...attributes },
      el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows.map(([name, ...cells]) =>
        el("tr", {}, el("th", { scope: "row" }, name), ...cells.map((cell) => el("td", {}, cell))))));
  }

  function fail(place, error) {
    place.replaceChildren(el("p", { class: "tg-error", role: "alert" }, `This cannot be shown: ${error.message}.`));
  }

  /* Calls back when the page's colours change; returns how to end it. */
  function onColours(callback) {
    const watch = new MutationObserver(callback);
    for (const node of [document.documentElement, document.body])
      watch.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
    const system = root.matchMedia?.("(prefers-color-scheme: dark)");
    system?.addEventListener("change", callback);
    return () => {
      watch.disconnect();
      system?.removeEventListener("change", callback);
    };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, {
    parts: { el, svg, drag, codeOf, seen, quote, said, hexadecimal, shownPart, shownText, percent, short, count, unique, slider, select, checkbox, radios, button, enable, bars, heatMap, scroller, table, fail, onColours },
  });
})(globalThis);
