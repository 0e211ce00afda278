/* The loss curve: one run growing, those before it for comparison, and the
   three floors that counting gives. A unit of the drawing is a pixel. */
(function (root) {
  "use strict";
  const { el, svg } = root.tutorgpt.parts;

  const HEIGHT = 340, TOP = 28, RIGHT = 34, BOTTOM = 42, LEFT = 40;
  const MOST = 400; // points of a curve; beyond it neighbours become one
  const APART = 13; // pixels between two names
  const GRAIN = 0.25; // nats by which the axis grows, so that it seldom does
  const FLOORS = [
    ["uniform", "uniform floor"],
    ["unigram", "single-character floor"],
    ["bigram", "pair floor"],
  ];

  /* Held-out points of the six rungs, told apart by more than a colour. */
  const SIGNS = [
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "M-3.5 -3.5h7v7h-7z",
    "M0 -5l5 5l-5 5l-5 -5z",
    "M0 -5l5 8.5h-10z",
    "M0 5l5 -8.5h-10z",
    "M-1.5 -5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
  ];

  const near = (x) => Math.round(x * 10) / 10;
  const between = (x, low, high) => Math.max(low, Math.min(high, x));

  /* Another point of a curve of training losses: [step, loss, how many it is
     the mean of]. A curve that gets too long is made of means of twice as many,
     at its end as at its beginning. */
  function addPoint(points, step, loss) {
    const [, , grain] = points[0] ?? [0, 0, 1], last = points.at(-1);
    if (last?.[2] < grain) points[points.length - 1] = mean(last, [step, loss, 1]);
    else points.push([step, loss, 1]);
    if (points.length <= MOST) return;
    const halved = Array.from({ length: MOST / 2 }, (_, n) => mean(points[2 * n], points[2 * n + 1]));
    points.splice(0, MOST, ...halved);
  }
  const mean = ([a, one, m], [b, two, n]) => [(a * m + b * n) / (m + n), (one * m + two * n) / (m + n), m + n];

  /* Round numbers from low to high, about so many. */
  function marks(low, high, about) {
    const rough = (high - low) / about, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((n) => n * power >= rough) * power;
    const first = Math.ceil(low / step - 1e-9);
    return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
  }

  /* What the axes reach: every floor and every held-out loss, and nothing far
     above guessing evenly. A loss beyond that is drawn at the edge. */
  function reach(curves, floors, steps) {
    const held = curves.flatMap((curve) => curve.held.map(([, loss]) => loss));
    const all = [...Object.values(floors ?? {}), ...held].filter(Number.isFinite);
    if (!all.length) all.push(0, 4);
    const top = floors ? floors.uniform * 1.15 : Math.max(...all);
    const low = Math.floor(Math.min(...all) / GRAIN - 1) * GRAIN;
    const high = Math.ceil(Math.min(Math.max(...all), top) / GRAIN + 0.4) * GRAIN;
    return { low: Math.max(0, low), high, last: Math.max(1, steps, ...curves.map((curve) => curve.steps ?? 0)) };
  }

  /* Heights at which names stand clear of each other: the lowest where it
     belongs, and those above it higher where they must. */
  function spread(heights) {
    const order = [...heights.keys()].sort((a, b) => heights[b] - heights[a]), placed = [...heights];
    let most = HEIGHT - BOTTOM;
    for (const n of order) {
      placed[n] = Math.min(placed[n], most);
      most = placed[n] - APART;
    }
    return placed;
  }

  const text = (words, x, y, looks) => svg("text", { class: `tg-l-text ${looks}`, x: near(x), y: near(y) }, words);
  const line = (x1, y1, x2, y2, looks) =>
    svg("line", { class: looks, x1: near(x1), y1: near(y1), x2: near(x2), y2: near(y2) });

  /* A chart, empty. show({ curves, floors, steps }) draws

     curves   [{ tag, rung, train, held, steps, current }], the current one
              last: rung counts from 0, train and held are [[step, loss], …]
     floors   { uniform, unigram, bigram }, or nothing yet
     steps    where the axis ends at least */
  function makeChart() {
    const [ground, older, floorNames, names] = Array.from({ length: 4 }, () => svg("g"));
    const own = { train: svg("path", { class: "tg-l-train" }), line: svg("path", { class: "tg-l-held" }), signs: svg("path", { class: "tg-l-signs" }) };
    const drawing = svg("svg", { class: "tg-l-chart", role: "img", "aria-label": "No curve yet." }, ground, older, own.train, own.line, own.signs, floorNames, names);
    const element = el("div", { class: "tg-l-frame" }, drawing);
    let shown = { curves: [], floors: null, steps: 1 }, width = 0, drawn = {};

    function show(next) {
      shown = next;
      if (!width) return; // not on the page yet
      const { curves, floors, steps } = shown;
      const { low, high, last } = reach(curves, floors, steps), bottom = HEIGHT - BOTTOM;
      const scale = {
        x: (step) => LEFT + (step / last) * (width - LEFT - RIGHT),
        y: (loss) => between(bottom - ((loss - low) / (high - low)) * (bottom - TOP), TOP, bottom),
      };
      const frame = JSON.stringify([width, low, high, last, floors]);
      const past = frame + curves.filter((curve) => !curve.current).map((curve) => `${curve.tag} ${curve.held.length}`);
      if (drawn.frame !== frame) drawGround(scale, { low, high, last, floors });
      if (drawn.past !== past) drawPast(scale, curves.filter((curve) => !curve.current));
      drawOwn(scale, curves.find((curve) => curve.current));
      drawNames(scale, curves, last);
      drawn = { frame, past };
    }

    function drawGround(scale, { low, high, last, floors }) {
      const bottom = HEIGHT - BOTTOM, right = width - RIGHT;
      ground.replaceChildren(
        ...marks(low, high, 6).flatMap((loss) => [
          line(LEFT, scale.y(loss), right, scale.y(loss), "tg-l-grid"),
          text(String(loss), LEFT - 6, scale.y(loss) + 4, "tg-l-end tg-l-quiet")]),
        ...marks(0, last, width / 110).map((step) =>
          text(step.toLocaleString("en"), scale.x(step), bottom + 17, "tg-l-mid tg-l-quiet")),
        line(LEFT, bottom, right, bottom, "tg-l-axis"),
        line(LEFT, TOP, LEFT, bottom, "tg-l-axis"),
        text("loss (nats per character)", 2, 14, "tg-l-quiet"),
        text("step", right, bottom + 34, "tg-l-end tg-l-quiet"),
        ...FLOORS.map(([kind]) => floors && line(LEFT, scale.y(floors[kind]), right, scale.y(floors[kind]), `tg-l-floor tg-l-${kind}`)).filter(Boolean));
      floorNames.replaceChildren(...(floors ? FLOORS.map((floor) => nameOfFloor(scale, floor, floors)) : []));
    }

    /* Curves begin near the uniform floor and end near the pair floor: each
       floor has its name where few lines come. */
    function nameOfFloor(scale, [kind, name], floors) {
      const y = scale.y(floors[kind]), words = `${name} ${floors[kind].toFixed(2)}`;
      return kind === "bigram" ? text(words, LEFT + 6, y + 15, "tg-l-name") : text(words, width - RIGHT, y - 5, "tg-l-name tg-l-end");
    }

    const path = (points, scale) =>
      points.map(([step, loss], n) => `${n ? "L" : "M"}${near(scale.x(step))} ${near(scale.y(loss))}`).join("");
    /* A sign at every held-out loss. */
    const signs = ({ rung, held }, scale) => held.map(([step, loss]) => {
      const sign = SIGNS[rung % SIGNS.length];
      return sign.replace(/^M(\S+) (\S+?)(?=[a-z])/, (_, x, y) => `M${near(scale.x(step) + Number(x))} ${near(scale.y(loss) + Number(y))}`);
    }).join("");

    /* Runs that came before: quiet. */
    function drawPast(scale, curves) {
      older.replaceChildren(...curves.flatMap((curve) => [
        svg("path", { class: "tg-l-past", d: path(curve.held, scale) }),
        svg("path", { class: "tg-l-pastsigns", d: signs(curve, scale) })]));
    }

    function drawOwn(scale, curve) {
      own.train.setAttribute("d", path(curve?.train ?? [], scale));
      own.line.setAttribute("d", path(curve?.held ?? [], scale));
      own.signs.setAttribute("d", curve ? signs(curve, scale) : "");
    }

    /* Each curve's name in the margin, and a line to its end; one that is
       still growing has it at its end. */
    function drawNames(scale, all, last) {
      const curves = all.filter(({ train, held }) => train.length || held.length);
      const ends = curves.map(({ train, held, current }) => (current && train.at(-1)) || held.at(-1) || train.at(-1));
      const isGrowing = (n) => curves[n].current && ends[n][0] < last;
      const there = [...curves.keys()].filter((n) => !isGrowing(n)), edge = width - RIGHT + 10;
      const heights = spread(there.map((n) => scale.y(ends[n][1]) + 4));
      names.replaceChildren(...curves.flatMap(({ tag, current }, n) => {
        const x = scale.x(ends[n][0]), y = scale.y(ends[n][1]), looks = `tg-l-tag ${current ? "tg-l-current" : ""}`;
        if (isGrowing(n)) return text(tag, x + 6, y - 6, looks);
        const height = heights[there.indexOf(n)];
        return [line(x + 5, y, edge, height - 4, "tg-l-lead"), text(tag, edge + 3, height, looks)];
      }));
    }

    const sizes = new ResizeObserver(() => {
      const now = Math.floor(element.clientWidth);
      if (!now || now === width) return;
      width = now;
      for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT })) drawing.setAttribute(name, value);
      show(shown);
    });
    sizes.observe(element);
    return { element, show, say: (words) => drawing.setAttribute("aria-label", words), end: () => sizes.disconnect() };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { makeChart, addPoint, chartSigns: SIGNS });
})(globalThis);
