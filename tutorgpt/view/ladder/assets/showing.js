/* What is shown of a training besides its curve: how far it is, what the model
   writes, the rung's code, and the table of all runs. */
(function (root) {
  "use strict";
  const { RUNGS, DEFAULTS, chartSigns, parts: { el, svg, count, scroller, table } } = root.tutorgpt;

  const whole = (number) => Math.round(number).toLocaleString("en");
  const rounded = (number) => Number(number.toPrecision(3)).toLocaleString("en"); // three digits say enough
  const put = (part, words) => part.textContent !== words && (part.textContent = words);

  /* Seconds as one says them. */
  function duration(seconds) {
    if (!Number.isFinite(seconds)) return "";
    return seconds < 90 ? count(Math.max(1, Math.round(seconds)), "second") : count(Math.round(seconds / 60), "minute");
  }

  const rungName = ({ name, rung }) => `Rung ${rung + 1} (${name})`;

  // ---------------------------------------------------------- how far it is

  function makeProgress() {
    const bar = el("progress", { value: 0, max: 1, "aria-label": "Steps done" }), says = el("p", { class: "tg-l-far" });
    function show({ current, runs, phase, queue }) {
      const run = current ?? runs.at(-1);
      Object.assign(bar, { value: run?.step ?? 0, max: run?.spec.max_steps ?? 1 });
      put(says, run ? `${rungName(run)}: ${current ? going(run, phase, queue) : done(run)}` : "Nothing is trained yet.");
    }
    const going = ({ step, spec: { max_steps }, rate, left }, phase, queue) => [
      `step ${whole(step)} of ${whole(max_steps)}`,
      rate && `${rounded(rate)} characters a second`,
      phase === "paused" ? "paused" : duration(left) && `${duration(left)} left`,
      queue.length && `${count(queue.length, "rung")} to come`].filter(Boolean).join(" · ");
    const done = ({ step, spec: { max_steps }, seconds, end }) =>
      `${whole(step)} of ${whole(max_steps)} steps in ${duration(seconds)}${end.why ? ", diverged" : ""}`;
    const element = el("div", { class: "tg-l-progress" }, bar, says);
    return { element, show };
  }

  // -------------------------------------------------------- what it writes

  function makeWrote() {
    const heading = el("p", { class: "tg-l-head" }), given = el("b"), text = el("span");
    const page = el("div", { class: "tg-l-wrote", tabindex: 0, role: "region", "aria-label": "What the model writes" }, given, text);
    let shown = null;
    function show(run) {
      element.hidden = !run?.wrote;
      if (element.hidden || shown === run.wrote) return;
      shown = run.wrote;
      put(heading, `${rungName(run)} writes after ${count(shown.step, "step")}`);
      put(given, run.prompt);
      put(text, shown.text);
    }
    const element = el("div", { hidden: true }, heading, page);
    return { element, show };
  }

  // -------------------------------------------------------------- the code

  /* Which lines the rung before does not have. */
  function newLines(code, before) {
    const had = new Set(before.map((line) => line.trim()));
    return code.map((line) => !had.has(line.trim()) && line.trim() !== "");
  }

  /* chapters: { 1: address, … }, in the book. */
  function makeCode(chapters = {}) {
    const heading = el("p", { class: "tg-l-head" }), link = el("a");
    const lines = el("code"), note = el("p", { class: "tg-small" });
    const box = el("pre", { class: "tg-l-code", tabindex: 0, role: "region", "aria-label": "The rung's code" }, lines);
    let shown = null;
    function show(rung) {
      if (shown === rung) return;
      shown = rung;
      const { title, chapter, code } = RUNGS[rung], added = newLines(code, RUNGS[rung - 1]?.code ?? []);
      put(heading, `Rung ${rung + 1}: ${title}`);
      lines.replaceChildren(...code.map((line, n) =>
        el("span", { class: added[n] && rung ? "tg-l-line tg-l-new" : "tg-l-line" }, `${added[n] && rung ? "+" : " "} ${line}\n`)));
      put(note, rung ? `Lines with + are not in rung ${rung}. ` : "");
      if (!chapters[chapter]) return;
      Object.assign(link, { href: chapters[chapter], textContent: `Chapter ${chapter} explains it.` });
      note.append(link);
    }
    return { element: el("div", { class: "tg-l-side" }, heading, box, note), show };
  }

  // ------------------------------------------------------------- the table

  /* What of the numbers is not as at first. */
  const changes = ({ spec }) =>
    [["learning_rate", "learning rate"], ["n_embed", "width"], ["max_steps", "steps"], ["seed", "seed"]]
      .filter(([name]) => spec[name] !== DEFAULTS[name])
      .map(([name, says]) => `${says} ${spec[name]}`).join(", ");

  const sign = (rung) => svg("svg", { class: "tg-l-sign", viewBox: "-7 -7 14 14", width: 14, height: 14, "aria-hidden": "true" },
    svg("path", { d: chartSigns[rung] }));

  function makeTable() {
    const box = scroller("All runs");
    const caption = el("p", { class: "tg-l-head" }, "All runs");
    let shown = "";
    function row(run, several) {
      const { facts, end, rung, tag, name, step, spec, source, seconds, held } = run;
      const loss = end?.val_loss ?? held.at(-1)?.[1];
      const early = end && step < spec.max_steps ? ` (${whole(step)} steps)` : "";
      const says = end?.why ? `diverged at step ${whole(step)}` : loss === undefined ? "–" : loss.toFixed(3) + early;
      const apart = end?.why || loss === undefined ? "–" : signed(loss - facts.floors.bigram);
      return [
        el("span", {}, sign(rung), ` ${tag}. ${name}`),
        facts ? facts.parameters.toLocaleString("en") : "–", says, apart,
        seconds.toFixed(1), changes(run) || "–", ...(several ? [source.title] : [])];
    }
    function show(runs) {
      element.hidden = !runs.length;
      const several = new Set(runs.map(({ source }) => source.key)).size > 1;
      const rows = runs.map((run) => row(run, several));
      const now = JSON.stringify(rows, (_, value) => value?.textContent ?? value);
      if (now === shown) return;
      shown = now;
      box.show(table(["rung", "parameters", "held-out loss", "to the pair floor", "seconds", "changed", ...(several ? ["text"] : [])], rows));
    }
    const element = el("div", { class: "tg-l-runs", hidden: true }, caption, box.element);
    return { element, show };
  }

  const signed = (x) => `${x < 0 ? "−" : "+"}${Math.abs(x).toFixed(3)}`;

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { showing: { makeProgress, makeWrote, makeCode, makeTable, duration, rungName, whole, newLines } });
})(globalThis);
