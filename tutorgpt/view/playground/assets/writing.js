/* Writing: the buttons, how the next token is drawn, and the bars of
   what may come next. */
(function (root) {
  "use strict";
  const { probabilities, MOST_SEED, parts } = root.tutorgpt;
  const { el, quote, count, unique, slider, checkbox, button, enable, bars } = parts;

  const AT_ONCE = 200; // tokens that one press writes
  const SLICE = 12; // milliseconds of writing between two pictures
  const K_CHOICES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

  /* text: what makeText returned. Returns the elements. */
  function makeWriting(reading, text) {
    const status = el("p", { class: "tg-small", role: "status" });
    const controls = makeControls(reading, text);
    const next = makeBars(reading);
    reading.on("begin", () => { status.textContent = ""; });

    let turn = 0; // of whoever writes: one that was stopped writes no more

    /* As many as fit into a slice, then let the browser show them. */
    function write(howMany) {
      text.settle();
      if (!reading.window.length) return;
      const mine = ++turn, start = performance.now();
      let left = howMany;
      reading.running = true;
      reading.tell("running");
      const frame = () => {
        if (!reading.running || mine !== turn) return;
        const until = performance.now() + SLICE;
        do writeOne(); while (--left > 0 && performance.now() < until);
        text.toEnd();
        if (left > 0) return next.show(), requestAnimationFrame(frame);
        stop();
        const rate = howMany / ((performance.now() - start) / 1000);
        status.textContent = howMany > 1
          ? `${count(howMany, reading.unit)} written, about ${rate.toFixed(0)} a second.`
          : `Written: ${quote(reading.name(reading.items.at(-1).id))}.`;
      };
      requestAnimationFrame(frame);
    }

    function writeOne() {
      reading.add(reading.next(reading.model.logits(), reading.random));
    }

    function stop() {
      if (!reading.running) return;
      reading.running = false;
      reading.tell("running");
      reading.changed();
    }

    const main = { class: "tg-button tg-main" };
    const many = button(`Write ${AT_ONCE} ${reading.unit}s`, () => write(AT_ONCE), main);
    const one = button(`One ${reading.unit}`, () => write(1));
    const end = button("Stop", stop);
    const again = button("Back to the prompt", () => text.begin());
    function buttons() {
      for (const made of [many, one])
        enable(made, !reading.running && reading.window.length > 0);
      enable(end, reading.running);
    }
    reading.on("running", buttons);
    reading.on("chosen", buttons);

    return {
      buttons: el("div", { class: "tg-line" }, many, one, end, again),
      status,
      drawing: el("div", { class: "tg-two" }, controls, next.element),
    };
  }

  /* Temperature, top-k, top-p, the seed and greedy. */
  function makeControls(reading, text) {
    const { settings, pack } = reading;
    const topKs = K_CHOICES.filter((k) => k < pack.config.vocab_size);
    topKs.push(Infinity);
    const last = topKs.length - 1;
    const toHundredths = (n) => n.toFixed(2);
    const sliders = [
      slider({
        label: "temperature", min: 0.1, max: 2, step: 0.05,
        value: settings.temperature, say: toHundredths,
        change: (n) => reading.set("temperature", n),
      }),
      slider({
        label: "top-k", min: 0, max: last, step: 1,
        value: topKs.indexOf(settings.topK),
        say: (n) => (topKs[n] === Infinity ? "all" : String(topKs[n])),
        change: (n) => reading.set("topK", topKs[n]),
      }),
      slider({
        label: "top-p", min: 0.05, max: 1, step: 0.05,
        value: settings.topP, say: toHundredths,
        change: (n) => reading.set("topP", n),
      }),
    ];
    const id = unique("seed");
    const refused = el("p", { class: "tg-error", role: "status" });
    const seed = el("input", {
      type: "number", id, min: 0, max: MOST_SEED, step: 1,
      value: settings.seed, onchange: takeSeed,
    });
    function takeSeed() {
      const wanted = Number(seed.value);
      const fits = seed.value.trim() !== "" && Number.isInteger(wanted)
        && wanted >= 0 && wanted <= MOST_SEED;
      if (fits && wanted !== settings.seed) return text.begin({ seed: wanted });
      sayRefused(fits ? "" : seed.value);
    }
    function sayRefused(wanted) {
      refused.textContent = wanted === "" ? "" : `The seed ${wanted} is not `
        + `taken: write a whole number from 0 to ${MOST_SEED.toLocaleString("en")}. `
        + `The text goes on with the seed ${settings.seed}.`;
    }
    reading.on("begin", () => {
      seed.value = settings.seed;
      sayRefused("");
    });
    const greedy = checkbox("greedy", (on) => reading.set("greedy", on), settings.greedy);
    return el("div", { class: "tg-controls" },
      ...sliders.map((one) => one.element),
      el("div", { class: "tg-line" },
        el("label", { for: id }, "seed"), seed, greedy.element), refused);
  }

  /* The ten likeliest tokens after the chosen position. */
  function makeBars(reading) {
    const list = bars();
    const title = el("p", { class: "tg-caption" });

    function show() {
      const { model, chosen, off, settings: { temperature } } = reading;
      if (chosen < 0) {
        list.show([]);
        title.textContent = "";
        return;
      }
      const scores = model.logits(chosen);
      const now = reading.shares(scores);
      const plain = probabilities(scores, { temperature });
      const before = off.size ? reading.shares(reading.scoresOfAll()) : null;
      const order = Array.from(scores.keys())
        .sort((a, b) => scores[b] - scores[a]).slice(0, 10);
      list.show(order.map((n) => ({
        name: reading.name(n),
        said: reading.said(n),
        share: now[n] || plain[n],
        cut: now[n] === 0,
        before: before?.[n],
      })));
      const isLast = chosen === reading.window.length - 1;
      title.textContent = `What comes after ${quote(reading.nameAt(chosen))}`
        + (isLast ? "" : `, position ${chosen + 1}`)
        + (off.size ? " (the marks: with everything on)" : "");
    }

    reading.on("settings", show);
    reading.on("chosen", show);
    return { show, element: el("div", {}, title, list.element) };
  }

  root.tutorgpt.makeWriting = makeWriting;
})(globalThis);
