/* Ages: the same prompt, continued by the model as it was at several moments
   of its training. A panel, as those of panels.js. */
(function (root) {
  "use strict";
  const { randomFrom, parts } = root.tutorgpt;
  const { el, unique, button } = parts;

  const LENGTH = 90; // characters that each of them writes

  const ageName = ({ step, loss }) =>
    `step ${step.toLocaleString("en")}, loss ${loss.toFixed(2)}`;

  /* begin: starts the text anew. */
  function makeAges(reading, begin) {
    const list = el("dl", { class: "tg-ages" });
    const all = button("Let all of them write", async () => {
      all.disabled = true;
      list.replaceChildren();
      const prompt = reading.model.encode(reading.prompt).filter((n) => n >= 0);
      if (prompt.length)
        for (const [which, snapshot] of reading.pack.snapshots.entries()) {
          const written = write(reading.modelOf(which), prompt);
          list.append(el("dt", {}, ageName(snapshot)), el("dd", {}, written));
          await new Promise((done) => setTimeout(done)); // let it be shown
        }
      reading.readAgain();
      all.disabled = false;
    });

    /* What a whole model, with no part switched off, adds to the prompt. */
    function write(model, prompt) {
      const random = randomFrom(reading.settings.seed), tokens = [...prompt];
      model.switchOff([]);
      while (tokens.length < prompt.length + LENGTH) {
        model.read(tokens);
        tokens.push(reading.next(model.logits(), random));
      }
      return tokens.slice(prompt.length).map((n) => model.characters[n]).join("");
    }

    const group = unique("age");
    const choice = (snapshot, which) => {
      const id = unique("age");
      const input = el("input", {
        type: "radio", name: group, id, checked: which === reading.which,
        onchange: () => {
          reading.use(which);
          begin();
        },
      });
      return el("span", { class: "tg-check" },
        input, el("label", { for: id }, ageName(snapshot)));
    };
    const picker = el("fieldset", { class: "tg-line" },
      el("legend", {}, "The playground uses the weights of"),
      ...reading.pack.snapshots.map(choice));
    return {
      name: "ages",
      title: "The same prompt while the model was learning",
      children: [picker, all, list],
      show() {},
    };
  }

  root.tutorgpt.makeAges = makeAges;
})(globalThis);
