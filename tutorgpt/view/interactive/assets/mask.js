/* Which characters a head reads at each position, with the causal mask and
   without it. The scores are those of two trained heads: mask_scores.js. */
(function (root) {
  "use strict";
  const { figure, maskScores, parts: { svg, radios, seen, said, percent }, figures } = root.tutorgpt;
  const { WIDE, NARROW, clamp, range, softmax, set, text, box, sheet } = figures;

  const WORDS = [...maskScores.words], T = WORDS.length;

  /* Each position's weights; with the mask a later one has none. */
  function weights(masked) {
    const scores = maskScores.scores[masked ? "with" : "without"];
    return scores.map((row, t) => softmax(row.map((score, s) => (masked && s > t ? -Infinity : score))));
  }
  const BOTH = [weights(false), weights(true)];

  function make(options, redraw, start) {
    const state = start({ row: clamp(Math.round(options.row ?? 9) - 1, 0, T - 1), mask: true });
    const mask = radios("The head was trained", ["with the causal mask", "without it"], (n) => ((state.mask = n === 0), redraw()), state.mask ? 0 : 1);

    function draw(narrow) {
      const cell = narrow ? 20 : 22, width = narrow ? NARROW : WIDE;
      const left = (width - T * cell) / 2 + 12, top = 116, low = 84;
      const drawing = sheet(width, top + T * cell + 10);
      const heading = text("", left, 16, "tg-f-strong");
      drawing.append(heading);
      const columns = WORDS.map((character, s) => {
        const x = left + s * cell;
        const made = { x, bar: box(x + 3, low, cell - 6, 0, "tg-f-bar"), name: text(seen(character), x + cell / 2, low + 20, "tg-f-mid tg-f-mono") };
        drawing.append(made.bar, made.name);
        return made;
      });
      drawing.append(figures.line(left, low, left + T * cell, low, "tg-f-axis"));
      const map = svg("g", { class: "tg-f-map", tabindex: 0, role: "slider", "aria-label": "position that reads", "aria-orientation": "vertical", "aria-valuemin": 1, "aria-valuemax": T });
      const squares = (are) => range(T * T, (n) => [Math.floor(n / T), n % T]).filter(([t, s]) => are(t, s))
        .map(([t, s]) => `M${left + s * cell} ${top + t * cell}h${cell - 1}v${cell - 1}h${1 - cell}z`).join("");
      const past = svg("path", { class: "tg-f-cell", d: squares((t, s) => s <= t) });
      const future = svg("path", { d: squares((t, s) => s > t) });
      map.append(box(left - 24, top, T * cell + 24, T * cell, "tg-f-grip"), past, future);
      const rows = WORDS.map((character, t) => {
        const y = top + t * cell, name = text(seen(character), left - 12, y + cell / 2 + 4, "tg-f-mid tg-f-mono");
        const cells = range(T, (s) => box(left + s * cell, y, cell - 1, cell - 1, "tg-f-bar"));
        map.append(name, ...cells);
        return { name, cells, y };
      });
      const mark = box(left - 2, 0, T * cell + 3, cell + 3, "tg-f-mark");
      map.append(mark);
      drawing.append(map);

      const choose = (row) => {
        if (!Number.isFinite(row) || clamp(row, 0, T - 1) === state.row) return;
        state.row = clamp(row, 0, T - 1);
        redraw();
      };
      const under = (event) => {
        const frame = drawing.getBoundingClientRect();
        if (frame.height) choose(Math.floor((((event.clientY - frame.top) / frame.height) * drawing.viewBox.baseVal.height - top) / cell));
      };
      // A finger taps a row, and scrolls the page as everywhere else.
      map.addEventListener("pointermove", (event) => event.pointerType === "mouse" && under(event));
      map.addEventListener("pointerdown", under);
      map.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const to = { ArrowDown: state.row + 1, ArrowRight: state.row + 1, ArrowUp: state.row - 1, ArrowLeft: state.row - 1, PageDown: state.row + 5, PageUp: state.row - 5, Home: 0, End: T - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        choose(to);
      });

      function update() {
        const all = BOTH[Number(state.mask)], own = all[state.row], last = state.row === T - 1;
        const order = range(T, (s) => s).sort((a, b) => own[b] - own[a]).slice(0, 3).filter((s) => own[s] >= 0.005);
        const ahead = own.slice(state.row + 1).reduce((sum, w) => sum + w, 0);
        rows.forEach(({ cells, name }, t) => {
          name.classList.toggle("tg-f-chosen", t === state.row);
          cells.forEach((weight, s) => weight.setAttribute("fill-opacity", figures.near(all[t][s])));
        });
        future.setAttribute("class", `tg-f-cell${state.mask ? " tg-f-hidden" : ""}`);
        columns.forEach(({ bar, name }, s) => {
          set(bar, { y: low - 56 * own[s], height: 56 * own[s] });
          bar.classList.toggle("tg-f-right", s > state.row);
          name.classList.toggle("tg-f-chosen", s === state.row);
        });
        set(mark, { y: rows[state.row].y - 2 });
        const reads = order.map((s) => `${said(WORDS[s])} (${s + 1}) ${percent(own[s])}`).join(", ");
        map.setAttribute("aria-valuenow", state.row + 1);
        map.setAttribute("aria-valuetext", `${state.row + 1}, ${said(WORDS[state.row])}, reads ${reads}`);
        heading.textContent = `Position ${state.row + 1} reads`;
        const next = last ? "" : ` It has to predict ‘${seen(WORDS[state.row + 1])}’`;
        return {
          numbers: order.map((s) => [`‘${seen(WORDS[s])}’ at ${s + 1}`, percent(own[s])]),
          says: last ? "The last position has nothing after it to read."
            : state.mask ? `${next.trim()}, which it cannot see: every weight after position ${state.row + 1} is 0.`
            : `${next.trim()}, and spends ${percent(ahead)} of its weight on what comes after it, ${percent(own[state.row + 1])} on that very character.`,
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [mask] };
  }

  Object.assign(make, { weights });
  figure("mask", make);
})(globalThis);
