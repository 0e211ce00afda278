/* Panels: what a model computes on its way to a prediction. Each is an
   object {name, title, children, show}; show() is called while it is open. */
(function (root) {
  "use strict";
  const { probabilities, likeliest, parts } = root.tutorgpt;
  const { el, quote, percent, short, select, checkbox, heatMap, scroller, table } = parts;

  function makePanels(reading) {
    return [attention(reading), steps(reading), lens(reading), off(reading)];
  }

  const upTo = (count) => Array.from({ length: count }, (_, n) => `${n + 1}`);

  /* Two lists to choose the head from; all of them show the same choice. */
  function headPicker(reading) {
    const { n_layer: L, n_head: H } = reading.pack.config;
    const picker = el("div", { class: "tg-line" },
      select("layer", upTo(L), (n) => reading.chooseHead(n, reading.head)),
      select("head", upTo(H), (n) => reading.chooseHead(reading.layer, n)));
    const [layer, head] = picker.querySelectorAll("select");
    reading.on("chosen", () => {
      layer.value = reading.layer;
      head.value = reading.head;
    });
    return picker;
  }

  // ------------------------------------------- what is looked at

  function attention(reading) {
    const canvas = el("canvas", { class: "tg-map", role: "img" });
    const caption = el("p", { class: "tg-small" });
    let map = null, first = 0;

    function show() {
      const { layer, head, chosen } = reading;
      if (!reading.window.length) {
        map = null;
        canvas.width = canvas.height = 0;
        caption.textContent = "";
        return;
      }
      const names = reading.window.map((_, n) => reading.nameAt(n));
      const room = Math.min(canvas.parentElement.clientWidth || 320, 520);
      const shown = Math.min(40, Math.floor(room / 11));
      first = Math.max(0, names.length - shown);
      map = heatMap(canvas, {
        names, first, chosen, weight: (t, s) => reading.weight(t, s),
      });
      canvas.setAttribute("aria-label",
        `Attention map of head ${head + 1} in layer ${layer + 1}; the `
        + "sentence above says what the chosen row looks at.");
      const { length } = names;
      caption.textContent = "A row looks at its columns; the strongest look "
        + `is ${percent(map.top)}.`
        + (first
          ? ` Drawn: the last ${length - first} of ${length} positions.`
          : "");
    }

    /* The position whose row the pointer is in, or -1. */
    const rowAt = (event) => {
      if (!map) return -1;
      const { top } = canvas.getBoundingClientRect();
      const t = first + Math.floor((event.clientY - top - map.edge) / map.cell);
      return t >= first && t < reading.window.length ? t : -1;
    };
    /* The tip of the cell under the pointer; none above the diagonal. */
    const tell = (event, t) => {
      const { left } = canvas.getBoundingClientRect();
      const s = first + Math.floor((event.clientX - left - map.edge) / map.cell);
      canvas.title = s < first || s > t ? ""
        : `${quote(reading.nameAt(t))} looks at `
          + `${quote(reading.nameAt(s))} (${t + 1} at ${s + 1}): `
          + percent(reading.weight(t, s));
    };
    canvas.addEventListener("pointermove", (event) => {
      const t = rowAt(event);
      if (t < 0) return;
      reading.look(t);
      tell(event, t);
    });
    canvas.addEventListener("pointerleave", () => reading.look(reading.chosen));
    canvas.addEventListener("click", (event) => {
      const t = rowAt(event);
      if (t >= 0) reading.choose(t);
    });
    return {
      name: "attention",
      title: `What each ${reading.unit} looks at`,
      children: [headPicker(reading), el("div", {}, canvas), caption],
      show,
    };
  }

  // -------------------------------------------- one head's six steps

  function steps(reading) {
    const numbers = scroller("The six steps in numbers"), { box } = numbers;
    const sum = el("p", { class: "tg-caption" });
    const few = (vector) => Array.from(vector.slice(0, 3), short).join(" ")
      + (vector.length > 3 ? " …" : "");
    const inCell = (vector) => el("span", { class: "tg-vector" }, few(vector));

    function show() {
      const { model, layer, head, chosen, pack: { config } } = reading;
      if (chosen < 0) {
        numbers.show();
        sum.textContent = "";
        return;
      }
      const { query, past, out } = model.sixSteps(layer, head, chosen);
      const shown = past.slice(0, chosen + 3); // and two that are hidden
      const D = config.n_embed / config.n_head;
      const names = shown.map((_, s) => `${reading.nameAt(s)} ${s + 1}`);
      numbers.show(table(["step", ...names], [
        ["1 key k", ...shown.map((p) => inCell(p.key))],
        ["2 score q·k", ...shown.map((p) => short(p.score))],
        [`3 ÷ √${D}`, ...shown.map((p) => short(p.scaled))],
        ["4 masked", ...shown.map((p) => (p.masked ? "−∞" : short(p.scaled)))],
        ["5 softmax", ...shown.map((p) => percent(p.weight))],
        ["value v", ...shown.map((p) => inCell(p.value))],
      ]));
      scrollToEnd(box);
      sum.textContent = `${quote(reading.nameAt(chosen))} asks with the `
        + `query ${few(query)}. Step 6, the sum of all values times their `
        + `weights: ${few(out)} (the first of ${D} channels each).${model.parts.placed}`;
    }

    return {
      name: "steps",
      title: "The six steps of one head, in numbers",
      children: [headPicker(reading), sum, numbers.element],
      show,
    };
  }

  /* To the end, and a little farther where a column would be cut in two. */
  function scrollToEnd(box) {
    box.style.paddingRight = 0;
    const [label, ...columns] = box.querySelectorAll("thead th");
    const end = box.scrollWidth - box.clientWidth;
    const whole = columns
      .map((column) => column.offsetLeft - label.offsetWidth)
      .find((edge) => edge >= end) ?? end;
    box.style.paddingRight = `${whole - end}px`;
    box.scrollLeft = whole;
  }

  // ----------------------------------------------- the logit lens

  function lens(reading) {
    const ranks = scroller("Predictions after each layer");

    function show() {
      const { model, chosen, pack: { config } } = reading;
      if (chosen < 0) return ranks.show();
      const rows = Array.from({ length: config.n_layer + 1 }, (_, layer) => {
        const shares = probabilities(model.logits(chosen, layer));
        const best = Array.from(shares.keys())
          .sort((a, b) => shares[b] - shares[a]).slice(0, 4);
        return [
          layer ? `after layer ${layer}` : "embedding alone",
          ...best.map((n) => `${reading.name(n)} ${percent(shares[n])}`),
        ];
      });
      ranks.show(table(["read", "1st", "2nd", "3rd", "4th"], rows));
    }

    const note = "The vector after each layer, read by the last norm and the "
      + "output layer as if no layer followed: the logit lens.";
    return {
      name: "lens",
      title: "What each layer would already say",
      children: [el("p", { class: "tg-small" }, note), ranks.element],
      show,
    };
  }

  // -------------------------------------------- switching parts off

  function off(reading) {
    const { n_layer: L, n_head: H } = reading.pack.config;
    const effect = el("p", { class: "tg-caption", role: "status" });
    const toggle = (label, part) =>
      checkbox(label, (on) => reading.switchPart(part, on), reading.off.has(part)).element;
    const switches = upTo(L).map((name, layer) =>
      el("fieldset", { class: "tg-line" },
        el("legend", {}, `Layer ${name}`),
        toggle("whole layer", `${layer}`),
        ...upTo(H).map((n, head) => toggle(`head ${n}`, `${layer}.${head}`))));

    function show() {
      const { model, chosen } = reading;
      effect.textContent = reading.off.size && chosen >= 0
        ? compare(reading.scoresOfAll(), model.logits(chosen))
        : "Nothing is switched off.";
    }

    /* The scores before and now, in a sentence. */
    function compare(was, is) {
      const best = likeliest(was), now = likeliest(is);
      return `After ${quote(reading.nameAt(reading.chosen))} the whole `
        + `model puts ${percent(probabilities(was)[best])} on `
        + `${quote(reading.name(best))}, without the parts ticked `
        + percent(probabilities(is)[best])
        + (now === best
          ? "."
          : `; the first choice is now ${quote(reading.name(now))}.`);
    }

    return {
      name: "off",
      title: "Switch a head or a layer off",
      children: [...switches, effect],
      show,
    };
  }

  root.tutorgpt.makePanels = makePanels;
})(globalThis);
