/* A signal up through twelve layers, and a gradient back down, with and without
   the residual path and a norm. */
(function (root) {
  "use strict";
  const { figure, normalNumbers, parts: { svg, slider, checkbox, button, el }, figures } = root.tutorgpt;
  const { WIDE, NARROW, clamp, range, fixed, text, sheet, field } = figures;

  const LAYERS = 12, C = 24, TOKENS = 8, EPS = 1e-5;
  const LOW = -8, HIGH = 8; // powers of ten that are shown

  /* Matrices are lists of rows. (n, m) @ (m, k), and by the transpose. */
  const times = (a, b) => a.map((row) => b[0].map((_, k) => row.reduce((sum, x, m) => sum + x * b[m][k], 0)));
  const timesFlipped = (a, b) => a.map((row) => b.map((other) => row.reduce((sum, x, m) => sum + x * other[m], 0)));
  const plus = (a, b) => a.map((row, n) => row.map((x, m) => x + b[n][m]));
  const size = (a) => Math.sqrt(a.flat().reduce((sum, x) => sum + x * x, 0) / a.flat().length);

  /* Weights, a signal and a gradient for its end, all normal. The weights are
     divided by √C, so that the scale 1 keeps a Linear's output as large as its
     input. */
  function drawAll(seed) {
    const numbers = normalNumbers((2 * LAYERS * C + 2 * TOKENS) * C, seed);
    let used = 0;
    const matrix = (rows, by) => range(rows, () => range(C, () => numbers[used++] / by));
    return {
      weights: range(LAYERS, () => [matrix(C, Math.sqrt(C)), matrix(C, Math.sqrt(C))]),
      signal: matrix(TOKENS, 1), gradient: matrix(TOKENS, 1),
    };
  }

  const mean = (row) => row.reduce((a, b) => a + b, 0) / row.length;
  const deviation = (row) => Math.sqrt(mean(row.map((x) => (x - mean(row)) ** 2)) + EPS);
  const normed = (row) => row.map((x) => (x - mean(row)) / deviation(row));

  /* The gradient of a normed row, taken back to the row. */
  function normBack(row, gradient) {
    const out = normed(row), along = mean(gradient.map((g, n) => g * out[n]));
    return gradient.map((g, n) => (g - mean(gradient) - out[n] * along) / deviation(row));
  }

  /* The cosine of two signals: 1 if they point the same way, about 0 if not. */
  const likeness = (a, b) => mean(a.flatMap((row, n) => row.map((x, m) => x * b[n][m]))) / (size(a) * size(b));

  /* How large the signal is after each layer, and the gradient before each:
     one layer is relu(x A) B of the signal or its norm, added to it or not.
     like: how much the signal at the end is like that at the start. */
  function compute({ weights, signal, gradient }, { scale, path, norm }) {
    const kept = [];
    let x = signal;
    const forward = [size(x)];
    for (const [A, B] of weights) {
      const read = norm ? x.map(normed) : x;
      const hidden = times(read, A).map((row) => row.map((h) => scale * h));
      const out = times(hidden.map((row) => row.map((h) => Math.max(0, h))), B).map((row) => row.map((o) => scale * o));
      kept.push({ x, hidden });
      x = path ? plus(x, out) : out;
      forward.push(size(x));
    }
    let g = gradient;
    const backward = [size(g)];
    for (let layer = weights.length - 1; layer >= 0; layer--) {
      const [A, B] = weights[layer], { x, hidden } = kept[layer];
      const atHidden = timesFlipped(g, B).map((row, t) => row.map((v, n) => (hidden[t][n] > 0 ? scale * v : 0)));
      let back = timesFlipped(atHidden, A).map((row) => row.map((v) => scale * v));
      if (norm) back = back.map((row, t) => normBack(x[t], row));
      g = path ? plus(g, back) : back;
      backward.unshift(size(g));
    }
    return { forward, backward, like: likeness(signal, x) };
  }

  const SAYS = [
    "Each layer multiplies the size of what it gets, up and down.",
    "The path passes the signal on, so nothing vanishes. Large weights still make it explode.",
    "The norm keeps the sizes, but the top is hardly like the input any more.",
    "With both, nothing vanishes or explodes, and with small weights the top is still like the input.",
  ];

  function make(options, redraw, start) {
    const state = start({ seed: 1, scale: options.scale ?? 0.7, path: false, norm: false });
    let drawn = drawAll(state.seed);
    const scale = slider({
      label: "weights' scale", min: 0.2, max: 3, step: 0.05, value: state.scale,
      say: (value) => value.toFixed(2), change: (value) => ((state.scale = value), redraw()),
    });
    const path = checkbox("residual path: x + f(x)", (on) => ((state.path = on), redraw()), state.path);
    const norm = checkbox("norm before each layer", (on) => ((state.norm = on), redraw()), state.norm);
    const again = button("Other random weights", () => ((drawn = drawAll(++state.seed)), redraw()));

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 470] : [WIDE, 270];
      const drawing = sheet(width, height);
      const places = narrow ? [[48, 48, width - 12, 196], [48, 278, width - 12, 426]] : [[48, 48, 312, 226], [366, 48, 630, 226]];
      const panels = places.map((at, n) => {
        const plane = field(drawing, at, {
          x: { low: 0, high: LAYERS, name: "layer", marks: [0, 3, 6, 9, 12] },
          y: { low: LOW, high: HIGH, marks: [-8, -4, 0, 4, 8], write: (v) => (v === 0 ? "1" : `1e${v}`) },
        });
        const [plain, line] = ["tg-f-third", n ? "tg-f-second tg-f-thick" : "tg-f-curve"].map((looks) => svg("path", { class: looks }));
        const dot = svg("circle", { class: `tg-f-end-dot${n ? " tg-f-warm" : ""}`, r: 5 });
        plane.inside.append(plain, line);
        const value = text("", at[2], at[1] - 8, "tg-f-end tg-f-quiet");
        drawing.append(dot, text("dashed: neither path nor norm", at[0] + 8, at[3] - 8, "tg-f-quiet"), text(n ? "← gradient, down from layer 12" : "signal, up from layer 0 →", at[0], at[1] - 28, "tg-f-strong"), value);
        return { plane, plain, line, dot, value };
      });
      const tens = (x) => clamp(x > 0 ? Math.log10(x) : -Infinity, LOW - 1, HIGH + 1);

      function update() {
        const now = compute(drawn, state), neither = compute(drawn, { ...state, path: false, norm: false });
        const show = ["forward", "backward"].map((way, n) => {
          const { plane, plain, line, dot, value } = panels[n], sizes = now[way];
          const pairs = (list) => list.map((x, layer) => [layer, tens(x)]);
          plain.setAttribute("d", plane.path(pairs(neither[way])));
          line.setAttribute("d", plane.path(pairs(sizes)));
          const end = n ? 0 : LAYERS, factor = n ? sizes[0] / sizes[LAYERS] : sizes[LAYERS] / sizes[0];
          figures.set(dot, { cx: plane.x(end), cy: plane.y(clamp(tens(sizes[end]), LOW, HIGH)) });
          value.textContent = `× ${power(factor)} in twelve layers`;
          return factor;
        });
        return {
          numbers: [["signal after layer 12: ×", power(show[0])], ["gradient at layer 0: ×", power(show[1])], ["likeness of top and input", fixed(now.like)]],
          says: SAYS[Number(state.path) + 2 * Number(state.norm)],
        };
      }
      return { drawing, update };
    }
    const choices = el("div", { class: "tg-line" }, path.element, norm.element, again);
    return { draw, controls: [choices, scale.element] };
  }

  /* A number that may be tiny or huge, as people write it. */
  const power = (x) => (x >= 0.01 && x < 1000 ? fixed(x) : Number.isFinite(x) ? x.toExponential(1).replace("e+", "e").replace("-", "−") : "∞");

  Object.assign(make, { drawAll, compute });
  figure("path", make);
})(globalThis);
