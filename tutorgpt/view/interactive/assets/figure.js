/* What every interactive figure is made of: a place in the page, a drawing with
   axes, points that a hand or the arrow keys move, and numbers that follow.

   A figure's own script calls figure(name, make). make(options, redraw, start)
   returns draw(narrow), which gives { drawing, update }, and, where it has
   them, before and controls, the elements above and below the drawing.
   start(state) gives the plain data that hands and controls change as the
   reader left it, or as it is given. update() puts everything where it belongs
   and returns { numbers: [[name, value], …], says: a sentence }. A figure is
   drawn anew only when its place becomes narrow or wide, so that a point keeps
   the hand. */
(function (root) {
  "use strict";
  const { kept, parts: { el, svg, drag, button, fail } } = root.tutorgpt;

  const WIDE = 640, NARROW = 360; // units of a drawing, about pixels
  const TURN = 520; // pixels of its place from which it is wide
  const FORM = 1; // of what is kept of a figure
  const PAUSE = 400; // milliseconds of rest before numbers are read aloud
  const makers = {};

  const figure = (name, make) => (makers[name] = make);
  const clamp = (x, low, high) => Math.max(low, Math.min(high, x));
  const near = (x) => Math.round(x * 100) / 100; // a hundredth of a pixel
  const range = (howMany, made) => Array.from({ length: howMany }, (_, n) => made(n));

  /* A list to choose from, with a caller's own value in its place. */
  const withOwn = (list, own) => [...new Set([...list, own])].sort((a, b) => a - b);

  /* With a sign that is as wide as a plus, and no negative zero. */
  function fixed(x, digits = 2) {
    if (!Number.isFinite(x)) return x > 0 ? "∞" : x < 0 ? "−∞" : "–";
    if (Math.abs(x) >= 1e5) return x.toExponential(1).replace("e+", "e").replace("-", "−");
    const text = x.toFixed(digits);
    return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
  }

  function softmax(scores) {
    const top = Math.max(...scores);
    const raised = scores.map((score) => Math.exp(score - top));
    const total = raised.reduce((a, b) => a + b);
    return raised.map((x) => x / total);
  }

  function entropy(shares) {
    return shares.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
  }

  const set = (part, attributes) => {
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, typeof value === "number" ? near(value) : value);
    return part;
  };
  const text = (words, x, y, looks = "", attributes = {}) =>
    set(svg("text", { class: `tg-f-text ${looks}`.trim() }, words), { x, y, ...attributes });
  const line = (x1, y1, x2, y2, looks) => set(svg("line", { class: looks }), { x1, y1, x2, y2 });
  const box = (x, y, width, height, looks) => set(svg("rect", { class: looks }), { x, y, width, height });

  /* An empty drawing, on paper of its own. */
  function sheet(width, height, name) {
    return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "tg-f-sheet", role: "group", "aria-label": name },
      box(0, 0, width, height, "tg-f-paper"));
  }

  /* A field with axes in a drawing: where a pair of numbers lies, and back.

     at: [left, top, right, bottom]. x, y: { low, high, name, marks, write }. */
  function field(drawing, at, { x, y }) {
    const [left, top, right, bottom] = at;
    const toX = (v) => left + ((v - x.low) / (x.high - x.low)) * (right - left);
    const toY = (v) => bottom - ((v - y.low) / (y.high - y.low)) * (bottom - top);
    // What lies beyond the axes is cut off.
    const inside = set(svg("svg", { class: "tg-f-inside" }), { x: left, y: top, width: right - left, height: bottom - top });
    inside.setAttribute("viewBox", `${left} ${top} ${right - left} ${bottom - top}`);
    const marks = svg("g", { "aria-hidden": "true" });
    for (const v of x.marks ?? []) marks.append(line(toX(v), top, toX(v), bottom, "tg-f-grid"),
      text((x.write ?? String)(v).replace("-", "−"), toX(v), bottom + 16, "tg-f-mid tg-f-quiet"));
    for (const v of y.marks ?? []) marks.append(line(left, toY(v), right, toY(v), "tg-f-grid"),
      text((y.write ?? String)(v).replace("-", "−"), left - 6, toY(v) + 4, "tg-f-end tg-f-quiet"));
    marks.append(line(left, bottom, right, bottom, "tg-f-axis"), line(left, top, left, bottom, "tg-f-axis"));
    if (x.name) marks.append(text(x.name, right, bottom + 32, "tg-f-end"));
    if (y.name) marks.append(text(y.name, left - 24, top - 10));
    drawing.append(marks, inside);
    return {
      inside, x: toX, y: toY,
      fromX: (px) => x.low + ((px - left) / (right - left)) * (x.high - x.low),
      fromY: (py) => y.low + ((bottom - py) / (bottom - top)) * (y.high - y.low),
      path: (pairs) => pairs.map(([a, b], n) => `${n ? "L" : "M"}${near(toX(a))} ${near(clamp(toY(b), -1e4, 1e4))}`).join(""),
    };
  }

  /* A point that a hand drags and arrow keys move.

     x, y: { low, high, step, get, set, from }: along which axes it moves, and
     which value lies at a place of the drawing. say() is what is read aloud of
     its value; act, if there is one, is what Enter does. */
  function handle(drawing, { name, looks = "", x, y, say, act, moved }) {
    const main = x ?? y;
    const arrows = [x && "M-13 -4l-4 4l4 4M13 -4l4 4l-4 4", y && "M-4 -13l4 -4l4 4M-4 13l4 4l4 -4"].filter(Boolean).join("");
    const part = svg("g", {
      class: `tg-f-handle ${looks}`.trim(), tabindex: 0, role: "slider", "aria-label": name,
      "aria-orientation": x ? "horizontal" : "vertical", "aria-valuemin": main.low, "aria-valuemax": main.high,
    }, svg("circle", { class: "tg-f-grip", r: 20 }), svg("path", { class: "tg-f-arrows", d: arrows }), svg("circle", { class: "tg-f-dot", r: 8 }));

    function put(axis, value) {
      if (!axis || !Number.isFinite(value)) return;
      axis.set(clamp(Math.round(value / axis.step) * axis.step, axis.low, axis.high));
    }
    drag(part, drawing, (px, py) => {
      if (x) put(x, x.from(px));
      if (y) put(y, y.from(py));
      moved();
    });
    part.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const far = event.shiftKey ? 5 : 1, flat = x ?? y, steep = y ?? x;
      const by = {
        ArrowRight: [flat, far], ArrowLeft: [flat, -far], ArrowUp: [steep, far], ArrowDown: [steep, -far],
        PageUp: [main, 10], PageDown: [main, -10], Home: [main, -Infinity], End: [main, Infinity],
      }[event.key];
      const acts = act && (event.key === "Enter" || event.key === " ");
      if (!by && !acts) return;
      event.preventDefault();
      if (acts) return act();
      const [axis, steps] = by;
      put(axis, Number.isFinite(steps) ? axis.get() + steps * axis.step : steps > 0 ? axis.high : axis.low);
      moved();
    });
    drawing.append(part);
    return {
      part,
      put(px, py) {
        part.setAttribute("transform", `translate(${near(px)} ${near(py)})`);
        part.setAttribute("aria-valuenow", near(clamp(main.get(), main.low, main.high)));
        part.setAttribute("aria-valuetext", say());
      },
    };
  }

  /* Put a figure into a place of the page.

     told: { name, title, invites, options }. */
  function mountFigure(place, told) {
    place.classList.add("tg-ui", "tg-figure");
    place.dataset.tgReady = "no";
    try {
      if (!makers[told.name]) throw new Error(`there is no figure ${told.name}`);
      show(place, told);
      place.dataset.tgReady = "yes";
    } catch (error) {
      fail(place, error);
    }
  }

  function show(place, told) {
    const { name, title, invites, options = {} } = told;
    const frame = el("div", { class: "tg-f-frame" });
    const numbers = el("p", { class: "tg-f-numbers" }), says = el("p", { class: "tg-f-says" });
    const aloud = el("p", { class: "tg-f-aloud", role: "status" });
    const here = `figure ${FORM} ${name} ${JSON.stringify(options)}`;
    let shown, narrow, rest, state;

    /* As it was left, if that has the form of how it opens. */
    function start(opens) {
      const left = kept.recall(here);
      return (state = left && alike(left, opens) ? left : opens);
    }
    function write() {
      const told = shown.update();
      numbers.replaceChildren(...told.numbers.map(([what, value]) => el("span", {}, `${what} `, el("b", {}, value))));
      says.textContent = told.says ?? "";
      return `${told.numbers.map((pair) => pair.join(" ")).join(", ")}. ${told.says ?? ""}`;
    }
    function redraw() {
      const words = write();
      clearTimeout(rest);
      rest = setTimeout(() => (aloud.textContent = words), PAUSE);
      kept.keepSoon(here, () => state);
    }
    const made = makers[name](options, redraw, start);
    const again = button("As it was at first", () => {
      kept.keepSoon(here, () => undefined);
      kept.keepNow();
      sizes.disconnect();
      clearTimeout(rest);
      show(place, told);
      place.querySelector(".tg-f-again button").focus();
    });

    function fit() {
      const width = place.clientWidth;
      const now = width > 0 && width < TURN;
      if (shown && now === narrow) return;
      narrow = now;
      const parts = () => [...frame.querySelectorAll("[tabindex]")];
      const held = parts().indexOf(document.activeElement);
      shown = made.draw(narrow);
      shown.drawing.setAttribute("aria-label", title);
      frame.replaceChildren(shown.drawing);
      write();
      if (held >= 0) parts()[held]?.focus();
    }

    const controls = (some = []) => some.map((control) => el("div", { class: "tg-f-control" }, control));
    place.replaceChildren(el("p", { class: "tg-f-invites" }, invites), ...controls(made.before), frame,
      ...controls(made.controls), numbers, says, el("div", { class: "tg-f-control tg-f-again" }, again), aloud);
    fit();
    const sizes = new ResizeObserver(fit);
    sizes.observe(place);
  }

  /* Whether two pieces of plain data have the same names and kinds in them. */
  function alike(one, other) {
    if (typeof one !== typeof other || one === null || Array.isArray(one) !== Array.isArray(other)) return false;
    if (typeof other !== "object") return true;
    const names = Object.keys(other);
    if (Array.isArray(other) && !other.length) return true; // a list that grows
    return Object.keys(one).length === names.length && names.every((name) => alike(one[name], other[name]));
  }

  /* For boot.js: the figure's own scripts come when its place does. */
  async function startFigure(place, load) {
    const told = JSON.parse(place.dataset.told);
    for (const script of told.scripts) await load(script);
    mountFigure(place, told);
  }

  Object.assign(root.tutorgpt, {
    figure, mountFigure, startFigure,
    figures: { makers, WIDE, NARROW, clamp, near, range, withOwn, fixed, softmax, entropy, set, text, line, box, sheet, field, handle },
  });
})(globalThis);
