/* What can be done with a model that is trained: play with it, save it. */
(function (root) {
  "use strict";
  const { saving, showing: { rungName, whole }, parts: { el, unique, button, enable } } = root.tutorgpt;

  const CHECKPOINT = "model.safetensors"; // the name by which tutorgpt knows one
  const HOW = `Saved as ${CHECKPOINT}. Where tutorgpt is installed, tutorgpt sample ${CHECKPOINT} lets it write, `
    + `and with the text saved too, tutorgpt eval ${CHECKPOINT} --corpus text.txt measures its held-out loss again.`;

  /* The playground's scripts and its style sheet, when they are wanted. */
  function bringPlayground() {
    const { use, lists, files } = root.tutorgpt;
    use(lists.playground);
    if (document.querySelector("style[data-tg-playground]")) return;
    document.head.append(el("style", { "data-tg-playground": true }, files["playground.css"]));
  }

  const model = ({ name, spec, end: { weights, characters } }) => ({ name, spec, characters, weights });
  const note = ({ step, source }) => `Trained on this page for ${whole(step)} steps; its text: ${source.title}.`;
  const packed = (run) => saving.pack(model(run), { step: run.step, loss: run.end.val_loss, note: note(run) });

  function makeTrained() {
    const which = el("select", { id: unique("model"), onchange: () => choose() });
    const says = el("p", { class: "tg-small" }), done = el("p", { role: "status" });
    const place = el("div", { hidden: true });
    let runs = [], names = "";

    const open = button("Open in the playground", () => attempt(() => {
      bringPlayground();
      const inner = el("div", {});
      place.replaceChildren(el("p", { class: "tg-l-head" }, `The playground: ${rungName(run())}`), inner);
      place.hidden = false;
      root.tutorgpt.mount(inner, { prompt: run().prompt }, packed(run()));
      done.textContent = "It is open below.";
      inner.querySelector("textarea")?.focus();
    }));
    const checkpoint = button("Save as a checkpoint", () => attempt(async () => {
      saving.download(CHECKPOINT, await saving.checkpoint(model(run())), "application/octet-stream");
      done.textContent = HOW;
    }));
    const page = button("Save as a page", () => attempt(() => {
      bringPlayground();
      const { name, prompt } = run(), file = `${name}.html`;
      saving.download(file, saving.savedPage(packed(run()), { title: `${name}, trained in a browser`, prompt }), "text/html");
      done.textContent = `Saved as ${file}: one page with the model in it, which needs no network.`;
    }));

    async function attempt(act) {
      done.textContent = "";
      try {
        await act();
      } catch (error) {
        done.textContent = `This cannot be done: ${error.message}.`;
      }
    }
    const run = () => runs[which.selectedIndex];
    function choose() {
      const played = saving.PLAYED.includes(run()?.name);
      [open, page].forEach((each) => enable(each, played));
      says.textContent = played ? "" : "The playground, and the page with one, show models from chapter 5 on; this one can be saved as a checkpoint.";
      done.textContent = "";
    }

    /* all: every run. The newest is chosen when there is a new one. */
    function show(all) {
      runs = all.filter(({ end }) => end?.weights);
      element.hidden = !runs.length;
      if (!runs.length) (place.replaceChildren(), (place.hidden = true));
      const now = runs.map(({ tag, name, source }) => `${tag}. ${name} ${source.key}`).join();
      if (now === names) return;
      names = now;
      which.replaceChildren(...runs.map(({ tag, name }) => el("option", {}, `${tag}. ${name}`)));
      which.selectedIndex = runs.length - 1;
      choose();
    }
    const element = el("div", { class: "tg-l-trained", hidden: true },
      el("p", { class: "tg-line" }, el("span", { class: "tg-select" }, el("label", { for: which.id }, "trained model"), which), open, checkpoint, page),
      says, done, place);
    return { element, show };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { makeTrained });
})(globalThis);
