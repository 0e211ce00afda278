/* The ladder trains in the page: its parts put together, and how a page asks
   for it. */
(function (root) {
  "use strict";
  const { Training, makeChoosing, makeChart, makeTrained, showing, cannotLoad, SLOW_STEPS } = root.tutorgpt;
  const { parts: { el, button, enable, fail, count } } = root.tutorgpt;
  const { makeProgress, makeWrote, makeCode, makeTable, duration, rungName, whole } = showing;

  const QUIET = 5000; // milliseconds between two tenths that are read aloud
  const NOTES = {
    slow: `This browser lacks the fast matrix product (WebAssembly SIMD), so training is slower here, and a smaller budget is offered: ${SLOW_STEPS} steps.`,
    unkept: "This browser keeps nothing for this page, so what is trained here lasts until the page is left.",
    inPage: "This browser allows no worker here, so training runs in the page itself, more slowly.",
  };

  function isFast() {
    try {
      return new root.tutorgpt.Space(64, { simd: true }).simd;
    } catch {
      return false;
    }
  }

  /* Under which name a ladder is kept: of several in a page each has its own. */
  const taken = root.tutorgpt.laddersHere ?? new Set(); // of all widgets of a notebook
  function freeName() {
    let n = 0;
    while (taken.has(`ladder ${n}`)) n++;
    taken.add(`ladder ${n}`);
    return `ladder ${n}`;
  }

  // ------------------------------------------------- what is read aloud

  /* The beginning, a tenth of the way at most, and the end. */
  function makeAloud() {
    const element = el("p", { class: "tg-l-aloud", role: "status" });
    let tenth = 0, last = 0;
    const say = (words) => (element.textContent = words);
    return {
      element, say,
      begin({ current }) {
        [tenth, last] = [0, Date.now()];
        say(`Training ${rungName(current)}, ${count(current.spec.max_steps, "step")}.`);
      },
      measured({ current }) {
        if (!current) return;
        const [step, loss] = current.held.at(-1), now = Math.floor((10 * step) / current.spec.max_steps);
        if (now <= tenth || now >= 10 || Date.now() - last < QUIET) return;
        [tenth, last] = [now, Date.now()];
        say(`${10 * now} percent done, held-out loss ${loss.toFixed(2)}.`);
      },
      over({ runs }) {
        const { end, step, ...run } = runs.at(-1);
        say(`${rungName(run)} is trained: held-out loss ${end.val_loss.toFixed(3)} after ${count(step, "step")}.`);
      },
    };
  }

  // ------------------------------------------------------ sentences

  /* What a browser lacks, each in a sentence of its own. */
  function makeNotes(fast) {
    const element = el("div", { role: "status" }), said = new Set();
    function add(name) {
      if (said.has(name)) return;
      said.add(name);
      element.append(el("p", { class: "tg-note" }, NOTES[name]));
    }
    if (!fast) add("slow");
    return { element, show: ({ unkept, inPage }) => (unkept && add("unkept"), inPage && add("inPage")) };
  }

  /* A question with two answers; it takes the focus, and gives it to `after`. */
  function makeQuestion(after) {
    const words = el("p", {}), answers = el("p", { class: "tg-line" });
    const element = el("div", { class: "tg-l-question", role: "group", hidden: true }, words, answers);
    function close() {
      element.hidden = true;
      after.focus();
    }
    return {
      element,
      close: () => (element.hidden = true),
      ask(text, choices, focus = true) {
        words.textContent = text;
        answers.replaceChildren(...choices.map(([name, act]) => button(name, () => (close(), act()))));
        element.hidden = false;
        if (focus) answers.firstChild.focus();
      },
    };
  }

  const takes = ({ current: { facts, left, spec, name }, queue }) =>
    `This text has ${whole(facts.vocab_size)} different characters, so ${name} has ${whole(facts.parameters)} parameters here, `
    + `and ${whole(spec.max_steps)} steps take about ${duration(left)}, as the first steps have shown`
    + `${queue.length ? `; each of the ${count(queue.length, "rung")} after it takes at least as long` : ""}. Train it?`;

  // ------------------------------------------------------ all of it

  function build(place, { texts = [], chapters, load }) {
    const fast = isFast(), name = freeName();
    const training = new Training(name, (what, message) => update(what, message));
    const choosing = makeChoosing({ texts, load, fast, changed: () => showCode() });
    const notes = makeNotes(fast), aloud = makeAloud(), progress = makeProgress(), chart = makeChart();
    const wrote = makeWrote(), code = makeCode(chapters), table = makeTable(), trained = makeTrained();
    const diverged = el("p", { class: "tg-error", role: "alert" });
    const caption = el("p", { class: "tg-small" });

    const train = button("Train", begin, { class: "tg-button tg-main" });
    const pause = button("Pause", () => (training.phase === "paused" ? training.go() : training.pause()));
    const stop = button("Stop", () => training.stop());
    const again = button("Start over", () => (training.startOver(), choosing.complain(""), (diverged.textContent = "")));
    const question = makeQuestion(train), offered = makeQuestion(train);

    async function begin() {
      enable(train, false); // until its text has been read
      choosing.complain("");
      try {
        const asked = await choosing.read();
        training.forget();
        training.begin(asked);
      } catch (error) {
        choosing.complain(cannotLoad(error));
        showButtons();
      }
    }

    // What each message changes, and no more.
    const CHANGES = {
      begin: () => (aloud.begin(training), (diverged.textContent = ""), question.close(), offered.close(), showAll()),
      ready: () => showAll(),
      phase: () => (showButtons(), progress.show(training)),
      step: () => (progress.show(training), showChart(), training.phase === "asking" && askFirst()),
      measured: () => (aloud.measured(training), showChart(), sayChart(), table.show(training.runs)),
      wrote: () => wrote.show(training.current),
      over: () => (aloud.over(training), showAll()),
      diverged: ({ why }) => ((diverged.textContent = `Training has stopped. ${why}`), showAll()),
      failed: ({ why }) => (showAll(), choosing.complain(why)),
      runs: () => (showAll(), question.close(), offer()),
      unkept: () => notes.show(training),
    };
    const update = (what, message) => CHANGES[what]?.(message);

    function showAll() {
      notes.show(training);
      progress.show(training);
      wrote.show(training.runs.at(-1));
      table.show(training.runs);
      trained.show(training.runs);
      showButtons();
      showCode();
      showChart();
      sayChart();
    }
    function showButtons() {
      const { phase } = training, busy = phase !== "idle";
      enable(train, !busy);
      enable(pause, phase === "running" || phase === "paused");
      enable(stop, busy && phase !== "asking");
      enable(again, busy || training.runs.length > 0);
      pause.textContent = phase === "paused" ? "Go on" : "Pause";
      choosing.lock(busy);
    }
    const showCode = () => code.show(training.current?.rung ?? choosing.chosenRung() ?? training.runs.at(-1)?.rung ?? 0);

    /* Curves of one text: floors are a text's own. */
    function showChart() {
      const { runs } = training, last = runs.at(-1), floors = runs.findLast(({ facts, source }) => facts && source.key === last.source.key)?.facts.floors;
      const curves = runs.filter(({ source }) => source.key === last.source.key)
        .map(({ tag, rung, train, held, spec }, n, all) => ({ tag, rung, train, held, steps: spec.max_steps, current: n === all.length - 1 }));
      chart.show({ curves, floors, steps: last?.spec.max_steps ?? 1 });
    }
    function sayChart() {
      const run = training.runs.at(-1);
      caption.textContent = run
        ? `Text: ${run.source.title}. Thin line: loss of the batches; signs: loss of the held-out tenth of the text. ${run.tag} is ${rungName(run)}.`
        : "The loss curve grows here. Loss is in nats per character, and less is better.";
      const [step, loss] = run?.held.at(-1) ?? [];
      if (loss === undefined || !run.facts) return chart.say("No curve yet.");
      const { uniform, unigram, bigram } = run.facts.floors;
      chart.say(`Loss curve of ${rungName(run)}: held-out loss ${loss.toFixed(2)} after ${count(step, "step")}. Floors: uniform ${uniform.toFixed(2)}, single characters ${unigram.toFixed(2)}, pairs ${bigram.toFixed(2)}.`);
    }

    function askFirst() {
      showButtons();
      question.ask(takes(training), [["Go on", () => training.go()], ["Leave it", () => training.leave()]]);
    }
    /* What was not at its end when the page was left. */
    function offer() {
      if (!training.again) return offered.close();
      const { run, queue } = training.again, rest = queue.length ? ` ${count(queue.length, "rung")} were to come after it.` : "";
      offered.ask(`A training was not at its end when this page was left: ${rungName(run)}, at step ${whole(run.step)} of ${whole(run.spec.max_steps)}.${rest}`, [
        [`Go on from step ${whole(run.step)} of ${run.name}`, () => training.goOn()],
        ["Forget it", () => training.forget()]], false);
    }

    place.replaceChildren(
      notes.element, offered.element, choosing.element,
      el("div", { class: "tg-line" }, train, pause, stop, again), question.element,
      progress.element, diverged,
      el("div", { class: "tg-l-two" }, el("div", {}, chart.element, caption, wrote.element), code.element),
      table.element, trained.element, aloud.element);
    showAll();
    training.recall();

    const leaving = () => document.visibilityState === "hidden" && training.keep();
    document.addEventListener("visibilitychange", leaving);
    return () => {
      document.removeEventListener("visibilitychange", leaving);
      training.end();
      chart.end();
      taken.delete(name);
    };
  }

  /* options: { texts: [{ name, title, script, text, credit }], chapters, load }.
     load(script) brings a script beside the page's own. Returns what ends it. */
  function mountLadder(place, options = {}) {
    place.classList.add("tg-ui", "tg-ladder");
    place.dataset.tgReady = "no";
    try {
      const end = build(place, options);
      place.dataset.tgReady = "yes";
      return end;
    } catch (error) {
      fail(place, error);
      return () => {};
    }
  }

  /* For boot.js: the options stand at the place. */
  async function startLadder(place, load) {
    return mountLadder(place, { ...JSON.parse(place.dataset.opts || "{}"), load });
  }

  Object.assign(root.tutorgpt, { mountLadder, startLadder, laddersHere: taken });
})(globalThis);
