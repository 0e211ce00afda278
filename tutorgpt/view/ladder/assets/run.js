/* One run: a model of the ladder learns a text, step by step.

   The same text, seed and settings give the same run, on every machine that
   computes alike. Chance is drawn anew for each step, from the seed and the
   step's number, so that a run that was left goes on as if it had not been. */
(function (root) {
  "use strict";
  const { randomFrom, Space, Tape, AdamW, RUNGS, prepare } = root.tutorgpt;

  const DEFAULTS = {
    seed: 1337, max_steps: 2000, batch_size: 32, block_size: 32, n_embed: 32, n_head: 4, n_layer: 3,
    dropout: 0, learning_rate: 3e-3, simd: true,
  };
  const TOGETHER = 4; // windows that are computed at a time, which bounds the memory
  const MEASUREMENTS = 10; // of the held-out loss in a run, beside the first
  const MOST_FLOATS = 70_000_000; // that a run may need: 280 MB
  const LOOKED_AT = 50; // losses whose mean tells whether a run diverges
  const TOO_HIGH = 1; // nats above the first loss

  /* A generator of its own for everything that is drawn. */
  const chance = (seed, ...place) =>
    randomFrom(place.reduce((mixed, n) => Math.imul(mixed ^ (n + 1), 0x9e3779b1), seed));

  /* Floats that are needed beside the weights, or a few more: for each position
     of the windows computed together the tables of tape.js, with their
     gradients. */
  const roomFor = ({ block_size: T, n_embed: C, n_head: H, n_layer: L }, V) =>
    2 * TOGETHER * T * (V + 6 * C + L * (24 * C + 2 * H * T)) + 64 * 1024;

  class Diverged extends Error {}

  class Run {
    /* spec: {text, rung} and what is to differ from DEFAULTS.
       state: what `state()` gave, to go on from there. */
    constructor(spec, state = null) {
      this.spec = { ...DEFAULTS, ...spec };
      this.corpus = prepare(this.spec.text, this.spec.block_size);
      this.rung = RUNGS.find(({ name }) => name === this.spec.rung);
      this.config = { ...this.spec, vocab_size: this.corpus.characters.length };
      this.build();
      if (state) this.goOnFrom(state);
    }

    build() {
      const { spec, config, rung } = this, V = config.vocab_size;
      const list = rung.weights(config).map((weight) => ({ ...weight, size: weight.shape.reduce((a, b) => a * b) }));
      this.parameters = list.reduce((sum, { size }) => sum + size, 0);
      const floats = 5 * this.parameters + 8 * list.length + roomFor(spec, V); // a weight, its gradient, turned, two memories
      if (floats > MOST_FLOATS)
        throw new Error(`The text has ${V.toLocaleString("en")} different characters, and a model of width ${spec.n_embed} for them needs `
          + `${Math.round(floats / 250_000).toLocaleString("en")} MB: choose a smaller width, or another text.`);
      this.bytes = 4 * floats;
      const space = this.space = new Space(floats, { simd: spec.simd });
      const random = chance(spec.seed, -1);
      this.list = list.map(({ name, shape, size, start }) => {
        const [rows, columns] = shape.length === 2 ? shape : [1, size];
        const weight = { name, shape, rows, columns, data: space.take(size), grad: space.take(size), stale: true };
        weight.turned = shape.length === 2 ? space.take(size) : null;
        for (let n = 0; n < size; n++) weight.data[n] = start(random);
        return weight;
      });
      const byName = Object.fromEntries(this.list.map((weight) => [weight.name, weight]));
      this.net = Object.assign(new Tape(space, byName, spec.n_head), { n_layer: spec.n_layer, share: spec.dropout });
      this.optimizer = new AdamW(space, this.list, spec);
      this.free = space.mark(); // what comes after is a step's
      this.recent = []; // losses
    }

    get facts() {
      const { corpus: { characters, tokens, train, val, floors }, parameters, space: { simd }, bytes } = this;
      return {
        vocab_size: characters.length, characters: tokens.length, train: train.length, val: val.length,
        floors, parameters, simd, bytes,
      };
    }

    get step_number() {
      return this.optimizer.steps;
    }

    // -------------------------------------------------------------- a step

    /* Windows from random places: tokens, and the one that follows each. */
    batch() {
      const { corpus: { train }, spec: { seed, batch_size: N, block_size: T }, step_number } = this;
      const random = chance(seed, step_number), tokens = new Int32Array(N * T), targets = new Int32Array(N * T);
      for (let n = 0; n < N; n++) {
        const from = Math.floor(random() * (train.length - T));
        tokens.set(train.subarray(from, from + T), n * T);
        targets.set(train.subarray(from + 1, from + T + 1), n * T);
      }
      return { tokens, targets };
    }

    /* One update of the weights; returns the loss before it. */
    step(batch = this.batch()) {
      const loss = this.gradients(batch);
      this.optimizer.step();
      this.checkLoss(loss);
      return loss;
    }

    /* The loss of a batch, and how it changes with every weight. A few windows
       at a time: their gradients add up to the batch's. */
    gradients({ tokens, targets }) {
      const { net, spec: { seed, block_size: T } } = this, count = tokens.length, size = TOGETHER * T;
      let loss = 0;
      net.learning = true;
      net.random = chance(seed, this.step_number, 1);
      for (let at = 0; at < count; at += size) {
        const some = tokens.subarray(at, at + size);
        loss += net.crossEntropy(this.read(some.length / T, some), targets.subarray(at, at + size), count);
        net.backward();
        this.end();
      }
      net.learning = false;
      return loss;
    }

    /* Give back what was taken for some windows. */
    end() {
      this.space.release(this.free);
    }

    checkLoss(loss) {
      this.first ??= loss;
      this.recent.push(loss);
      if (this.recent.length > LOOKED_AT) this.recent.shift();
      const mean = this.recent.reduce((a, b) => a + b) / this.recent.length;
      if (!Number.isFinite(loss))
        throw new Diverged(`The loss is no number any more after step ${this.step_number}: choose a lower learning rate than ${this.spec.learning_rate}.`);
      if (this.recent.length === LOOKED_AT && mean > this.first + TOO_HIGH)
        throw new Diverged(`After step ${this.step_number} the mean of the last ${LOOKED_AT} losses is ${mean.toFixed(2)}, and the first loss was ${this.first.toFixed(2)}: `
          + `choose a lower learning rate than ${this.spec.learning_rate}.`);
    }

    // --------------------------------------------------- measuring, writing

    /* The scores after the last token, or after each of them, for N windows. */
    read(N, tokens) {
      this.net.open(N, tokens.length / N);
      return this.rung.forward(this.net, tokens);
    }

    /* The mean loss over every held-out token, in windows that do not overlap;
       the last one is shorter. Yields while there is more to do. */
    *measuring() {
      const { corpus: { val }, spec: { block_size: T } } = this, count = val.length - 1;
      let total = 0;
      for (let at = 0; at < count;) {
        const windows = Math.min(TOGETHER, Math.floor((count - at) / T)) || 1, size = Math.min(windows * T, count - at);
        const scores = this.read(windows, val.subarray(at, at + size));
        total += size * this.net.crossEntropy(scores, val.subarray(at + 1, at + size + 1));
        this.end();
        at += size;
        yield;
      }
      return total / count;
    }

    measure() {
      return last(this.measuring());
    }

    /* What the model adds to a prompt, drawn by its probabilities. Characters
       of the prompt that the text does not have are left out. Yields while
       there is more to do. */
    *writing(prompt, howMany, seed = this.spec.seed) {
      const { corpus: { characters }, spec: { block_size: T } } = this;
      const known = Array.from(prompt, (c) => characters.indexOf(c)).filter((n) => n >= 0);
      const tokens = known.length ? known : [Math.max(0, characters.indexOf("\n"))];
      const random = chance(seed, -2), written = [];
      while (written.length < howMany) {
        const window = Int32Array.from(tokens.slice(-T));
        const { data, columns: V } = this.read(1, window);
        const next = drawn(data.subarray(data.length - V), random());
        this.end();
        tokens.push(next);
        written.push(characters[next]);
        yield;
      }
      return written.join("");
    }

    write(prompt, howMany, seed) {
      return last(this.writing(prompt, howMany, seed));
    }

    // ------------------------------------------------------------- keeping

    /* Copies of the weights, by PyTorch's names. */
    weights() {
      return Object.fromEntries(this.list.map(({ name, shape, data }) => [name, { shape, data: data.slice() }]));
    }

    /* Everything that a run needs to go on. */
    state() {
      const { optimizer: { steps, means, squares }, first, recent } = this;
      const copies = (tables) => tables.map((table) => table.slice());
      return {
        steps, first, recent: [...recent],
        weights: copies(this.list.map(({ data }) => data)), means: copies(means), squares: copies(squares),
      };
    }

    goOnFrom({ steps, first, recent, weights, means, squares }) {
      const { optimizer } = this;
      Object.assign(this, { first, recent: [...recent] });
      optimizer.steps = steps;
      weights.forEach((data, n) => this.list[n].data.set(data));
      means.forEach((data, n) => optimizer.means[n].set(data));
      squares.forEach((data, n) => optimizer.squares[n].set(data));
      for (const weight of this.list) weight.stale = true;
    }
  }

  /* The token at which the probabilities, added up one by one, pass `point`. */
  function drawn(scores, point) {
    const top = scores.reduce((a, b) => Math.max(a, b));
    const shares = Float64Array.from(scores, (s) => Math.exp(s - top));
    let left = point * shares.reduce((a, b) => a + b);
    for (let n = 0; n < shares.length; n++) if ((left -= shares[n]) < 0) return n;
    return shares.length - 1;
  }

  /* What a generator returns in the end. */
  function last(work) {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { Run, Diverged, DEFAULTS, MEASUREMENTS });
})(globalThis);
