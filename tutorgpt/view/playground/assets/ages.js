/* Ages: the same prompt, continued by the model as it was at several moments
   of its training. A panel, as those of panels.js. */
(function (root) {
  "use strict";
  const { randomFrom, parts } = root.tutorgpt;
  const { el, unique, button, enable, shownText } = parts;

  const LENGTH = 90; // tokens that each of them writes

  const ageName = ({ step, loss }) =>
    `step ${step.toLocaleString("en")}, loss ${loss.toFixed(2)}`;

  /* begin: starts the text anew, with other weights if it is told so. */
  function makeAges(reading, begin) {
    const { snapshots } = reading.pack;
    const list = el("dl", { class: "tg-ages" });
    const note = el("p", { class: "tg-small", role: "status" });
    const all = button("Let all of them write", writeAll);

    /* What their texts depend on; others were written for another. */
    const asked = () => JSON.stringify([reading.prompt, reading.settings]);
    let shown = null, writing = false;

    async function writeAll() {
      enable(all, false);
      writing = true;
      shown = asked();
      list.replaceChildren();
      const prompt = reading.model.encode(reading.prompt).filter((n) => n >= 0);
      note.textContent = prompt.length ? "" : "The prompt holds nothing that they could read.";
      for (const [which, snapshot] of prompt.length ? snapshots.entries() : []) {
        const written = write(reader(which), prompt);
        list.append(el("dt", {}, ageName(snapshot)), el("dd", {}, written));
        await new Promise((done) => setTimeout(done)); // let it be shown
        if (shown === null) break; // for another prompt, seed or setting
      }
      writing = false;
      enable(all, true);
    }

    /* Texts of another prompt, seed or setting stand there no longer. */
    function clearStale() {
      if (shown === null || shown === asked()) return;
      const had = list.children.length > 0 || writing;
      shown = null;
      list.replaceChildren();
      note.textContent = had ? "What they wrote belonged to another prompt or setting: let them write again." : "";
    }
    reading.on("begin", clearStale);
    reading.on("settings", clearStale);

    /* Models of this panel's own: the playground may be writing meanwhile. */
    const readers = new Map();
    function reader(which) {
      if (!readers.has(which)) readers.set(which, reading.modelOf(which).twin());
      return readers.get(which);
    }

    /* What a whole model, with no part switched off, adds to the prompt. */
    function write(model, prompt) {
      const random = randomFrom(reading.settings.seed), tokens = [...prompt];
      while (tokens.length < prompt.length + LENGTH) {
        model.read(tokens);
        tokens.push(reading.next(model.logits(), random));
      }
      return shownText(tokens.slice(prompt.length).map(model.tokenizer.stream()));
    }

    const group = unique("age"), inputs = [];
    const choice = (snapshot, which) => {
      const id = unique("age");
      const input = el("input", {
        type: "radio", name: group, id, onchange: () => begin({ which }),
      });
      inputs.push(input);
      return el("span", { class: "tg-check" },
        input, el("label", { for: id }, ageName(snapshot)));
    };
    const picker = el("fieldset", { class: "tg-line" },
      el("legend", {}, `The playground uses the weights of (loss in nats per ${reading.unit})`),
      ...snapshots.map(choice));
    reading.on("begin", () => { inputs[reading.which].checked = true; });
    return {
      name: "ages",
      title: "The same prompt while the model was learning",
      children: [picker, all, note, list],
      show() {},
    };
  }

  root.tutorgpt.makeAges = makeAges;
})(globalThis);
