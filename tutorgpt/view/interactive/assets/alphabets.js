/* A text that the reader types, cut into characters, bytes and byte pairs: a
   box for each token, in three rows that stand below each other byte by byte.
   scripts/records/alphabets.py learned the alphabets from the plays. */
(function (root) {
  "use strict";
  const { figure, playAlphabets, splitWords, TOKENIZERS, parts: { el, svg, seen, said, quote, unique }, figures } = root.tutorgpt;
  const { WIDE, NARROW, set, text, box, sheet } = figures;

  const START = "the king's café 雷";
  const MOST = 60; // characters of a text
  const NAMED = 4; // characters that are refused by name
  const LABELS = 72, BYTE = 28; // how wide the rows' names are, and a byte
  const GAP = 2, LETTER = 14, ASPECT = 0.62; // between boxes; of the letters in them
  const HEIGHTS = [42, 30, 42], BETWEEN = 6; // of the rows of a line
  const LINE = HEIGHTS.reduce((sum, height) => sum + height + BETWEEN, 0), APART = 14; // lines of a text

  const characters = new TOKENIZERS.characters(playAlphabets.characters);
  const bytes = new TOKENIZERS.bytes({});
  const pairs = new TOKENIZERS.pairs(playAlphabets["pairs:512"]);
  const sizeOf = (text) => new TextEncoder().encode(text).length;

  /* The text in three rows, {name, boxes}. A box is a token: how many bytes it
     has, what stands above its number, if anything, what is read aloud, and its
     kind: joined of several characters, refused by the alphabet, or lone, bytes
     that are no whole character. */
  function cut(text) {
    return [
      {
        name: "characters",
        boxes: Array.from(text, (c, n) => {
          const id = characters.encode(c)[0], known = id >= 0;
          return { id, size: sizeOf(c), above: seen(c), aloud: `${said(c)} ${known ? id : "refused"}`, kind: known ? "" : "refused" };
        }),
      },
      {
        name: "bytes",
        boxes: bytes.encode(text).map((id) => ({ id, size: 1, aloud: String(id), kind: bytes.whole[id] ? "" : "lone" })),
      },
      {
        name: "pairs:512",
        boxes: pairs.encode(text).map((id) => {
          const piece = pairs.whole[id]?.[0], size = pairs.spelled[id].length;
          if (piece !== undefined) return { id, size, above: seen(piece), aloud: `${said(piece)} ${id}`, kind: Array.from(piece).length > 1 ? "joined" : "" };
          const spelled = Array.from(pairs.spelled[id], (c) => c.charCodeAt(0)).join(" ");
          return { id, size, above: spelled, aloud: `byte ${spelled} ${id}`, kind: "lone" };
        }),
      },
    ];
  }

  /* After which bytes a line of the picture ends, so that it has room for it:
     after a word, or in one that is too long between two tokens. */
  function lineEnds(text, rows, room) {
    const after = (sizes) => sizes.map(((sum) => (size) => (sum += size))(0));
    const words = after(splitWords(text).map(sizeOf));
    const [some, ...others] = rows.map(({ boxes }) => after(boxes.map(({ size }) => size)));
    const all = others.map((row) => new Set(row)), shared = some.filter((end) => all.every((row) => row.has(end)));
    const ends = [];
    for (let from = 0; from < sizeOf(text); from = ends.at(-1)) {
      const last = (list) => list.findLast((end) => end > from && end <= from + room);
      ends.push(last(words) ?? last(shared));
    }
    return ends;
  }

  /* Why a text cannot be shown; undefined if it can. */
  function refusal(text) {
    const howMany = Array.from(text).length;
    if (howMany > MOST) return `The text has ${howMany} characters, and the picture takes at most ${MOST}: shorten it.`;
    if (/\p{Surrogate}/u.test(text)) return "The text holds half of a character, which no alphabet has: take it out.";
  }

  /* What is to be seen of it. */
  function verdict([own, , joined]) {
    const unknown = [...new Set(own.boxes.filter(({ kind }) => kind === "refused").map(({ above }) => quote(above)))];
    const more = unknown.length - NAMED;
    const list = new Intl.ListFormat("en").format(more > 1 ? [...unknown.slice(0, NAMED), `${more} others`] : unknown);
    const lone = joined.boxes.filter(({ kind }) => kind === "lone").length;
    return !own.boxes.length ? "An empty text is no token in any alphabet."
      : `${unknown.length ? `The plays lack ${list}, so an alphabet of their characters refuses the text` : "The plays have all of these characters"}. `
      + `Bytes and byte pairs take it${lone ? `; ${lone} of the ${joined.boxes.length} tokens of byte pairs are bytes that are no whole character` : ""}.`;
  }

  function make(options, redraw, start) {
    const state = start({ text: START });
    if (refusal(state.text)) state.text = START; // of another version
    let refused;
    const id = unique("text");
    const field = el("textarea", {
      id, rows: 2, spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      oninput: () => {
        refused = refusal(field.value);
        field.setAttribute("aria-invalid", String(Boolean(refused)));
        if (!refused) state.text = field.value;
        redraw();
      },
    });
    field.value = state.text;

    function draw(narrow) {
      const width = narrow ? NARROW : WIDE, room = Math.floor((width - LABELS) / BYTE);
      const drawing = sheet(width, 0), [paper] = drawing.children, lines = svg("g");
      drawing.append(lines);

      function update() {
        const rows = cut(state.text), ends = lineEnds(state.text, rows, room), many = Math.max(1, ends.length);
        const height = many * (LINE + APART) - APART;
        drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
        set(paper, { height });
        lines.replaceChildren(...Array.from({ length: many }, (_, n) =>
          drawLine(rows, ends[n - 1] ?? 0, ends[n] ?? 0, n * (LINE + APART))));
        return {
          numbers: rows.map(({ name, boxes }, n) => [n < 2 ? name : "tokens", String(boxes.length)]),
          says: refused ? `${refused} The picture still shows the text before.` : verdict(rows),
        };
      }
      return { drawing, update };
    }
    return { draw, before: [el("div", {}, el("label", { for: id }, "Your text"), field)] };
  }

  /* The three rows of the bytes from one place to another. */
  function drawLine(rows, from, to, top) {
    const line = svg("g");
    rows.forEach(({ name, boxes }, n) => {
      const height = HEIGHTS[n], y = top + HEIGHTS.slice(0, n).reduce((sum, other) => sum + other + BETWEEN, 0);
      const label = text(name, 0, y + height / 2 - (from ? -4 : 3), "tg-f-quiet");
      const row = svg("g", { role: "img" }, label), aloud = [];
      if (!from) row.append(text(String(boxes.length), 0, y + height / 2 + 14, "tg-f-strong"));
      let at = 0;
      for (const one of boxes) {
        if (at >= from && at < to) {
          row.append(...drawBox(one, LABELS + (at - from) * BYTE, y, height));
          aloud.push(one.aloud);
        }
        at += one.size;
      }
      row.setAttribute("aria-label", `${name}: ${aloud.join(", ")}`);
      line.append(row);
    });
    return line;
  }

  /* A token: its box, what it spells, and its number below. */
  function drawBox({ id, size, above, kind }, x, y, height) {
    const width = size * BYTE - GAP, middle = x + width / 2;
    const frame = set(box(x, y, width, height, `tg-f-token ${kind && `tg-f-${kind}`}`.trim()), { rx: 3 });
    const number = (at) => text(id < 0 ? "✕" : String(id), middle, at, `tg-f-mid tg-f-mono tg-f-number ${id < 0 ? "tg-f-warm" : ""}`.trim());
    if (above === undefined) return [frame, number(y + height / 2 + 4)];
    const piece = text(above, middle, y + 18, "tg-f-mid tg-f-mono tg-f-piece");
    piece.style.fontSize = `${figures.near(Math.min(LETTER, (width - 2) / (ASPECT * Array.from(above).length)))}px`;
    return [frame, piece, number(y + height - 8)];
  }

  Object.assign(make, { cut, START });
  figure("alphabets", make);
})(globalThis);
