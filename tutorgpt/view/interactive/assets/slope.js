/* A weight, its loss, and the slope there; one step downhill at a time. The
   points, the start and the rates are chapter 0's. */
(function (root) {
  "use strict";
  const { figure, parts: { svg, slider, button, el }, figures } = root.tutorgpt;
  const { WIDE, NARROW, clamp, range, fixed, set, text, line, sheet, field, handle } = figures;

  const POINTS = [[1, 2.1], [2, 3.9], [3, 6.2]]; // x and y, guessed as w x
  const LOW = 0, HIGH = 4.2, TOP = 24, FAR = 1e6;
  const mean = (of) => POINTS.reduce((sum, [x, y]) => sum + of(x, y), 0) / POINTS.length;
  const loss = (w) => mean((x, y) => (w * x - y) ** 2);
  const slope = (w) => mean((x, y) => 2 * (w * x - y) * x);
  const BEND = slope(1) - slope(0); // how fast the slope itself grows
  const step = (w, rate) => clamp(w - rate * slope(w), -FAR, FAR);

  /* What one step does to the distance from the best weight. */
  function verdict(rate) {
    const left = 1 - rate * BEND, share = `${Math.round(100 * Math.abs(left))} %`;
    if (left > 0.9) return `Too small: a step leaves ${share} of the way to the bottom.`;
    if (left >= 0) return `A step leaves ${share} of the way to the bottom.`;
    if (left > -1) return `A step lands on the other side, ${share} as far from the bottom.`;
    return `Too large: a step lands on the other side, ${share} as far from the bottom as before.`;
  }

  function make(options, redraw, start) {
    const first = options.w ?? 0.5;
    const state = start({ w: first, rate: options.learning_rate ?? 0.08, trail: [], stepped: false });
    const go = () => {
      state.trail.push(state.w);
      state.trail.splice(0, state.trail.length - 40);
      state.w = step(state.w, state.rate);
      state.stepped = true;
      redraw();
    };
    const back = () => {
      Object.assign(state, { w: first, trail: [], stepped: false });
      redraw();
    };
    const rate = slider({
      label: "learning rate", min: 0.005, max: 0.25, step: 0.005, value: state.rate,
      say: (value) => value.toFixed(3), change: (value) => ((state.rate = value), redraw()),
    });

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 300] : [WIDE, 320];
      const drawing = sheet(width, height);
      const plane = field(drawing, [40, 30, width - 16, height - 44], {
        x: { low: LOW, high: HIGH, name: "weight w", marks: [0, 1, 2, 3, 4] },
        y: { low: 0, high: TOP, name: "loss", marks: [0, 6, 12, 18, 24] },
      });
      const curve = range(81, (n) => LOW + n * (HIGH - LOW) / 80).map((w) => [w, loss(w)]);
      const tangent = svg("line", { class: "tg-f-second" });
      const trail = svg("path", { class: "tg-f-trail" }), dots = svg("g");
      const next = svg("path", { class: "tg-f-next" });
      plane.inside.append(svg("path", { class: "tg-f-curve", d: plane.path(curve) }), trail, dots, tangent, next);
      const label = text("", 0, 0, "tg-f-strong tg-f-warm tg-f-halo");
      drawing.append(label);
      const point = handle(drawing, {
        name: "weight w", moved: () => ((state.trail = []), (state.stepped = false), redraw()), act: go,
        x: { low: LOW, high: HIGH, step: 0.02, get: () => state.w, set: (w) => (state.w = w), from: plane.fromX },
        say: () => `${fixed(state.w)}, loss ${fixed(loss(state.w))}, slope ${fixed(slope(state.w))}`,
      });

      function update() {
        const { w, rate } = state, to = step(w, rate), out = w < LOW || w > HIGH;
        const at = clamp(w, LOW, HIGH), px = plane.x(at), py = plane.y(loss(at));
        point.put(px, py);
        const steep = slope(at), reach = 0.6;
        set(tangent, { x1: plane.x(at - reach), y1: plane.y(loss(at) - steep * reach), x2: plane.x(at + reach), y2: plane.y(loss(at) + steep * reach) });
        const seen = [...state.trail, w].map((v) => [clamp(v, LOW, HIGH), loss(clamp(v, LOW, HIGH))]);
        trail.setAttribute("d", plane.path(seen));
        dots.replaceChildren(...seen.slice(0, -1).map(([a, b]) => set(svg("circle", { class: "tg-f-was", r: 4 }), { cx: plane.x(a), cy: plane.y(b) })));
        const foot = plane.y(0) - 7, end = plane.x(clamp(to, LOW - 0.3, HIGH + 0.3)), way = Math.sign(end - px) * Math.min(7, Math.abs(end - px));
        next.setAttribute("d", `M${figures.near(px)} ${foot}H${figures.near(end)}m${figures.near(-way)} -5l${figures.near(way)} 5l${figures.near(-way)} 5`);
        const right = at < (LOW + HIGH) / 2;
        label.textContent = `slope ${fixed(slope(w))}`;
        set(label, { x: px + (right ? 20 : -20), y: clamp(py - 6, 44, height - 70), "text-anchor": right ? "start" : "end" });
        return {
          numbers: [["w", fixed(w)], ["loss", fixed(loss(w))], ["slope", fixed(slope(w))], ["w − rate × slope =", fixed(to)], ["steps", String(state.trail.length)]],
          says: out ? `The steps have left the picture. ${verdict(rate)}` : verdict(rate),
        };
      }
      return { drawing, update };
    }
    const buttons = el("div", { class: "tg-line" }, button("One step downhill", go, { class: "tg-button tg-main" }), button("Back to the start", back));
    return { draw, controls: [rate.element, buttons] };
  }

  Object.assign(make, { loss, slope, step });
  figure("slope", make);
})(globalThis);
