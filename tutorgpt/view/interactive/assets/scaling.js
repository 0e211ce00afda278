/* Dot products of random vectors, and what softmax makes of them as the vectors
   grow, with and without the division by √D. */
(function (root) {
  "use strict";
  const { figure, normalNumbers, parts: { slider, button, percent }, figures } = root.tutorgpt;
  const { WIDE, NARROW, range, withOwn, fixed, softmax, entropy, set, text, box, sheet, field } = figures;

  const KEYS = 8, MOST = 1024, DRAWS = 50, FIRST = 97, POWERS = range(9, (n) => 2 ** (n + 2)); // 4 to 1024

  /* One query and its keys, MOST numbers each; a smaller D takes the first D. */
  const vectors = (seed) => {
    const numbers = normalNumbers((KEYS + 1) * MOST, seed);
    return range(KEYS + 1, (n) => numbers.subarray(n * MOST, (n + 1) * MOST));
  };

  function compute([query, ...keys], D) {
    const scores = keys.map((key) => {
      let sum = 0;
      for (let n = 0; n < D; n++) sum += query[n] * key[n];
      return sum;
    });
    const divided = scores.map((score) => score / Math.sqrt(D));
    return { scores, divided, plain: softmax(scores), scaled: softmax(divided) };
  }

  /* How many equal weights would be as even as these: e to their entropy. */
  const spreadOver = (shares) => Math.exp(entropy(shares));

  /* The largest weight, without and with the division: the mean of many draws. */
  const many = range(DRAWS, () => null), means = new Map();
  function meanLargest(D) {
    if (!means.has(D)) {
      const sums = [0, 0];
      for (let n = 0; n < DRAWS; n++) {
        many[n] ??= vectors(1000 + n);
        const { plain, scaled } = compute(many[n], D);
        sums[0] += Math.max(...plain) / DRAWS;
        sums[1] += Math.max(...scaled) / DRAWS;
      }
      means.set(D, sums);
    }
    return means.get(D);
  }

  function make(options, redraw, start) {
    const own = options.head_size ?? 64, SIZES = withOwn(POWERS, own);
    const state = start({ seed: FIRST, at: SIZES.indexOf(own) });
    let drawn = vectors(state.seed);
    const size = slider({
      label: "head size D", min: 0, max: SIZES.length - 1, step: 1, value: state.at,
      say: (n) => String(SIZES[n]), change: (n) => ((state.at = n), redraw()),
    });
    const again = button("Other random vectors", () => {
      drawn = vectors(++state.seed);
      redraw();
    });

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 430] : [WIDE, 250];
      const drawing = sheet(width, height);
      const places = narrow ? [[44, 54, width - 10, 190], [44, 274, width - 10, 410]] : [[44, 54, 310, 224], [364, 54, 630, 224]];
      const panels = places.map(([left, top, right, bottom], which) => {
        const plane = field(drawing, [left, top, right, bottom], { x: { low: 0, high: KEYS }, y: { low: 0, high: 1, marks: [0, 0.5, 1], write: (v) => `${100 * v} %` } });
        const wide = (right - left) / KEYS;
        const bars = range(KEYS, (n) => box(plane.x(n) + wide * 0.15, bottom, wide * 0.7, 0, "tg-f-bar"));
        const value = text("", right, top - 8, "tg-f-end tg-f-quiet");
        drawing.append(text(which ? "softmax of scores ÷ √D" : "softmax of scores", left, top - 28, "tg-f-strong"), value, ...bars,
          ...range(KEYS, (n) => text(String(n + 1), plane.x(n + 0.5), bottom + 16, "tg-f-mid tg-f-quiet")));
        return { plane, bars, value };
      });

      function update() {
        const D = SIZES[state.at], { plain, scaled, scores } = compute(drawn, D);
        [plain, scaled].forEach((shares, which) => {
          const { plane, bars, value } = panels[which], top = Math.max(...shares);
          bars.forEach((bar, n) => {
            set(bar, { y: plane.y(shares[n]), height: plane.y(0) - plane.y(shares[n]) });
            bar.classList.toggle("tg-f-right", shares[n] === top);
          });
          value.textContent = `largest ${percent(top)}, spread over ${fixed(spreadOver(shares), 1)}`;
        });
        const [alone, divided] = meanLargest(D);
        const spread = Math.sqrt(scores.reduce((sum, score) => sum + score ** 2, 0) / KEYS);
        return {
          numbers: [["D", String(D)], ["√D", fixed(Math.sqrt(D))], ["size of the scores", fixed(spread)], ["of scores ÷ √D", fixed(spread / Math.sqrt(D))]],
          says: `Over ${DRAWS} other draws the largest weight averages ${percent(alone)} without the division, and ${percent(divided)} with it. Eight equal weights would be spread over 8.`,
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [size.element, again] };
  }

  Object.assign(make, { vectors, compute, meanLargest, spreadOver });
  figure("scaling", make);
})(globalThis);
