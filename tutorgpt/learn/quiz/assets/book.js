/* In the book the answers stay in the browser, and can be taken along as
   text. One record for all pages, of the same form as the notebooks' file:
   {"format": 1, "quiz": {id: {choice, right, tries}}}. */
(function (root) {
  "use strict";

  const KEY = "tutorgpt.answers", ASIDE = "tutorgpt.answers.aside", FORMAT = 1;
  const ID = /^\d{1,2}\.[qp]\d{1,3}$/;
  const BLOCKED = "This browser keeps nothing for this page: your answers last until you leave it.";
  const { kept, quiz: { build, start } } = root.tutorgpt;

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
    const text = kept.read(KEY);
    if (text === null) return new Map();
    try {
      return parse(text);
    } catch {
      save(new Map());
      kept.write(ASIDE, text);
      return new Map();
    }
  }

  /* Whether the browser has kept it. */
  const save = (answers) => !kept.write(KEY, written(answers));

  const answers = {
    get: (id) => load().get(id),
    put(id, choice, right) {
      const all = load();
      all.set(id, { choice, right, tries: (all.get(id)?.tries ?? 0) + 1 });
      save(all);
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
      const own = row.dataset.questions.split(" ").map((id) => answers.get(id)).filter(Boolean);
      const counts = { answered: own.length, right: own.filter((answer) => answer.right).length };
      write(row, counts);
      sums.answered += counts.answered;
      sums.right += counts.right;
    }
    write(place.querySelector("[data-sum]"), sums);
  }

  const count = (howMany, what) => `${howMany} ${what}${howMany === 1 ? "" : "s"}`;

  /* So many answers, and so many predictions. */
  function counted(ids) {
    const guesses = ids.filter((id) => id.includes("p")).length;
    const answers = count(ids.length - guesses, "answer");
    return guesses ? `${answers} and ${count(guesses, "prediction")}` : answers;
  }

  /* Two records as one, and the questions to which they have two answers. */
  function merge(here, taken) {
    const merged = new Map(here), differ = [];
    for (const [id, answer] of taken) {
      const mine = here.get(id);
      if (!mine) merged.set(id, answer);
      else if (mine.choice !== answer.choice) differ.push(id);
      else merged.set(id, { ...mine, tries: Math.max(mine.tries, answer.tries) });
    }
    return { merged, differ };
  }

  const button = (text) => build(["button", { type: "button" }, [text]]);
  const said = ({ choice, right }) => `${choice} (${right ? "right" : "not right"})`;
  const named = (id) => {
    const [chapter, rest] = id.split(".");
    return `Chapter ${chapter}, ${rest[0] === "p" ? "prediction" : "question"} ${rest.slice(1)}`;
  };

  /* Which of two answers to keep, question by question. */
  function choices(differ, here, taken) {
    const sets = differ.map((id, n) => build(["fieldset", {}, [
      ["legend", {}, [named(id)]],
      ...[["here", here, "kept here"], ["text", taken, "in the text"]].map(([value, from, where]) =>
        ["label", {}, [
          ["input", { type: "radio", name: `tg-keep-${n}`, value, ...(value === "here" ? { checked: "" } : {}) }, []],
          ` ${said(from.get(id))}, ${where}`,
        ]]),
    ]]));
    const line = build(["p", {}, []]);
    for (const [value, text] of [["here", "All that are kept here"], ["text", "All of the text"]]) {
      const made = button(text);
      made.addEventListener("click", () => {
        for (const set of sets) set.querySelector(`[value=${value}]`).checked = true;
      });
      line.append(made, " ");
    }
    return {
      parts: sets.length > 1 ? [line, ...sets] : sets,
      chosen: () => sets.map((set) => set.querySelector(":checked").value),
    };
  }

  function startPanel(place) {
    const box = place.querySelector("textarea"), told = place.querySelector("[role=status]");
    const asking = place.querySelector("[data-ask]");
    const say = (text) => (told.textContent = text);
    const does = (name, action) => {
      const made = place.querySelector(`[data-do=${name}]`);
      made.addEventListener("click", () => (stopAsking(), say(""), action(made)));
    };
    const stopAsking = () => asking.replaceChildren();

    /* A question with its answers: [[text, action], …]; the last asks nothing
       of anybody. from: the button that has led here, and gets the focus back. */
    function ask(from, question, parts, actions) {
      const first = build(["p", { tabindex: "-1" }, [question]]);
      const buttons = actions.map(([text, action]) => {
        const made = button(text);
        made.addEventListener("click", () => {
          stopAsking();
          from.focus();
          action();
        });
        return made;
      });
      const line = build(["p", {}, []]);
      line.append(...buttons.flatMap((made) => [made, " "]));
      asking.replaceChildren(first, ...parts, line);
      first.focus();
    }

    /* Keep this record from now on, and show it. */
    function take(all, words) {
      const done = save(all);
      document.dispatchEvent(new CustomEvent("tg-answers"));
      showCounts(place);
      say(`${words}${done ? "" : ` ${BLOCKED}`}`);
    }

    does("export", () => {
      box.value = written(load());
      box.select();
      say("Your answers stand in the box: copy the text, and keep it anywhere.");
    });

    does("import", (from) => {
      let taken;
      try {
        taken = parse(box.value);
      } catch (error) {
        say(`This text was not taken: ${error.message}. Nothing was changed.`);
        return;
      }
      const here = load(), { merged, differ } = merge(here, taken);
      const ids = [...taken.keys()], guesses = ids.some((id) => id.includes("p"));
      const words = `Taken: ${counted(ids)}.${guesses ? " Predictions are not counted here." : ""}`;
      if (!differ.length) return take(merged, words);
      const { parts, chosen } = choices(differ, here, taken);
      ask(from, `The text has another answer to ${count(differ.length, "question")} than this browser. Which shall be kept?`, parts, [
        ["Keep these", () => {
          const fromText = differ.filter((_, n) => chosen()[n] === "text");
          for (const id of fromText) merged.set(id, taken.get(id));
          take(merged, `${words} Where they differ, the text's now counts for ${fromText.length} of ${differ.length}.`);
        }],
        ["Take nothing", () => say("Nothing was changed.")],
      ]);
    });

    does("clear", (from) => {
      const here = load(), text = written(here);
      const clear = (words) => {
        if (here.size) box.value = text;
        take(new Map(), here.size ? `${words} The answers stand in the box as text, in case you want them back.` : words);
      };
      ask(from, `This browser keeps ${counted([...here.keys()])}. Clear what?`, [], [
        ["My answers", () => clear("Your answers are cleared.")],
        ["My answers, and all else that these pages keep", () => {
          kept.forgetPlaces();
          clear("Everything is cleared: answers, open parts, texts and figures.");
        }],
        ["Nothing", () => say("Nothing was changed.")],
      ]);
    });

    for (const part of place.querySelectorAll("[hidden]")) part.hidden = false;
    place.querySelector(".tg-q-off")?.remove();
    showCounts(place);
    if (!save(load())) say(BLOCKED);
    root.addEventListener("storage", () => showCounts(place));
    root.addEventListener("pageshow", () => showCounts(place));
  }

  function startAll() {
    for (const section of document.querySelectorAll(".tg-quiz:not([data-tg-ready])")) start(section, answers);
    for (const place of document.querySelectorAll(".tg-answers")) startPanel(place);
  }

  root.tutorgpt.answers = answers;
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", startAll);
  else startAll();
})(globalThis);
