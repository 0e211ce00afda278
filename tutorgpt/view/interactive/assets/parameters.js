/* How many numbers each part of a GPT learns, as one turns its five numbers. */
(function (root) {
  "use strict";
  const { figure, parts: { slider, button, percent, el }, figures } = root.tutorgpt;
  const { WIDE, NARROW, withOwn, set, text, box, sheet } = figures;

  const CHOICES = {
    vocab_size: [2, 16, 65, 256, 1000, 2000, 6148, 10000, 20000, 50257],
    n_embed: [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024],
    n_head: [1, 2, 3, 4, 6, 8, 12, 16],
    n_layer: [1, 2, 3, 4, 6, 8, 12, 16, 24],
    block_size: [8, 16, 32, 64, 128, 256, 512, 1024],
  };
  const SMALL = { vocab_size: 6148, n_embed: 32, n_head: 4, n_layer: 3, block_size: 8 };
  const LARGE = { vocab_size: 6148, n_embed: 384, n_head: 6, n_layer: 6, block_size: 256 };

  function count({ vocab_size: V, n_embed: C, n_layer: L, block_size }) {
    return {
      "token embedding": V * C,
      positions: block_size * C,
      attention: L * (3 * C * C + C * C + C),
      "feed-forward": L * (4 * C * C + 4 * C + 4 * C * C + C),
      norms: L * 4 * C + 2 * C,
      lm_head: C * V + V,
    };
  }
  const total = (parts) => Object.values(parts).reduce((a, b) => a + b, 0);
  const written = (n) => n.toLocaleString("en");

  function make(options, redraw, start) {
    const state = start({ ...SMALL, ...options });
    const lists = Object.fromEntries(Object.entries(CHOICES).map(([name, list]) => [name, withOwn(list, state[name])]));
    const sliders = Object.fromEntries(Object.keys(CHOICES).map((name) => [name, slider({
      label: name, min: 0, max: lists[name].length - 1, step: 1, value: lists[name].indexOf(state[name]),
      say: (n) => written(lists[name][n]), change: (n) => ((state[name] = lists[name][n]), redraw()),
    })]));
    const turn = (shape) => () => {
      for (const [name, value] of Object.entries(shape)) {
        state[name] = value;
        sliders[name].set(lists[name].indexOf(value));
      }
      redraw();
    };
    const presets = el("div", { class: "tg-line" }, button("SMALL", turn(SMALL)), button("LARGE", turn(LARGE)));

    function draw(narrow) {
      const names = Object.keys(count(state)), row = narrow ? 44 : 30;
      const width = narrow ? NARROW : WIDE, left = narrow ? 8 : 130, right = narrow ? width - 8 : width - 150;
      const drawing = sheet(width, 44 + names.length * row);
      const heading = text("", narrow ? 8 : 130, 22, "tg-f-strong");
      drawing.append(heading);
      const rows = names.map((name, n) => {
        const y = 38 + n * row + (narrow ? 18 : 0);
        const made = {
          back: box(left, y, right - left, 18, "tg-f-cell"), bar: box(left, y, 0, 18, "tg-f-bar"),
          value: narrow ? text("", width - 8, y - 5, "tg-f-end tg-f-mono") : text("", width - 8, y + 14, "tg-f-end tg-f-mono"),
        };
        drawing.append(made.back, made.bar, made.value, narrow ? text(name, left, y - 5) : text(name, left - 10, y + 14, "tg-f-end"));
        return made;
      });

      function update() {
        const parts = count(state), all = total(parts), { n_embed, n_head } = state;
        Object.values(parts).forEach((howMany, n) => {
          set(rows[n].bar, { width: ((right - left) * howMany) / all });
          rows[n].value.textContent = `${written(howMany)} · ${percent(howMany / all)}`;
        });
        heading.textContent = `${written(all)} parameters`;
        const tables = (parts["token embedding"] + parts.lm_head) / all;
        return {
          numbers: [["parameters", written(all)], ["embedding + lm_head", percent(tables)], ["channels of a head", n_embed % n_head ? "–" : String(n_embed / n_head)]],
          says: n_embed % n_head ? `${n_embed} channels cannot be shared by ${n_head} heads: a GPT refuses these two numbers.`
            : "The number of heads changes nothing: they share the channels among themselves.",
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [...Object.values(sliders).map((one) => one.element), presets] };
  }

  Object.assign(make, { count, total, CHOICES });
  figure("parameters", make);
})(globalThis);
