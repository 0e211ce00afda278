/* The playground: its parts put together, and how a page asks for one. */
(function (root) {
  "use strict";
  const { Reading, makeText, makeWriting, makePanels, makeAges } = root.tutorgpt;
  const { mountHead, kept, parts: { el, button, radios, count, fail, onColours } } = root.tutorgpt;

  const CHANGES = ["begin", "add", "chosen", "settings", "running"];

  function mountPlay(place, options, pack) {
    if (!pack) throw new Error("the model's data is missing: export the page again");
    const name = nameOf(options, pack), state = kept.recall(name);
    try {
      build(place, options, pack, name, { state });
    } catch (error) {
      if (state === undefined) throw error;
      kept.keep(name, undefined); // of another version: as it opens, then
      build(place, options, pack, name);
    }
  }

  /* state: what was kept of this place. lost: a text that can be brought back. */
  function build(place, options, pack, name, { state, lost } = {}) {
    const reading = new Reading(pack, state);
    const text = makeText(reading, state?.text.prompt ?? options.prompt);
    const writing = makeWriting(reading, text);
    const panels = makePanels(reading);
    if (pack.snapshots.length > 1) panels.push(makeAges(reading, text.begin));
    const open = state?.open ?? (options.open ?? "").split(" ");
    const rooms = panels.map((panel) => makeRoom(panel, open, () => keep()));
    const again = button("As it was at first", startOver);
    reading.on("chosen", () => rooms.forEach((room) => room.show()));

    place.style.setProperty("--tg-name", reading.unit === "character" ? "0ch" : "4ch"); // what names are longer
    place.replaceChildren(
      text.prompt,
      text.unknown,
      writing.buttons,
      text.text,
      text.lost,
      writing.status,
      writing.drawing,
      text.position,
      ...rooms.map((room) => room.element),
      el("p", { class: "tg-small" }, about(reading)),
      again);
    if (!state) text.begin();
    reading.take(state?.text ?? reading.text, state?.lost ?? lost);
    if (state) reading.choose(state.chosen);

    // What is shown and set is there again when the page is.
    const keep = () => kept.keepSoon(name, () => ({
      ...reading.state,
      open: rooms.filter(({ element }) => element.open).map((room) => room.name),
    }));
    for (const change of CHANGES) reading.on(change, keep);

    const endColours = onColours(() => rooms.forEach((room) => room.show()));
    const [attention] = rooms; // its map is as wide as there is room
    const sizes = new ResizeObserver(() => attention.show());
    sizes.observe(place);

    // For whoever puts another one into this place.
    place.tgEnd = () => {
      reading.running = false;
      endColours();
      sizes.disconnect();
    };

    function startOver() {
      place.tgEnd();
      build(place, options, pack, name, { lost: reading.aside });
      kept.keepSoon(name, () => undefined); // until something is changed
      place.lastChild.focus();
    }
  }

  /* Which playground this is: this model's, opened with these options. */
  const nameOf = (options, pack) =>
    `play ${pack.snapshots.map(({ crc32 }) => crc32).join(" ")} ${JSON.stringify(options)}`;

  /* A panel that can be opened, and is computed only while it is open. */
  function makeRoom({ name, title, children, show }, open, changed) {
    const showIfOpen = () => element.open && show();
    const element = el("details",
      {
        class: "tg-room", open: open.includes(name),
        ontoggle: () => (showIfOpen(), changed()),
      },
      el("summary", {}, title), ...children);
    return { name, element, show: showIfOpen };
  }
  /* The model's size, and the note of whoever packed it. */
  function about({ pack, model }) {
    const { n_layer: L, n_head: H, block_size: B } = pack.config;
    return `${pack.parameters.toLocaleString("en")} parameters of `
      + `${pack.snapshots.at(-1).bits} bits, ${L} layers of ${H} heads, `
      + `${count(model.tokenizer.size, model.tokenizer.unit)} known, ${B} of them read at `
      + `once.${pack.note ? ` ${pack.note}` : ""}`;
  }

  /* Show what the options ask for, or say why not. */
  function mount(place, options, pack) {
    place.classList.add("tg-ui");
    place.dataset.tgReady = "no";
    try {
      if (options.kind === "head") mountHead(place);
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

  // ------------------------------------------------- several models

  const CHOICE = "play which"; // where the chosen model is kept

  /* A playground for the one of several models that is chosen. Each has a file
     of its own, which nothing loads before. models: their files and labels,
     with what else each asks for; the other options are for all of them. */
  async function mountChoice(place, { models, ...options }, load) {
    const inner = el("div"), says = el("p", { class: "tg-small", role: "status" });
    const picker = radios("Which model?", models.map(({ label }) => label), choose);
    let wanted = Math.max(0, models.findIndex(({ file }) => file === kept.recall(CHOICE)));
    let shown = -1;

    async function show() {
      const which = wanted, { file, label, ...own } = models[which];
      says.textContent = `The model is being read: ${label}.`;
      await load(`${file}.js`);
      if (which !== wanted) return; // another was chosen since
      says.textContent = "";
      if (which === shown) return;
      kept.keepNow();
      inner.tgEnd?.();
      shown = which;
      try {
        mountPlay(inner, { ...own, ...options }, root.tutorgpt[file]);
      } catch (error) {
        fail(inner, error);
      }
      picker.querySelectorAll("input")[shown].checked = true;
      kept.keep(CHOICE, file);
    }

    function choose(which) {
      wanted = which;
      show().catch((error) => {
        wanted = shown;
        picker.querySelectorAll("input")[shown].checked = true;
        says.textContent = `This model cannot be loaded (${error.message} is missing): build the book again.`;
      });
    }

    await show();
    place.classList.add("tg-ui");
    place.replaceChildren(picker, says, inner);
    place.dataset.tgReady = "yes";
  }

  /* For boot.js: a place that brings no model of its own shows the book's. */
  async function startPlay(place, load) {
    if (/"models":/.test(place.dataset.opts)) return mountChoice(place, JSON.parse(place.dataset.opts), load);
    const needsDemo = !place.querySelector(".tg-pack") && !/"kind": *"head"/.test(place.dataset.opts);
    if (needsDemo) await load("demo.js");
    mountOne(place);
  }

  Object.assign(root.tutorgpt, { mount, mountAll, mountOne, startPlay });
})(globalThis);
