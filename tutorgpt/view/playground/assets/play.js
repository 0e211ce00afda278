/* The playground: its parts put together, and how a page asks for one. */
(function (root) {
  "use strict";
  const { Reading, makeText, makeWriting, makePanels, makeAges } = root.tutorgpt;
  const { mountHead, parts: { el, fail, onColours } } = root.tutorgpt;

  function mountPlay(place, options, pack) {
    const reading = new Reading(pack);
    const text = makeText(reading, options.prompt);
    const writing = makeWriting(reading, text);
    const panels = makePanels(reading);
    if (pack.snapshots.length > 1) panels.push(makeAges(reading, text.begin));
    const open = (options.open ?? "").split(" ");
    const rooms = panels.map((panel) => makeRoom(panel, open));
    reading.on("chosen", () => rooms.forEach((room) => room.show()));

    place.replaceChildren(
      text.prompt,
      text.unknown,
      writing.buttons,
      text.text,
      writing.status,
      writing.drawing,
      text.position,
      ...rooms.map((room) => room.element),
      el("p", { class: "tg-small" }, about(reading)));

    text.begin();
    onColours(() => rooms.forEach((room) => room.show()));
    const [attention] = rooms; // its map is as wide as there is room
    new ResizeObserver(() => attention.show()).observe(place);
  }

  /* A panel that can be opened, and is computed only while it is open. */
  function makeRoom({ name, title, children, show }, open) {
    const showIfOpen = () => element.open && show();
    const element = el("details",
      { class: "tg-room", open: open.includes(name), ontoggle: showIfOpen },
      el("summary", {}, title), ...children);
    return { element, show: showIfOpen };
  }

  /* The model's size, and the note of whoever packed it. */
  function about({ pack, model }) {
    const { n_layer: L, n_head: H, block_size: B } = pack.config;
    return `${pack.parameters.toLocaleString("en")} parameters of `
      + `${pack.snapshots.at(-1).bits} bits, ${L} layers of ${H} heads, `
      + `${model.characters.length} characters known, ${B} of them read at `
      + `once.${pack.note ? ` ${pack.note}` : ""}`;
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

  /* For boot.js: a place that brings no model of its own shows the book's. */
  async function startPlay(place, load) {
    const needsDemo = !place.querySelector(".tg-pack") && !/"kind": *"head"/.test(place.dataset.opts);
    if (needsDemo) await load("demo.js");
    mountOne(place);
  }

  Object.assign(root.tutorgpt, { mount, mountAll, mountOne, startPlay });
})(globalThis);
