/* One attention head, step by step: four characters, vectors of two numbers,
   so that they can be drawn and moved. */
(function (root) {
  "use strict";
  const { kept, parts } = root.tutorgpt;
  const { el, svg, drag, short, percent, checkbox, radios, button, enable, scroller, table } = parts;

  const CHARACTERS = ["t", "h", "e", "n"];
  const VECTORS = {
    q: [[1.2, 0.4], [-0.6, 1.6], [1.8, 1.2], [-1.4, 0.8]],
    k: [[1.6, 1.0], [-1.2, 1.2], [0.4, -1.6], [-1.8, -0.6]],
    v: [[2.5, 0.0], [0.0, 2.5], [-2.5, 1.0], [1.0, -2.5]],
  };
  // The second one asks, so that the mask has something to hide from it.
  const START = { vectors: VECTORS, asker: 1, step: 0, mask: true };
  const PLACE = "head 1"; // where its state is kept, and the form of that
  const REACH = 3; // the plane shows -3 to 3
  const SIZE = 300;
  const STEPS = [
    ["1 · vectors", "Each character has a query, a key and a value. Here the key of every character is drawn, and the query of the one that asks. Move them: drag a tip, or reach it with Tab and use the arrow keys."],
    ["2 · scores", "The query is multiplied with every key: a dot product. It is large where both point the same way, and negative where they point apart."],
    ["3 · scaled", "The scores are divided by √D, here √2, so that they do not grow with the number of channels."],
    ["4 · masked", "What comes later may not be looked at: its score becomes minus infinity. Switch the mask off to see what it prevents."],
    ["5 · softmax", "Softmax turns the scores into weights that are positive and add up to 1."],
    ["6 · weighted sum", "The values are added up, each times its weight. This sum, the green arrow, is what the head hands on."],
  ];

  const toX = (x) => ((x + REACH) / (2 * REACH)) * SIZE;
  const toY = (y) => ((REACH - y) / (2 * REACH)) * SIZE;

  function mountHead(place) {
    const state = kept.recall(PLACE) ?? structuredClone(START), { vectors } = state;

    const plane = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "tg-plane", role: "group", "aria-label": "Keys and the query as arrows in a plane" },
      svg("path", { d: `M0 ${SIZE / 2}H${SIZE}M${SIZE / 2} 0V${SIZE}`, class: "tg-axis" }));
    const arrows = [
      ...CHARACTERS.map((c, n) => arrow("k", c, () => vectors.k[n])),
      arrow("q", "q", () => vectors.q[state.asker]),
    ];
    const sum = svg("line", { class: "tg-arrow tg-out", x1: SIZE / 2, y1: SIZE / 2 });
    plane.append(sum, ...arrows.map((a) => a.group));

    /* A vector whose tip can be dragged, or moved with the arrow keys. */
    function arrow(kind, label, get) {
      const line = svg("line", { class: `tg-arrow tg-${kind}`, x1: SIZE / 2, y1: SIZE / 2 });
      const tip = svg("circle", { class: `tg-tip tg-${kind}`, r: 11, tabindex: 0, role: "button" });
      const name = svg("text", { class: "tg-tip-name", "aria-hidden": "true" });
      name.textContent = label;
      const move = (x, y) => {
        const limit = (n) => Math.round(Math.max(-REACH, Math.min(REACH, n)) * 10) / 10;
        get()[0] = limit(x);
        get()[1] = limit(y);
        draw();
      };
      drag(tip, plane, (x, y) => move((x / SIZE) * 2 * REACH - REACH, REACH - (y / SIZE) * 2 * REACH));
      tip.addEventListener("keydown", (event) => {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!by) return;
        event.preventDefault();
        const far = event.shiftKey ? 0.5 : 0.1;
        move(get()[0] + by[0] * far, get()[1] + by[1] * far);
      });
      return {
        group: svg("g", {}, line, tip, name),
        draw() {
          const [x, y] = get();
          const whose = kind === "q" ? `query of ${CHARACTERS[state.asker]}` : `key of ${label}`;
          line.setAttribute("x2", toX(x));
          line.setAttribute("y2", toY(y));
          tip.setAttribute("cx", toX(x));
          tip.setAttribute("cy", toY(y));
          tip.setAttribute("aria-label", `${whose}: ${short(x)}, ${short(y)}. Arrow keys move it.`);
          name.setAttribute("x", toX(x));
          name.setAttribute("y", toY(y));
        },
      };
    }

    const askers = radios("Who asks?", CHARACTERS, (n) => ((state.asker = n), draw()), state.asker);
    const mask = checkbox("causal mask", (on) => ((state.mask = on), draw()), state.mask);
    const back = button("Step back", () => go(-1));
    const next = button("Next step", () => go(1));
    const again = button("As at the start", () => {
      for (const kind of ["q", "k"]) VECTORS[kind].forEach((vector, n) => (vectors[kind][n] = [...vector]));
      const { asker, step } = START;
      Object.assign(state, { asker, step, mask: true });
      askers.querySelectorAll("input")[asker].checked = mask.input.checked = true;
      draw();
    });
    const title = el("strong");
    const says = el("span");
    const numbers = scroller("The numbers of every step");

    function go(by) {
      state.step = Math.max(0, Math.min(STEPS.length - 1, state.step + by));
      draw();
    }

    function compute() {
      const query = vectors.q[state.asker];
      const scores = vectors.k.map((key) => key[0] * query[0] + key[1] * query[1]);
      const scaled = scores.map((score) => score / Math.SQRT2);
      const masked = scaled.map((score, s) => (state.mask && s > state.asker ? -Infinity : score));
      const top = Math.max(...masked), raised = masked.map((score) => Math.exp(score - top));
      const total = raised.reduce((a, b) => a + b);
      const weights = raised.map((x) => x / total);
      const out = [0, 1].map((n) => weights.reduce((a, w, s) => a + w * vectors.v[s][n], 0));
      return { scores, scaled, masked, weights, out };
    }

    function draw() {
      const { scores, scaled, masked, weights, out } = compute(), { step } = state;
      const pair = (vector) => vector.map(short).join(", ");
      const inCell = (vector) => el("span", { class: "tg-vector" }, pair(vector));
      arrows.forEach((a) => a.draw());
      arrows.forEach((a, n) => a.group.classList.toggle("tg-hidden-key", step >= 3 && masked[n] === -Infinity));
      sum.classList.toggle("tg-none", step < 5);
      sum.setAttribute("x2", toX(out[0]));
      sum.setAttribute("y2", toY(out[1]));
      const rows = [
        ["key", ...vectors.k.map(inCell)],
        ["value", ...vectors.v.map(inCell)],
        ["score q·k", ...scores.map(short)],
        ["÷ √2", ...scaled.map(short)],
        ["masked", ...masked.map((n) => (n === -Infinity ? "−∞" : short(n)))],
        ["weight", ...weights.map(percent)],
        ["weight × value", ...weights.map((w, s) => inCell(vectors.v[s].map((n) => n * w)))],
      ];
      numbers.show(table(["of", ...CHARACTERS], rows.slice(0, step === 0 ? 2 : step + 2)),
        ...(step === 5 ? [el("p", {}, `Sum: ${pair(out)}`)] : []));
      title.textContent = `${STEPS[step][0]}. `;
      says.textContent = STEPS[step][1];
      enable(back, step > 0);
      enable(next, step < STEPS.length - 1);
      kept.keepSoon(PLACE, () => state);
    }

    place.replaceChildren(
      el("div", { class: "tg-two" },
        plane,
        el("div", {},
          el("p", { class: "tg-says", "aria-live": "polite" }, title, says),
          el("div", { class: "tg-line" }, back, next, again),
          el("div", { class: "tg-line" }, askers, mask.element))),
      numbers.element);
    draw();
  }

  root.tutorgpt.mountHead = mountHead;
})(globalThis);
