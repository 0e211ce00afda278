/* The trainer's side of the conversation with the page. It runs in a worker,
   or, where a browser forbids those, in the page itself; then it works for
   short moments only, so that the page can answer in between.

   What the page may ask: begin (with {spec, state, prompt}), pause, go, stop,
   keep. What it hears: ready, step, measured, wrote, kept, over, diverged,
   failed, as `say` of an object. */
(function (root) {
  "use strict";
  const { Run, Diverged, MEASUREMENTS } = root.tutorgpt;

  const SAID = 125; // milliseconds between two messages of a step
  const WRITTEN = 3000; // between two texts
  const KEPT = 5000; // between two states
  const LENGTH = 120; // characters of a text

  /* post: sends a message to the page. slice: the milliseconds of work before
     messages are looked at. Returns what hears the page's messages. */
  function serve(post, slice = 40) {
    let training = null;
    const next = new MessageChannel(); // sooner than a timer, which waits 4 ms
    next.port1.onmessage = () => training?.work(slice) && next.port2.postMessage(0);
    const start = () => next.port2.postMessage(0);
    const answers = {
      begin({ spec, state, prompt }) {
        training = null;
        attempt(() => {
          const run = new Run(spec, state);
          training = new Training(run, prompt, post);
          start();
          post({ say: "ready", facts: run.facts, step: run.step_number });
        });
      },
      pause() {
        training?.pause();
      },
      go() {
        if (training?.goOn()) start();
      },
      stop() {
        if (!training || training.over) return;
        training.stopping = true;
        if (training.goOn()) start();
      },
      keep() {
        training?.keep();
      },
    };
    function attempt(action) {
      try {
        action();
      } catch (error) {
        post({ say: "failed", why: error.message });
      }
    }
    return (message) => answers[message.do](message);
  }

  class Training {
    constructor(run, prompt, post) {
      Object.assign(this, { run, prompt, post, paused: false, over: false, stopping: false });
      this.tasks = this.everything();
      this.losses = []; // since the page heard of one
      this.all = []; // since a measurement
      this.seconds = 0; // at work
      this.steps = 0; // made in them
    }

    /* Work for so many milliseconds; true if there is more to do. */
    work(slice) {
      if (this.paused || this.over) return false;
      const begun = performance.now(), end = begun + slice;
      try {
        while (!this.over && performance.now() < end) this.over = this.tasks.next().done;
      } catch (error) {
        this.over = true;
        const say = error instanceof Diverged ? "diverged" : "failed";
        this.post({ say, step: this.run.step_number, why: error.message });
      }
      this.seconds += (performance.now() - begun) / 1000;
      return !this.over;
    }

    /* All that is to be done, in pieces that take milliseconds. */
    *everything() {
      const { run, run: { spec: { max_steps } } } = this, every = Math.ceil(max_steps / MEASUREMENTS);
      if (run.step_number === 0) yield* this.measure();
      this.said = this.written = this.kept = performance.now();
      while (run.step_number < max_steps && !this.stopping) {
        const loss = run.step();
        this.steps++;
        this.losses.push(loss);
        this.all.push(loss);
        yield;
        const now = performance.now();
        if (now - this.said >= SAID) this.sayStep(now);
        if (run.step_number % every === 0 && run.step_number < max_steps) yield* this.measure();
        if (now - this.written >= WRITTEN) yield* this.write();
        if (now - this.kept >= KEPT) this.keep();
      }
      this.sayStep(performance.now());
      yield* this.write();
      const { train_loss, val_loss } = yield* this.measure();
      this.keep();
      const { spec, corpus: { characters } } = run;
      this.post({ say: "over", step: run.step_number, train_loss, val_loss, weights: run.weights(), characters, spec });
    }

    sayStep(now) {
      const { run, run: { spec, step_number }, seconds, steps } = this;
      if (!this.losses.length) return;
      const rate = steps / Math.max(seconds, 1e-3);
      this.post({
        say: "step", step: step_number, loss: mean(this.losses), seconds,
        rate: rate * spec.batch_size * spec.block_size, left: (spec.max_steps - step_number) / rate,
      });
      this.losses = [];
      this.said = now;
    }

    *measure() {
      const { run, run: { step_number } } = this, train_loss = this.all.length ? mean(this.all) : null;
      this.all = [];
      const val_loss = yield* run.measuring();
      this.post({ say: "measured", step: step_number, train_loss, val_loss });
      return { train_loss, val_loss };
    }

    *write() {
      const { run, run: { step_number } } = this;
      const text = yield* run.writing(this.prompt ?? "\n", LENGTH);
      this.post({ say: "wrote", step: step_number, text });
      this.written = performance.now();
    }

    keep() {
      this.post({ say: "kept", state: this.run.state() });
      this.kept = performance.now();
    }

    pause() {
      if (this.paused || this.over) return;
      this.paused = true;
      this.keep();
    }

    /* True if it was paused. */
    goOn() {
      const was = this.paused;
      this.paused = false;
      return was;
    }
  }

  const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { serve });
})(globalThis);
