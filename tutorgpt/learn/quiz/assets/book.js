/* In the book the answers stay in the browser, and can be taken along as
   text. One record for all pages, of the same form as the notebooks' file:
   {"format": 1, "quiz": {id: {choice, right, tries}}}. */
(function (root) {
  "use strict";

  const KEY = "tutorgpt.answers", ASIDE = "tutorgpt.answers.aside", FORMAT = 1;
  const ID = /^\d{1,2}\.[qp]\d{1,3}$/;
  const BLOCKED = "This browser keeps nothing for this page: your answers last until you leave it.";
  let unkept = null; // the record, where the browser keeps none

  /* The answers in a text, by question; an Error says what is wrong. */
  function parse(text) {
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      throw new Error("it is not whole, or not a text that this page has written");
    }
    if (data?.format !== FORMAT) throw new Error(`its format is not ${FORMAT}`);
    const quiz = data.quiz;
    if (quiz === null || typeof quiz !== "object" || Array.isArray(quiz)) throw new Error("it has no answers");
    const answers = new Map();
    for (const [id, answer] of Object.entries(quiz)) {
      const { choice, right, tries } = answer ?? {};
      const sound = ID.test(id) && typeof choice === "string" && choice.length <= 100 &&
        typeof right === "boolean" && Number.isInteger(tries) && tries > 0;
      if (!sound) throw new Error(`its answer to ${id.slice(0, 20)} cannot be understood`);
      answers.set(id, { choice, right, tries });
    }
    return answers;
  }

  const written = (answers) => JSON.stringify({ format: FORMAT, quiz: Object.fromEntries([...answers].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))) }, null, 1);

  /* What is kept. What cannot be understood is put aside, not lost. */
  function load() {
    let text;
    try {
      text = localStorage.getItem(KEY);
    } catch {
      return unkept ??= new Map();
    }
    if (text === null) return unkept ?? new Map();
    try {
      return parse(text);
    } catch {
      save(new Map());
      try {
        localStorage.setItem(ASIDE, text);
      } catch { /* no room: there is nothing else to do */ }
      return new Map();
    }
  }

  /* Whether the browser has kept it. */
  function save(answers) {
    try {
      localStorage.setItem(KEY, written(answers));
      unkept = null;
      return true;
    } catch {
      unkept = answers;
      return false;
    }
  }

  const store = {
    get: (id) => load().get(id),
    put(id, choice, right) {
      const answers = load();
      answers.set(id, { choice, right, tries: (answers.get(id)?.tries ?? 0) + 1 });
      save(answers);
    },
  };

  // ------------------------------------------------- the page of answers

  function showCounts(place) {
    const answers = load();
    const sums = { answered: 0, right: 0 };
    const write = (row, counts) => {
      for (const name of ["answered", "right"]) row.querySelector(`[data-count="${name}"]`).textContent = counts[name];
    };
    for (const row of place.querySelectorAll("[data-questions]")) {
      const kept = row.dataset.questions.split(" ").map((id) => answers.get(id)).filter(Boolean);
      const counts = { answered: kept.length, right: kept.filter((answer) => answer.right).length };
      write(row, counts);
      sums.answered += counts.answered;
      sums.right += counts.right;
    }
    write(place.querySelector("[data-sum]"), sums);
  }

  function startPanel(place) {
    const box = place.querySelector("textarea"), said = place.querySelector("[role=status]");
    const say = (text) => (said.textContent = text);
    place.querySelector("[data-do=export]").addEventListener("click", () => {
      box.value = written(load());
      box.select();
      say("Your answers stand in the box: copy the text, and keep it anywhere.");
    });
    place.querySelector("[data-do=import]").addEventListener("click", () => {
      let taken;
      try {
        taken = parse(box.value);
      } catch (error) {
        say(`This text was not taken: ${error.message}. Nothing was changed.`);
        return;
      }
      const answers = load();
      for (const [id, answer] of taken) answers.set(id, answer);
      const kept = save(answers);
      showCounts(place);
      const guesses = [...taken.keys()].filter((id) => id.includes("p")).length;
      const predictions = guesses ? ` and ${guesses} predictions, which are not counted here` : "";
      say(`${taken.size - guesses} answers taken${predictions}.${kept ? "" : ` ${BLOCKED}`}`);
    });
    for (const part of place.querySelectorAll("[hidden]")) part.hidden = false;
    place.querySelector(".tg-q-off")?.remove();
    showCounts(place);
    if (unkept || !save(load())) say(BLOCKED);
    root.addEventListener("storage", () => showCounts(place));
    root.addEventListener("pageshow", () => showCounts(place));
  }

  function startAll() {
    for (const section of document.querySelectorAll(".tg-quiz:not([data-tg-ready])")) root.tutorgpt.quiz.start(section, store);
    for (const place of document.querySelectorAll(".tg-answers")) startPanel(place);
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})(globalThis);
