/* What is asked for before training: a text, a rung, and the numbers. */
(function (root) {
  "use strict";
  const { RUNGS, DEFAULTS, saving, parts: { el, unique, slider, button } } = root.tutorgpt;

  /* Learning rate times width from which some rungs diverge, or learn little:
     tried on the plays, at widths from 16 to 128. */
  const TOO_HIGH = 2;
  const RATES = [-4, -3, -2, -1].flatMap((power) =>
    [1, 1.3, 1.6, 2, 2.5, 3, 4, 5, 6, 8].map((n) => Number(`${n}e${power}`))).concat(1);
  const WIDTHS = { min: 16, max: 128, step: 16 };
  const MOST_STEPS = 100_000;
  const SLOW_STEPS = 500; // offered where the fast matrix product is missing
  const ALL = "all six, one after the other";

  /* A labelled input, with its name above it. */
  function field(label, input, ...more) {
    input.id = unique("field");
    return el("div", { class: "tg-l-field" }, el("label", { for: input.id }, label), input, ...more);
  }

  /* A whole number, kept within its limits when the field is left. */
  function whole(label, value, min, max) {
    const input = el("input", {
      type: "number", value, min, max, step: 1, inputmode: "numeric",
      onchange: () => (input.value = read()),
    });
    const read = () => {
      const n = input.value.trim() === "" ? NaN : Math.round(Number(input.value));
      return Number.isNaN(n) ? value : Math.max(min, Math.min(max, n));
    };
    return { element: field(label, input), read };
  }

  /* A slider over a list of values, each as far from the next. */
  const overList = (label, list, value, change) => slider({
    label, min: 0, max: list.length - 1, step: 1, value: list.indexOf(value),
    say: (n) => String(list[n]), change: (n) => change(list[n]),
  });

  // ------------------------------------------------------------ the text

  /* texts: [{ name, title, script, text, credit }]; load(script) brings
     tutorgpt.texts[name]. */
  function chooseText(texts, load, changed) {
    const group = unique("text"), own = el("textarea", { rows: 6, spellcheck: "false", autocomplete: "off", oninput: () => (complain(""), changed()) });
    const pasted = field("Your text", own), credit = el("p", { class: "tg-small" });
    const wrong = el("p", { class: "tg-error", role: "alert", id: unique("wrong") });
    const choices = [...texts, { name: null, title: "one of your own" }];
    let chosen = choices[0];

    function choose(choice) {
      chosen = choice;
      pasted.hidden = chosen.name !== null;
      credit.textContent = chosen.credit ?? "";
      complain("");
      changed();
    }
    const radio = (choice, n) => {
      const id = unique("text");
      return el("span", { class: "tg-check" },
        el("input", { type: "radio", name: group, id, checked: n === 0, onchange: () => choose(choice) }),
        el("label", { for: id }, choice.title));
    };

    async function read() {
      const { name, script, text } = chosen;
      if (name === null) return own.value;
      if (text !== undefined) return text;
      if (root.tutorgpt.texts?.[name] === undefined) await load(script);
      const found = root.tutorgpt.texts[name];
      return found.text ?? found;
    }
    /* One sentence on what is wrong with it, or nothing. */
    function complain(why) {
      wrong.textContent = why;
      const isOwn = Boolean(why) && chosen.name === null;
      own.setAttribute("aria-invalid", String(isOwn));
      if (isOwn) (own.setAttribute("aria-describedby", wrong.id), own.focus());
    }
    /* With it, Python measures the same loss. */
    const save = button("Save the text", async () => {
      try {
        saving.download("text.txt", await read(), "text/plain;charset=utf-8");
      } catch (error) {
        complain(cannotLoad(error));
      }
    });
    const element = el("fieldset", { class: "tg-l-choice" }, el("legend", {}, "Text"),
      el("div", { class: "tg-line" }, ...choices.map(radio), save), pasted, credit, wrong);
    choose(chosen);
    return { element, read, complain, title: () => (chosen.name === null ? "your own text" : chosen.title) };
  }

  // ------------------------------------------------------------ all of it

  /* fast: whether the browser has the fast matrix product. changed(): the
     rung was chosen. */
  function makeChoosing({ texts, load, fast, changed }) {
    const text = chooseText(texts, load, () => {});
    const rungs = el("select", { onchange: () => changed() },
      ...RUNGS.map(({ title, name }, n) => el("option", { value: n }, `${n + 1}. ${title === name ? name : `${title} (${name})`}`)),
      el("option", { value: RUNGS.length }, ALL));
    rungs.value = RUNGS.length;

    const state = { learning_rate: DEFAULTS.learning_rate, n_embed: DEFAULTS.n_embed };
    const warning = el("p", { class: "tg-note", role: "status" });
    const warn = () => {
      const says = state.learning_rate * state.n_embed >= TOO_HIGH
        ? "At this rate and width some rungs diverge, or learn little more than how often each character occurs." : "";
      if (warning.textContent !== says) warning.textContent = says;
    };
    const rate = overList("learning rate", RATES, state.learning_rate, (value) => ((state.learning_rate = value), warn()));
    const width = slider({ label: "width", ...WIDTHS, value: state.n_embed, say: String, change: (value) => ((state.n_embed = value), warn()) });
    const steps = whole("steps", fast ? DEFAULTS.max_steps : SLOW_STEPS, 1, MOST_STEPS);
    const seed = whole("seed", DEFAULTS.seed, 0, 2 ** 31 - 1);
    const prompt = el("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: "the first line of the text" });
    const numbers = el("fieldset", { class: "tg-l-choice" }, el("legend", {}, "Training"),
      el("div", { class: "tg-l-numbers" },
        field("rung", rungs), field("prompt that the model goes on from", prompt),
        el("div", {}, rate.element, warning), width.element, steps.element, seed.element));
    const element = el("div", { class: "tg-l-choosing" }, text.element, numbers);

    const chosenRung = () => (Number(rungs.value) < RUNGS.length ? Number(rungs.value) : null); // null: all of them
    /* What training begins with. */
    async function read() {
      const whole = await text.read(), rung = chosenRung();
      return {
        ...DEFAULTS, ...state, text: whole, title: text.title(), simd: fast, prompt: prompt.value || firstLine(whole),
        names: (rung === null ? RUNGS : [RUNGS[rung]]).map(({ name }) => name), max_steps: steps.read(), seed: seed.read(),
      };
    }
    return {
      element, read, chosenRung,
      complain: text.complain,
      lock: (on) => [text.element, numbers].forEach((part) => (part.disabled = on)),
    };
  }

  const cannotLoad = ({ message }) => `The text cannot be loaded (${message}): choose another one.`;

  /* No more of it than a model reads at once. */
  const firstLine = (text) => {
    const line = text.split("\n").find((each) => each.trim()) ?? "";
    return Array.from(line.slice(0, 2 * DEFAULTS.block_size)).slice(0, DEFAULTS.block_size).join("");
  };

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { makeChoosing, cannotLoad, SLOW_STEPS });
})(globalThis);
