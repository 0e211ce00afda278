/* The playground: a prompt, a model, and everything the model computes. */
(function (root) {
  "use strict";
  const { Model, probabilities, likeliest, draw, randomFrom, parts, mountHead } = root.tutorgpt;
  const { el, seen, said, percent, short, unique, slider, select, checkbox, button, bars, heatMap, table, fail, onColours } = parts;

  const AT_ONCE = 200; // characters that one press writes
  const K_CHOICES = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];
  const quote = (c) => `‘${seen(c)}’`;

  function mountPlay(place, options, pack) {
    const models = new Map(); // by snapshot, read when first used
    const state = {
      which: pack.snapshots.length - 1,
      items: [], // {c, id} of every character; id -1: unknown
      window: [], // places in items of what the model reads
      chosen: -1, // place in window
      layer: pack.config.n_layer - 1,
      head: 0,
      off: new Set(),
      running: false,
      random: null,
    };
    const settings = { temperature: 1, topK: Infinity, topP: 1, greedy: false, seed: 1337 };

    function modelOf(which) {
      if (!models.has(which)) models.set(which, new Model(pack, which));
      return models.get(which);
    }
    let model = modelOf(state.which);
    const { n_layer: L, n_head: H, block_size: B } = pack.config;
    const character = (n) => model.characters[model.tokens[n]];

    // ------------------------------------------------------- the text

    const promptId = unique("prompt");
    const prompt = el("textarea", { id: promptId, rows: 2, spellcheck: "false", autocomplete: "off", oninput: () => restart() });
    prompt.value = options.prompt ?? firstPrompt();
    const unknown = el("p", { class: "tg-note", role: "status" });
    const text = el("div", { class: "tg-text", tabindex: 0, role: "region", "aria-label": "The text" });
    const status = el("p", { class: "tg-small", role: "status" });
    const spans = [];

    function firstPrompt() {
      return ["ROMEO:\n", "明月", "The ", "\n"].find((t) => modelOf(state.which).encode(t).every((n) => n >= 0))
        ?? model.characters[0];
    }

    function add(c, id, given) {
      const n = state.items.push({ c, id }) - 1;
      const span = el("span", { class: id < 0 ? "tg-unknown" : given ? "tg-given" : false }, c === "\n" ? "↵\n" : c);
      if (c === "\n") span.classList.add("tg-break");
      span.tgPlace = n;
      spans.push(span);
      text.append(span);
    }

    function restart() {
      stop();
      state.items.length = spans.length = 0;
      text.replaceChildren();
      const given = Array.from(prompt.value || "");
      const numbers = model.encode(prompt.value || "");
      given.forEach((c, n) => add(c, numbers[n], true));
      sayUnknown(given.filter((_, n) => numbers[n] < 0));
      state.random = randomFrom(settings.seed);
      status.textContent = "";
      readAll();
      refresh();
    }

    function sayUnknown(strange) {
      const names = [...new Set(strange)].slice(0, 8).map((c) =>
        `${seen(c)} (U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")})`);
      unknown.textContent = names.length
        ? `The model never saw ${names.join(", ")}: it has a number only for the ${model.characters.length} characters of its corpus, so what is underlined here is left out.`
        : state.items.length ? "" : "The prompt is empty: type at least one character.";
    }

    /* Let the model read the end of the text. */
    function readAll() {
      const known = state.items.flatMap((item, n) => (item.id < 0 ? [] : [n]));
      state.window = known.slice(-B);
      model.read(state.window.map((n) => state.items[n].id));
      state.chosen = state.window.length - 1;
    }

    // -------------------------------------------------- writing

    function shares(scores) {
      if (!settings.greedy) return probabilities(scores, settings);
      const one = new Float64Array(scores.length);
      one[likeliest(scores)] = 1;
      return one;
    }

    function writeOne() {
      const scores = model.logits();
      const id = settings.greedy ? likeliest(scores) : draw(probabilities(scores, settings), state.random);
      add(model.characters[id], id, false);
      readAll();
    }

    function write(howMany) {
      if (!state.window.length) return;
      let left = howMany;
      state.running = true;
      buttons();
      const start = performance.now();
      const frame = () => {
        if (!state.running) return;
        const until = performance.now() + 12;
        do writeOne(); while (--left > 0 && performance.now() < until);
        text.scrollTop = text.scrollHeight;
        if (left > 0) return showBars(), requestAnimationFrame(frame);
        stop();
        const rate = howMany / ((performance.now() - start) / 1000);
        status.textContent = howMany > 1 ? `${howMany} characters written, about ${rate.toFixed(0)} a second.` : `Written: ${quote(state.items.at(-1).c)}.`;
      };
      requestAnimationFrame(frame);
    }

    function stop() {
      if (!state.running) return;
      state.running = false;
      buttons();
      refresh();
    }

    const writeButton = button(`Write ${AT_ONCE} characters`, () => write(AT_ONCE), { class: "tg-button tg-main" });
    const stepButton = button("One character", () => write(1));
    const stopButton = button("Stop", stop);
    const againButton = button("Back to the prompt", restart);
    function buttons() {
      writeButton.disabled = stepButton.disabled = state.running || !state.window.length;
      stopButton.disabled = !state.running;
    }

    const topKs = [...K_CHOICES.filter((k) => k < pack.config.vocab_size), Infinity];
    const changed = (name, of = (n) => n) => (value) => {
      settings[name] = of(value);
      showBars();
    };
    const sliders = [
      slider({ label: "temperature", min: 0.1, max: 2, step: 0.05, value: 1, say: (n) => n.toFixed(2), change: changed("temperature") }),
      slider({ label: "top-k", min: 0, max: topKs.length - 1, step: 1, value: topKs.length - 1, say: (n) => (topKs[n] === Infinity ? "all" : String(topKs[n])), change: changed("topK", (n) => topKs[n]) }),
      slider({ label: "top-p", min: 0.05, max: 1, step: 0.05, value: 1, say: (n) => n.toFixed(2), change: changed("topP") }),
    ];
    const seedId = unique("seed");
    const seed = el("input", { type: "number", id: seedId, min: 0, max: 2 ** 31 - 1, step: 1, value: settings.seed,
      onchange: () => { settings.seed = Math.abs(Math.trunc(Number(seed.value))) || 0; seed.value = settings.seed; restart(); } });
    const greedy = checkbox("greedy", (on) => { settings.greedy = on; showBars(); });

    // ------------------------------------------------ what comes next

    const nextBars = bars();
    const nextTitle = el("p", { class: "tg-caption" });

    function showBars() {
      if (state.chosen < 0) {
        nextBars.show([]);
        nextTitle.textContent = "";
        return;
      }
      const scores = model.logits(state.chosen);
      const now = shares(scores), plain = probabilities(scores, { temperature: settings.temperature });
      const before = state.off.size ? shares(scoresOfAll()) : null;
      const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]).slice(0, 10);
      nextBars.show(order.map((n) => ({
        character: model.characters[n],
        share: now[n] || plain[n],
        cut: now[n] === 0,
        before: before?.[n],
      })));
      nextTitle.textContent = `What comes after ${quote(character(state.chosen))}`
        + (state.chosen < state.window.length - 1 ? `, position ${state.chosen + 1}` : "")
        + (state.off.size ? " (the marks: with everything on)" : "");
    }

    /* The scores with nothing switched off, to compare with. */
    function scoresOfAll() {
      const { tokens } = model;
      model.switchOff([]);
      model.read(tokens);
      const scores = model.logits(state.chosen);
      model.switchOff(state.off);
      model.read(tokens);
      return scores;
    }

    // ------------------------------------------ the chosen position

    const position = slider({
      label: "look at position", min: 1, max: 1, step: 1, value: 1,
      say: (n) => (state.window.length ? `${n}: ${seen(character(n - 1) ?? "")}` : "–"),
      change: (n) => choose(n - 1),
    });

    function choose(n) {
      state.chosen = Math.max(0, Math.min(n, state.window.length - 1));
      position.set(state.chosen + 1);
      showChosen();
    }

    const placeIn = (event) => {
      const span = event.target.closest?.("span");
      return span && span.tgPlace !== undefined ? state.window.indexOf(span.tgPlace) : -1;
    };
    text.addEventListener("pointerover", (event) => {
      const n = placeIn(event);
      if (n >= 0 && !state.running) colourText(n);
    });
    text.addEventListener("pointerleave", () => !state.running && colourText(state.chosen));
    text.addEventListener("click", (event) => placeIn(event) >= 0 && choose(placeIn(event)));

    /* Shade each character by how much position t looks at it. */
    function colourText(t) {
      const places = new Map(state.window.map((n, s) => [n, s]));
      const weights = model.attention[state.layer][state.head];
      spans.forEach((span, n) => {
        const s = places.get(n);
        const share = s !== undefined && s <= t ? weights[t * B + s] : 0;
        span.style.setProperty("--tg-share", `${Math.round(85 * share)}%`);
        span.classList.toggle("tg-looking", s === t && t >= 0);
        span.classList.toggle("tg-outside", s === undefined && state.items[n].id >= 0);
      });
      sayLooks(t);
    }

    function sayLooks(t) {
      if (t < 0) return void (looks.textContent = "");
      const row = Array.from({ length: t + 1 }, (_, s) => [s, model.attention[state.layer][state.head][t * B + s]]);
      const best = row.sort((a, b) => b[1] - a[1]).slice(0, 4);
      looks.textContent = `Head ${state.head + 1} of layer ${state.layer + 1}: ${quote(character(t))} at position ${t + 1} looks at `
        + best.map(([s, share]) => `${quote(character(s))} (${s + 1}) ${percent(share)}`).join(", ") + ".";
    }
    const looks = el("p", { class: "tg-caption" });

    // ------------------------------------------------------ the rooms

    const rooms = [];
    /* A part that is computed only while it is open. */
    function room(name, title, children, show) {
      const box = el("details", { class: "tg-room", open: (options.open ?? "").split(" ").includes(name), ontoggle: () => box.open && show() },
        el("summary", {}, title), ...children);
      rooms.push(() => box.open && show());
      return box;
    }
    const whichHead = (change) => el("div", { class: "tg-line" },
      select("layer", Array.from({ length: L }, (_, n) => `${n + 1}`), (n) => change("layer", n)),
      select("head", Array.from({ length: H }, (_, n) => `${n + 1}`), (n) => change("head", n)));
    const headPickers = [];
    function headPicker() {
      const made = whichHead((name, n) => {
        state[name] = n;
        syncPickers();
        showChosen();
      });
      headPickers.push(made);
      return made;
    }
    function syncPickers() {
      for (const picker of headPickers) {
        const [layer, head] = picker.querySelectorAll("select");
        layer.value = state.layer;
        head.value = state.head;
      }
    }

    const canvas = el("canvas", { class: "tg-map", role: "img" });
    let map = null, first = 0;
    const mapCaption = el("p", { class: "tg-small" });
    function showMap() {
      if (!state.window.length) {
        map = null;
        canvas.width = canvas.height = 0;
        return void (mapCaption.textContent = "");
      }
      const characters = state.window.map((_, n) => character(n));
      const room = Math.min(canvas.parentElement.clientWidth || 320, 520);
      first = Math.max(0, characters.length - Math.min(40, Math.floor(room / 11)));
      const weights = model.attention[state.layer][state.head];
      map = heatMap(canvas, { characters, first, chosen: state.chosen, weight: (t, s) => weights[t * B + s] });
      canvas.setAttribute("aria-label", `Attention map of head ${state.head + 1} in layer ${state.layer + 1}; the sentence above says what the chosen row looks at.`);
      mapCaption.textContent = `A row looks at its columns; the strongest look is ${percent(map.top)}.`
        + (first ? ` Drawn: the last ${characters.length - first} of ${characters.length} positions.` : "");
    }
    const rowAt = (event) => {
      const box = canvas.getBoundingClientRect();
      const t = first + Math.floor((event.clientY - box.top - map.edge) / map.cell);
      return t >= first && t < state.window.length ? t : -1;
    };
    canvas.addEventListener("pointermove", (event) => map && rowAt(event) >= 0 && colourText(rowAt(event)));
    canvas.addEventListener("pointerleave", () => colourText(state.chosen));
    canvas.addEventListener("click", (event) => map && rowAt(event) >= 0 && choose(rowAt(event)));

    const steps = el("div", { class: "tg-scroll", tabindex: 0, role: "region", "aria-label": "The six steps in numbers" });
    const stepsSum = el("p", { class: "tg-caption" });
    const few = (vector) => Array.from(vector.slice(0, 3), short).join(" ") + (vector.length > 3 ? " …" : "");
    function showSteps() {
      if (state.chosen < 0) {
        steps.replaceChildren();
        return void (stepsSum.textContent = "");
      }
      const { query, past, out } = model.sixSteps(state.layer, state.head, state.chosen);
      const upTo = past.slice(0, state.chosen + 3); // and two that are hidden
      const D = pack.config.n_embed / H;
      steps.replaceChildren(table(["", ...upTo.map((_, s) => `${seen(character(s))} ${s + 1}`)], [
        ["1 key k", ...upTo.map((p) => few(p.key))],
        ["2 score q·k", ...upTo.map((p) => short(p.score))],
        [`3 ÷ √${D}`, ...upTo.map((p) => short(p.scaled))],
        ["4 masked", ...upTo.map((p) => (p.masked ? "−∞" : short(p.scaled)))],
        ["5 softmax", ...upTo.map((p) => percent(p.weight))],
        ["value v", ...upTo.map((p) => few(p.value))],
      ]));
      // To the end, and a little farther where a column would be cut in two.
      steps.style.paddingRight = 0;
      const [label, ...columns] = steps.querySelectorAll("thead th");
      const end = steps.scrollWidth - steps.clientWidth;
      const whole = columns.map((column) => column.offsetLeft - label.offsetWidth).find((edge) => edge >= end) ?? end;
      steps.style.paddingRight = `${whole - end}px`;
      steps.scrollLeft = whole;
      stepsSum.textContent = `${quote(character(state.chosen))} asks with the query ${few(query)}. Step 6, the sum of all values times their weights: ${few(out)} (the first of ${D} channels each).`;
    }

    const lens = el("div", { class: "tg-scroll", tabindex: 0, role: "region", "aria-label": "Predictions after each layer" });
    function showLens() {
      if (state.chosen < 0) return lens.replaceChildren();
      const rows = Array.from({ length: L + 1 }, (_, layer) => {
        const scores = model.logits(state.chosen, layer), p = probabilities(scores);
        const best = Array.from(p.keys()).sort((a, b) => p[b] - p[a]).slice(0, 4);
        return [layer ? `after layer ${layer}` : "embedding alone", ...best.map((n) => `${seen(model.characters[n])} ${percent(p[n])}`)];
      });
      lens.replaceChildren(table(["", "1st", "2nd", "3rd", "4th"], rows));
    }

    const effect = el("p", { class: "tg-caption", role: "status" });
    const switches = Array.from({ length: L }, (_, layer) =>
      el("fieldset", { class: "tg-line" }, el("legend", {}, `Layer ${layer + 1}`),
        toggle("whole layer", `${layer}`), ...Array.from({ length: H }, (_, head) => toggle(`head ${head + 1}`, `${layer}.${head}`))));
    function toggle(label, part) {
      return checkbox(label, (on) => {
        state.off[on ? "add" : "delete"](part);
        model.switchOff(state.off);
        model.read(state.window.map((n) => state.items[n].id));
        showChosen();
      }).element;
    }
    function showEffect() {
      if (!state.off.size || state.chosen < 0) return void (effect.textContent = "Nothing is switched off.");
      const was = scoresOfAll(), is = model.logits(state.chosen), best = likeliest(was), now = likeliest(is);
      effect.textContent = `After ${quote(character(state.chosen))} the whole model puts ${percent(probabilities(was)[best])} on ${quote(model.characters[best])}, without the parts ticked ${percent(probabilities(is)[best])}`
        + (now === best ? "." : `; the first choice is now ${quote(model.characters[now])}.`);
    }

    const ages = el("dl", { class: "tg-ages" });
    const ageName = ({ step, loss }) => `step ${step.toLocaleString("en")}, loss ${loss.toFixed(2)}`;
    const agesButton = button("Let all of them write", async () => {
      agesButton.disabled = true;
      const known = state.items.filter((item) => item.id >= 0);
      const start = model.encode(prompt.value).filter((n) => n >= 0);
      ages.replaceChildren();
      for (const [which, snapshot] of known.length && start.length ? pack.snapshots.entries() : []) {
        const writer = modelOf(which), random = randomFrom(settings.seed), tokens = [...start];
        writer.switchOff([]);
        while (tokens.length < start.length + 90) {
          writer.read(tokens);
          tokens.push(settings.greedy ? likeliest(writer.logits()) : draw(probabilities(writer.logits(), settings), random));
        }
        ages.append(el("dt", {}, ageName(snapshot)), el("dd", {}, tokens.slice(start.length).map((n) => writer.characters[n]).join("")));
        await new Promise((done) => setTimeout(done));
      }
      model.switchOff(state.off);
      model.read(state.window.map((n) => state.items[n].id));
      agesButton.disabled = false;
    });
    const ageGroup = unique("age");
    const agePicker = el("fieldset", { class: "tg-line" }, el("legend", {}, "The playground uses the weights of"),
      ...pack.snapshots.map((snapshot, n) => {
        const id = unique("age");
        return el("span", { class: "tg-check" },
          el("input", { type: "radio", name: ageGroup, id, checked: n === state.which, onchange: () => {
            state.which = n;
            model = modelOf(n);
            model.switchOff(state.off);
            restart();
          } }),
          el("label", { for: id }, pack.snapshots.length > 1 ? ageName(snapshot) : ""));
      }));

    // --------------------------------------------------------- showing

    function showChosen() {
      colourText(state.chosen);
      showBars();
      rooms.forEach((show) => show());
    }

    function refresh() {
      buttons();
      const last = Math.max(1, state.window.length);
      position.set(state.chosen + 1, { max: last });
      position.input.disabled = !state.window.length;
      showChosen();
    }

    const size = `${pack.parameters.toLocaleString("en")} parameters of ${pack.snapshots.at(-1).bits} bits, ${L} layers of ${H} heads, ${model.characters.length} characters known, ${B} of them read at once.`;
    place.replaceChildren(
      el("div", { class: "tg-field" }, el("label", { for: promptId }, "Prompt"), prompt),
      unknown,
      el("div", { class: "tg-line" }, writeButton, stepButton, stopButton, againButton),
      text,
      status,
      el("div", { class: "tg-two" },
        el("div", { class: "tg-controls" },
          ...sliders.map((s) => s.element),
          el("div", { class: "tg-line" }, el("label", { for: seedId }, "seed"), seed, greedy.element)),
        el("div", {}, nextTitle, nextBars.element)),
      el("div", { class: "tg-position" }, position.element, looks),
      room("attention", "What each character looks at", [headPicker(), el("div", {}, canvas), mapCaption], showMap),
      room("steps", "The six steps of one head, in numbers", [headPicker(), stepsSum, steps], showSteps),
      room("lens", "What each layer would already say", [el("p", { class: "tg-small" }, "The vector after each layer, read by the last norm and the output layer as if no layer followed: the logit lens."), lens], showLens),
      room("off", "Switch a head or a layer off", [...switches, effect], showEffect),
      ...(pack.snapshots.length > 1
        ? [room("ages", "The same prompt while the model was learning", [agePicker, agesButton, ages], () => {})]
        : []),
      el("p", { class: "tg-small" }, size, pack.note ? ` ${pack.note}` : ""));

    syncPickers();
    restart();
    onColours(() => rooms.forEach((show) => show()));
    new ResizeObserver(() => rooms[0]()).observe(place);
  }

  /* Show what the options ask for, or say why not. */
  function mount(place, options, pack) {
    place.classList.add("tg-ui");
    place.dataset.tgReady = "no";
    try {
      if (options.kind === "head") mountHead(place);
      else if (!pack) throw new Error("the model's data is missing: export the page again");
      else mountPlay(place, options, pack);
      place.dataset.tgReady = "yes";
    } catch (error) {
      fail(place, error);
    }
  }

  /* Every place of this page that waits for a playground. */
  function mountAll() {
    for (const place of document.querySelectorAll(".tg-demo:not([data-tg-ready])")) mountOne(place);
  }

  function mountOne(place) {
    let options = {}, pack = root.tutorgpt.demo;
    try {
      options = JSON.parse(place.dataset.opts || "{}");
      const own = place.querySelector(".tg-pack");
      if (own) pack = JSON.parse(own.textContent);
    } catch {
      return fail(place, new Error("the model's data is damaged (it is not JSON): export the page again"));
    }
    mount(place, options, pack);
  }

  Object.assign(root.tutorgpt, { mount, mountAll, mountOne });
})(globalThis);
