/* Four neurons with ReLU add up to a line with bends, which one moves to fit a
   curve; without ReLU the same four add up to a straight line. */
(function (root) {
  "use strict";
  const { figure, parts: { svg, checkbox, el }, figures } = root.tutorgpt;
  const { WIDE, NARROW, clamp, range, fixed, text, sheet, field, handle } = figures;

  const LOW = -3, HIGH = 3, TOP = 2.5, GAP = 0.2;
  const PLACES = range(121, (n) => LOW + (n * (HIGH - LOW)) / 120);
  const target = (x) => 1.5 * Math.sin(1.4 * x + 0.4) + 0.2 * x;
  const START = [[LOW, 0], [-1.5, 0], [0, 0], [1.5, 0], [HIGH, 0]];

  /* The neurons whose sum goes through these points: where each bends, by how
     much the slope changes there, and what is added to all. */
  function neurons(points) {
    const slopes = range(4, (n) => (points[n + 1][1] - points[n][1]) / (points[n + 1][0] - points[n][0]));
    return { bias: points[0][1], bends: range(4, (n) => points[n][0]), turns: slopes.map((slope, n) => slope - (slopes[n - 1] ?? 0)) };
  }

  const bent = (z, relu) => (relu ? Math.max(0, z) : z);
  function sum({ bias, bends, turns }, x, relu) {
    return turns.reduce((total, turn, n) => total + turn * bent(x - bends[n], relu), bias);
  }
  function error(layer, relu) {
    return PLACES.reduce((total, x) => total + (sum(layer, x, relu) - target(x)) ** 2, 0) / PLACES.length;
  }

  function make(options, redraw, start) {
    const state = start({ points: structuredClone(START), relu: true });
    const relu = checkbox("ReLU", (on) => ((state.relu = on), redraw()), state.relu);

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 300] : [WIDE, 330];
      const drawing = sheet(width, height);
      const plane = field(drawing, [40, 30, width - 16, height - 44], {
        x: { low: LOW, high: HIGH, name: "input x", marks: [-3, -2, -1, 0, 1, 2, 3] },
        y: { low: -TOP, high: TOP, name: "output", marks: [-2, -1, 0, 1, 2] },
      });
      const curve = svg("path", { class: "tg-f-wanted", d: plane.path(PLACES.map((x) => [x, target(x)])) });
      const lines = range(4, () => svg("path", { class: "tg-f-trail" })), whole = svg("path", { class: "tg-f-curve" });
      plane.inside.append(curve, ...lines, whole);
      drawing.append(text("wanted", plane.x(0.55), plane.y(target(0.55)) - 22, "tg-f-warm tg-f-halo"));
      const points = START.map((_, n) => {
        const name = n === 0 ? "left end" : n === 4 ? "right end" : `bend ${n}`;
        const point = () => state.points[n];
        const y = { low: -TOP, high: TOP, step: 0.05, get: () => point()[1], set: (v) => (point()[1] = v), from: plane.fromY };
        const x = {
          low: LOW + n * GAP, high: HIGH - (4 - n) * GAP, step: 0.05, get: () => point()[0], from: plane.fromX,
          // A bend stays between its neighbours.
          set: (v) => (point()[0] = clamp(v, state.points[n - 1][0] + GAP, state.points[n + 1][0] - GAP)),
        };
        return handle(drawing, {
          name, moved: redraw, y, ...(n > 0 && n < 4 ? { x } : {}),
          say: () => `x ${fixed(point()[0])}, output ${fixed(point()[1])}`,
        });
      });

      function update() {
        const layer = neurons(state.points);
        lines.forEach((part, n) => {
          const { bends: { [n]: at }, turns: { [n]: turn } } = layer;
          const pairs = state.relu ? [[LOW, 0], [at, 0], [HIGH, turn * (HIGH - at)]] : [[LOW, turn * (LOW - at)], [HIGH, turn * (HIGH - at)]];
          part.setAttribute("d", plane.path(pairs));
        });
        const at = state.relu ? state.points.map(([x]) => x) : [LOW, HIGH];
        whole.setAttribute("d", plane.path(at.map((x) => [x, sum(layer, x, state.relu)])));
        points.forEach((point, n) => point.put(plane.x(state.points[n][0]), plane.y(state.points[n][1])));
        const turns = layer.turns.map((turn, n) => `${fixed(turn)}·relu(x ${layer.bends[n] > 0 ? "−" : "+"} ${Math.abs(layer.bends[n]).toFixed(2)})`);
        return {
          numbers: [["output =", fixed(layer.bias)], ...turns.map((turn, n) => ["+", state.relu ? turn : turn.replace("relu", "")]), ["mean squared error", fixed(error(layer, state.relu), 3)]],
          says: state.relu ? "The solid line is the sum of the four thin ones, each zero up to its bend. An error near 0.01 is within reach."
            : "Without ReLU the four are straight lines, and so is their sum: no bend is left, wherever you move the points.",
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [el("div", { class: "tg-line" }, relu.element)] };
  }

  Object.assign(make, { neurons, sum, error, target, PLACES });
  figure("relu", make);
})(globalThis);
