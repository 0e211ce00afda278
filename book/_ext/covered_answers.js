/* What answers a prediction is covered until the reader has made one, or asks
   for it. What was opened, and what was written, is there again. */
(function (root) {
  "use strict";
  const PLACE = "predictions"; // by id: {open, text}
  const { kept } = root.tutorgpt;

  const known = (id) => kept.recall(PLACE)?.[id] ?? {};
  const note = (id, change) => kept.keep(PLACE, { ...kept.recall(PLACE), [id]: { ...known(id), ...change } });

  /* Whether the reader has opened it, or has answered. */
  const isOpen = (id) => known(id).open ?? Boolean(known(id).text || root.tutorgpt.answers?.get(id));

  /* The reader's own click, by mouse or key, is remembered. */
  function remember(fold, id) {
    fold.querySelector("summary").addEventListener("click", () => note(id, { open: !fold.open }));
  }

  function startCover(cover) {
    const id = cover.dataset.answers, box = cover.previousElementSibling;
    const show = () => (cover.open = isOpen(id));
    show();
    remember(cover, id);
    if (box?.matches(".tg-box-predict")) askIn(box, id, show);
    document.addEventListener("tg-answer", ({ detail }) => {
      if (detail.id !== id) return;
      note(id, { open: true });
      show();
    });
    document.addEventListener("tg-answers", show);
  }

  /* A line for words or a number, in a box that has no question of the quiz. */
  function askIn(box, id, show) {
    const field = document.createElement("input"), label = document.createElement("label"), form = document.createElement("form");
    Object.assign(field, { type: "text", maxLength: 200, autocomplete: "off", value: known(id).text ?? "" });
    label.append("Your prediction ", field);
    form.className = "tg-guess";
    form.append(label);
    const take = () => {
      const text = field.value.trim();
      if (text === (known(id).text ?? "")) return;
      note(id, text ? { text, open: true } : { text });
      show();
    };
    form.addEventListener("submit", (event) => (event.preventDefault(), take()));
    field.addEventListener("change", take);
    box.append(form);
  }

  addEventListener("DOMContentLoaded", () => {
    for (const cover of document.querySelectorAll(".tg-cover")) startCover(cover);
    for (const fold of document.querySelectorAll(".tg-deeper")) {
      const { id } = fold.parentElement;
      fold.open = known(id).open ?? false;
      remember(fold, id);
    }
  });
})(globalThis);
