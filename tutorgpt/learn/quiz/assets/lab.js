/* In JupyterLab the answers go to the kernel, which keeps them in a file.

   It says of each that it is kept, or why it cannot be. Until it is kept the
   answer waits in the tab, also while the page is loaded again, and the next
   living quiz sends it. */
const PATIENCE = 3000; // milliseconds until an answer is called into doubt
const WAITING = "tutorgpt.waiting";
const BUSY = "Not kept yet: the kernel is busy, or it cannot be reached. Your answer waits here, and is kept as soon as it answers; if it was restarted, run this cell again (Shift+Enter).";
const GONE = "The kernel was restarted or has ended. To go on, run this cell again: click on its code, then press Shift+Enter.";
const failed = (trouble) => `Not kept yet: ${trouble}. Your answer waits here; when that is mended, run this cell again (Shift+Enter), and it is kept.`;
const WAITS = "What you answered since then is not kept yet; it waits here, and is kept when you run the cell.";

/* The answers of this tab that no kernel has kept, by question. */
const waiting = (() => {
  const known = (globalThis.tutorgpt.waiting ??= new Map());
  const write = () => {
    try {
      sessionStorage.setItem(WAITING, JSON.stringify([...known]));
    } catch { /* then they wait as long as the page is open */ }
  };
  if (!known.size) {
    try {
      for (const [id, { choice, right }] of JSON.parse(sessionStorage.getItem(WAITING) ?? "[]")) known.set(id, { choice, right });
    } catch { /* not ours, or no storage */ }
  }
  return {
    known,
    put(id, answer) {
      known.set(id, answer);
      write();
    },
    delete(id) {
      known.delete(id);
      write();
    },
  };
})();

export default {
  render({ model, el }) {
    const { quiz } = tutorgpt;
    const place = quiz.build(model.get("page"));
    const forms = [...place.querySelectorAll("form.tg-q")];
    const answers = new Map(Object.entries(model.get("answers")));
    for (const [id, answer] of [...waiting.known]) {
      if (answers.get(id)?.choice === answer.choice) waiting.delete(id);
      else answers.set(id, answer);
    }
    const notice = document.createElement("p");
    notice.className = "tg-q-off tg-q-notice";
    notice.setAttribute("role", "status");

    let gone = false;
    /* Whether the kernel still has this quiz; a restarted one has not. */
    async function look() {
      try {
        const own = await model.widget_manager.get_model(model.get("me"));
        gone = own.comm_live === false;
      } catch { /* another program than JupyterLab: its silence will tell */ }
      show();
    }
    /* Say above the questions, and in each one, what is not kept. */
    function show() {
      const mine = forms.filter(({ dataset }) => waiting.known.get(dataset.id)?.doubtful);
      if (gone && forms.length) notice.textContent = mine.length ? `${GONE} ${WAITS}` : GONE;
      else {
        const trouble = mine.map(({ dataset }) => waiting.known.get(dataset.id).trouble).find(Boolean);
        notice.textContent = trouble ? failed(trouble) : mine.length ? BUSY : "";
      }
      for (const form of forms) {
        form.querySelector(".tg-q-unkept")?.remove();
        if (!mine.includes(form)) continue;
        const line = document.createElement("p");
        line.className = "tg-q-off tg-q-unkept";
        line.textContent = "Not kept yet: see above the first question.";
        form.querySelector(".tg-q-verdict").append(line);
      }
    }
    const changed = () => document.dispatchEvent(new CustomEvent("tg-kept"));

    function send(id, answer) {
      answer.doubtful = gone;
      answer.trouble = "";
      clearTimeout(answer.timer);
      if (!answer.doubtful) {
        answer.timer = setTimeout(() => {
          answer.doubtful = waiting.known.get(id) === answer;
          changed();
        }, PATIENCE);
        const { choice, right } = answer;
        model.send({ id, choice, right });
      }
      setTimeout(changed); // when the verdict stands
    }
    const store = {
      get: (id) => answers.get(id),
      put(id, choice, right) {
        const answer = { choice, right };
        answers.set(id, answer);
        waiting.put(id, answer);
        send(id, answer);
      },
    };

    model.on("msg:custom", (told) => {
      const id = told.kept ?? told.failed;
      const answer = waiting.known.get(id);
      if (!answer || (told.choice ?? answer.choice) !== answer.choice) return;
      clearTimeout(answer.timer);
      if (told.kept) waiting.delete(id);
      else Object.assign(answer, { doubtful: true, trouble: told.trouble });
      changed();
    });
    model.on("comm_live_update", look);
    // What another cell of this notebook asked is known here, too.
    const listen = ({ detail }) => answers.set(detail.id, detail);
    document.addEventListener("tg-answer", listen, true);
    document.addEventListener("tg-kept", show);
    const leave = [keepKeys(place), hideLine(el)];
    place.prepend(notice);
    el.replaceChildren(place);
    leave.push(quiz.start(place, store));
    look().then(() => {
      // Those that are on their way are left alone.
      if (!gone) for (const [id, answer] of waiting.known) if (answer.doubtful !== false) send(id, answer);
    });
    return () => {
      document.removeEventListener("tg-answer", listen, true);
      document.removeEventListener("tg-kept", show);
      leave.forEach((end) => end());
    };
  },
};
