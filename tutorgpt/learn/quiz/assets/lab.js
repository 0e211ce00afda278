/* In JupyterLab the answers go to the kernel, which keeps them in a file. */
const PATIENCE = 3000; // milliseconds until an answer is called into doubt

export default {
  render({ model, el }) {
    const { quiz } = tutorgpt;
    const answers = new Map(Object.entries(model.get("answers")));
    const unkept = new Map(), notice = document.createElement("p");
    notice.className = "tg-q-off";
    notice.setAttribute("role", "status");
    // The kernel says what it has kept; after a restart it says nothing.
    model.on("msg:custom", ({ kept }) => {
      clearTimeout(unkept.get(kept));
      unkept.delete(kept);
      if (!unkept.size) notice.textContent = "";
    });
    const doubt = () => (notice.textContent = "Not kept yet: the kernel is busy, or it was restarted. Then run this cell again, and answer once more.");
    const store = {
      get: (id) => answers.get(id),
      put(id, choice, right) {
        answers.set(id, { choice, right });
        clearTimeout(unkept.get(id));
        unkept.set(id, setTimeout(doubt, PATIENCE));
        model.send({ id, choice, right });
      },
    };
    // What another cell of this notebook asked is known here, too.
    const listen = ({ detail }) => answers.set(detail.id, detail);
    document.addEventListener("tg-answer", listen, true);
    const place = quiz.build(model.get("page"));
    // Arrows and Enter answer here; JupyterLab would take them as commands.
    for (const part of place.querySelectorAll("input, button, summary")) part.dataset.lmSuppressShortcuts = "true";
    el.replaceChildren(place, notice);
    const leave = quiz.start(place, store);
    return () => {
      unkept.forEach(clearTimeout);
      document.removeEventListener("tg-answer", listen, true);
      leave();
    };
  },
};
