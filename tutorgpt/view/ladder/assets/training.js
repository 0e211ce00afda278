/* What is trained here: one rung after the other, those that have ended, and
   what the browser keeps of them. Nothing of it is shown here.

   A run is plain data, so that it can be kept:

     name, rung     the class of its model, and its place on the ladder from 0
     tag            its name in the chart: "6", and "6b" for the second of 6
     spec           as Run takes it; of an ended one without the text
     source         { title, key } of its text: curves of one text stand together
     facts          as the trainer says, once it is ready
     train, held    [[step, loss, …], …] of the batches and of the held-out text
     step, seconds, rate, left    how far it is
     before         seconds until it was last left
     wrote          { step, text }
     end            null, or { why } of one that diverged, or what is "over" */
(function (root) {
  "use strict";
  const { RUNGS, MEASUREMENTS, store, addPoint, startTrainer } = root.tutorgpt;

  const MOST_RUNS = 12; // kept for comparison
  const MANY = 1000; // different characters: say first what it takes
  const LOOKED_AT = 3; // steps that show it

  /* A short number of a text, to know it again (FNV-1a). */
  function textKey(text) {
    let sum = 0x811c9dc5;
    for (let n = 0; n < text.length; n++) sum = Math.imul(sum ^ text.charCodeAt(n), 0x01000193);
    return `${text.length} ${sum >>> 0}`;
  }

  const withoutText = ({ text, ...spec }) => spec;

  class Training {
    runs = []; // in the order in which they were begun; the last may be training
    queue = []; // { name, spec } of those that come after it
    phase = "idle"; // starting, running, asking, paused
    unkept = false; // whether the browser keeps nothing
    inPage = false;
    again = null; // what was kept of a run that had not ended

    /* key: its name in the store. changed(what): a message's name, or "runs"
       where others are to be shown. */
    constructor(key, changed) {
      Object.assign(this, { key, changed });
    }

    get current() {
      const last = this.runs.at(-1);
      return last && !last.end ? last : null;
    }

    // ------------------------------------------------------------ begin

    /* asked: { text, title, prompt, names, ...what a spec has }. */
    begin({ names, title, prompt, ...spec }) {
      const source = { title, key: textKey(spec.text) };
      this.queue = names.map((name) => ({ name, source, prompt, spec: { ...spec, rung: name } }));
      Object.assign(this, { warned: false, first: null });
      this.next();
    }

    next() {
      const { name, source, prompt, spec } = this.queue.shift();
      const rung = RUNGS.findIndex((each) => each.name === name);
      this.start({ name, rung, tag: this.tagOf(rung, source), spec, source, prompt });
    }

    tagOf(rung, { key }) {
      const names = this.runs.filter(({ source }) => source.key === key).map(({ tag }) => tag);
      return ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => `${rung + 1}${letter}`).find((tag) => !names.includes(tag));
    }

    /* state: of a run that was kept. */
    start(run, state) {
      this.end();
      this.runs.push({ facts: null, train: [], held: [], step: 0, seconds: 0, before: 0, rate: 0, left: NaN, wrote: null, end: null, ...run });
      while (this.runs.length > MOST_RUNS) this.runs.shift();
      this.phase = "starting";
      this.trainer = startTrainer((message) => this.hear(message), () => (this.inPage = true));
      this.trainer.tell({ do: "begin", spec: run.spec, state, prompt: run.prompt });
      this.changed("begin");
    }

    // ------------------------------------------------- what is asked of it

    pause() {
      if (this.phase !== "running") return;
      this.phase = "paused";
      this.trainer.tell({ do: "pause" });
      this.changed("phase");
    }

    go() {
      if (this.phase !== "paused" && this.phase !== "asking") return;
      this.warned = true;
      this.phase = "running";
      this.trainer.tell({ do: "go" });
      this.changed("phase");
    }

    /* The run ends as if this had been its last step. */
    stop() {
      if (this.phase === "starting" || this.phase === "asking") return this.leave();
      this.queue = [];
      this.trainer.tell({ do: "stop" });
    }

    /* The run is forgotten, and those after it. */
    leave() {
      this.queue = [];
      this.end();
      if (this.current) this.runs.pop();
      this.write(store.forget(`${this.key} now`));
      this.changed("runs");
    }

    startOver() {
      this.leave();
      this.runs = [];
      this.again = null;
      this.write(store.forget(`${this.key} ended`));
      this.changed("runs");
    }

    end() {
      this.trainer?.end();
      this.trainer = null;
      this.phase = "idle";
    }

    // ------------------------------------------------ what the trainer says

    hear(message) {
      const run = this.current, does = this[`hear_${message.say}`];
      if (run && does) does.call(this, run, message);
      this.changed(message.say, message);
    }

    hear_ready(run, { facts, step }) {
      Object.assign(run, { facts, step });
      this.phase = "running";
    }

    hear_step(run, { step, loss, seconds, rate, left }) {
      Object.assign(run, { step, seconds: run.before + seconds, rate, left });
      addPoint(run.train, step, loss);
      if (this.warned || run.facts.vocab_size < MANY) return;
      this.first ??= { step, seconds };
      if (step < this.first.step + LOOKED_AT) return;
      this.phase = "asking"; // a few steps have shown what it takes
      run.left = this.takes(run, this.first, seconds);
      this.trainer.tell({ do: "pause" });
    }

    /* Seconds to the end: of the steps, and of the measurements, of which the
       one before the first step has shown what it takes. */
    takes({ step, spec: { max_steps } }, first, seconds) {
      const pace = (seconds - first.seconds) / (step - first.step);
      return pace * (max_steps - step) + MEASUREMENTS * Math.max(0, first.seconds - pace * first.step);
    }

    hear_measured(run, { step, val_loss }) {
      run.held = [...run.held.filter(([each]) => each < step), [step, val_loss]];
    }

    hear_wrote(run, { step, text }) {
      run.wrote = { step, text };
    }

    hear_kept(run, { state }) {
      const queue = this.queue.map((next) => ({ ...next, spec: withoutText(next.spec) })); // it is the run's
      this.write(store.keep(`${this.key} now`, { run, state, queue }));
    }

    hear_over(run, { step, val_loss, train_loss, weights, characters }) {
      run.step = step;
      this.close(run, { val_loss, train_loss, weights, characters: characters.join("") });
      if (this.queue.length) setTimeout(() => this.queue.length && this.next());
    }

    hear_diverged(run, { step, why }) {
      run.step = step;
      this.queue = [];
      this.close(run, { why });
    }

    hear_failed(run, { why }) {
      this.leave();
      this.why = why;
    }

    close(run, end) {
      Object.assign(run, { end, spec: withoutText(run.spec) });
      this.end();
      this.write(store.forget(`${this.key} now`));
      this.write(store.keep(`${this.key} ended`, this.runs));
    }

    // ---------------------------------------------------------- the store

    /* What a promise of the store came to; a training goes on without it. */
    write(promise) {
      return promise.then((value) => value, () => {
        if (this.unkept) return;
        this.unkept = true;
        this.changed("unkept");
      });
    }

    /* What was kept at the last visit: ended runs are there again, one that
       had not ended is offered. */
    async recall() {
      const ended = await this.write(store.recall(`${this.key} ended`));
      const again = await this.write(store.recall(`${this.key} now`));
      if (this.phase !== "idle" || this.runs.length) return; // already at work
      this.runs = (ended ?? []).filter(({ name }) => RUNGS.some((rung) => rung.name === name));
      this.again = RUNGS.some(({ name }) => name === again?.run.name) ? again : null;
      this.changed("runs");
    }

    goOn() {
      const { run, state } = this.again, { text } = run.spec;
      const queue = this.again.queue.map((next) => ({ ...next, spec: { ...next.spec, text } }));
      Object.assign(this, { again: null, queue, warned: true });
      this.start({ ...run, before: run.seconds }, state);
    }

    forget() {
      this.again = null;
      this.write(store.forget(`${this.key} now`));
      this.changed("runs");
    }

    /* The page may be gone in a moment. */
    keep() {
      if (this.phase === "running") this.trainer.tell({ do: "keep" });
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { Training });
})(globalThis);
