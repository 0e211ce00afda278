/* What can be reported of two numbers from one mixture of them, and from two.
   The numbers are chapter 3's. */
(function (root) {
  "use strict";
  const { figure, parts: { svg, slider, radios }, figures } = root.tutorgpt;
  const { WIDE, NARROW, fixed, set, text, line, sheet, field, handle } = figures;

  const REACH = 3, SAME = 0.01; // heads this alike pass on the same number

  const mixture = (w, [a, b]) => w * a + (1 - w) * b;

  /* The best guess at (a, b), each normal, from what the heads pass on. */
  function guess(point, shares) {
    const [w, v] = shares;
    if (shares.length > 1 && Math.abs(w - v) >= SAME) return [...point];
    const scale = mixture(w, point) / (w ** 2 + (1 - w) ** 2);
    return [w * scale, (1 - w) * scale];
  }

  function make(options, redraw, start) {
    const state = start({ a: 2, b: -1, shares: [options.weight ?? 0.5, 0.1], heads: 1 });
    const point = () => [state.a, state.b];
    const sliders = [1, 2].map((head, n) => slider({
      label: `weight on a, head ${head}`, min: 0, max: 1, step: 0.05, value: state.shares[n],
      say: percentOf, change: (w) => ((state.shares[n] = w), redraw()),
    }));
    function percentOf(share) {
      return `${Math.round(100 * share)} %`;
    }
    const many = radios("The layer has", ["one head", "two heads"], (n) => {
      state.heads = n + 1;
      sliders[1].input.disabled = n === 0;
      redraw();
    }, state.heads - 1);
    sliders[1].input.disabled = state.heads === 1;

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 350] : [WIDE, 380];
      const side = height - 70, left = (width - side) / 2;
      const drawing = sheet(width, height);
      const plane = field(drawing, [left, 26, left + side, 26 + side], {
        x: { low: -REACH, high: REACH, name: "a, one character's number", marks: [-3, -2, -1, 0, 1, 2, 3] },
        y: { low: -REACH, high: REACH, name: "b, the other one's", marks: [-3, -2, -1, 0, 1, 2, 3] },
      });
      const lines = ["tg-f-curve", "tg-f-second"].map((looks) => svg("line", { class: looks }));
      const miss = svg("line", { class: "tg-f-third" }), guessed = svg("path", { class: "tg-f-guess" });
      const labels = [text("", 0, 0, "tg-f-strong tg-f-halo"), text("best report", 0, 0, "tg-f-halo")];
      plane.inside.append(...lines, miss, guessed);
      drawing.append(...labels);
      const moved = (name) => ({ low: -REACH, high: REACH, step: 0.1, get: () => state[name], set: (v) => (state[name] = v) });
      const dot = handle(drawing, {
        name: "the numbers a and b", moved: redraw,
        x: { ...moved("a"), from: plane.fromX }, y: { ...moved("b"), from: plane.fromY },
        say: () => `a ${fixed(state.a, 1)}, b ${fixed(state.b, 1)}`,
      });

      /* All points with this mixture: w a + (1 - w) b = m. */
      function through(part, w) {
        const [a, b] = point(), far = 10;
        set(part, { x1: plane.x(a - far * (1 - w)), y1: plane.y(b + far * w), x2: plane.x(a + far * (1 - w)), y2: plane.y(b - far * w) });
      }

      function update() {
        const shares = state.shares.slice(0, state.heads), [a, b] = point(), [ga, gb] = guess(point(), shares);
        lines.forEach((part, n) => {
          part.style.display = n < shares.length ? "" : "none";
          through(part, state.shares[n]);
        });
        const error = ((a - ga) ** 2 + (b - gb) ** 2) / 2, found = error < 1e-12;
        set(miss, { x1: plane.x(a), y1: plane.y(b), x2: plane.x(ga), y2: plane.y(gb) });
        const gx = plane.x(ga), gy = plane.y(gb);
        guessed.setAttribute("d", `M${figures.near(gx - 7)} ${figures.near(gy - 7)}l14 14m0 -14l-14 14`);
        dot.put(plane.x(a), plane.y(b));
        labels[0].textContent = "a and b";
        const side = a > 1.2 ? -1 : 1, anchor = side < 0 ? "end" : "start";
        set(labels[0], { x: plane.x(a) + 18 * side, y: plane.y(b) - 10, "text-anchor": anchor });
        set(labels[1], { x: Math.min(gx + 12, plane.x(REACH) - 90), y: gy - 10 });
        labels[1].style.display = found ? "none" : "";
        const [w, v] = shares, alike = shares.length > 1 && Math.abs(w - v) < SAME;
        return {
          numbers: [
            ...shares.map((share, n) => [`head ${n + 1} passes on ${share.toFixed(2)} a + ${(1 - share).toFixed(2)} b =`, fixed(mixture(share, [a, b]))]),
            ["best report: a", fixed(ga)], ["b", fixed(gb)], ["squared error", fixed(error)],
          ],
          says: alike ? "Both heads pass on the same mixture, so the second one adds nothing."
            : shares.length > 1 ? "Two different mixtures: only one point lies on both lines, so a and b are known."
            : "Every point of the line gives the same mixture. Averaged over many points, the best report has an error of one half, whatever the weight.",
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [many, ...sliders.map((one) => one.element)] };
  }

  Object.assign(make, { mixture, guess });
  figure("two-heads", make);
})(globalThis);
