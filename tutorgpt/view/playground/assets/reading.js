/* What the parts of a playground share: the text, the model that reads it,
   and the position that was chosen.

   Text, writing, panels and ages change a Reading through its methods. It
   tells all of them of every change, in the order in which they asked:

     begin     the text starts anew, with the prompt or with one brought back
     add       one token was written, and has been read
     look      a position is looked from: the chosen one, or one pointed at
     chosen    another position, head or model, or other parts switched off
     settings  the next token is drawn in another way
     running   writing has begun or ended */
(function (root) {
  "use strict";
  const { Model, probabilities, likeliest, draw, randomFrom } = root.tutorgpt;
  const { seen, said, hexadecimal } = root.tutorgpt.parts;

  const MOST_SEED = 2 ** 32 - 1; // random.js keeps 32 bits of a seed
  const SETTINGS = {
    temperature: 1, topK: Infinity, topP: 1, greedy: false, seed: 1337,
  };
  // JSON has no infinity.
  const packed = ({ topK, ...others }) =>
    ({ ...others, topK: topK === Infinity ? null : topK });
  const unpacked = ({ topK, ...others }) => ({ ...others, topK: topK ?? Infinity });

  class Reading {
    /* kept: what `state` gave when the page was left, if it is known. */
    constructor(pack, kept) {
      this.pack = pack;
      this.settings = kept ? unpacked(kept.settings) : { ...SETTINGS };
      this.prompt = "";
      this.given = 0; // so many of the items are the prompt's
      this.lost = null; // the text that the last change put aside
      this.items = []; // of every token, as tokenizer.js says; id -1: unknown
      this.window = []; // places in items of what the model reads
      this.chosen = -1; // place in window
      this.looking = -1; // place in window
      this.layer = kept?.layer ?? pack.config.n_layer - 1;
      this.head = kept?.head ?? 0;
      this.off = new Set(kept?.off); // as Model.switchOff takes them
      this.running = false;
      this.listeners = {};
      this.models = new Map(); // by snapshot, read when first used
      this.names = new Map(); // of tokens
      this.use(kept?.text.which ?? pack.snapshots.length - 1);
    }

    on(change, callback) {
      (this.listeners[change] ??= []).push(callback);
    }

    tell(change) {
      for (const callback of this.listeners[change] ?? []) callback();
    }

    // ------------------------------------------------------- the model

    modelOf(which) {
      if (!this.models.has(which))
        this.models.set(which, new Model(this.pack, which));
      return this.models.get(which);
    }

    /* Read with the weights of another snapshot from now on. */
    use(which) {
      this.which = which;
      this.model = this.modelOf(which);
      this.model.switchOff(this.off);
    }

    /* part: as Model.switchOff takes it. */
    switchPart(part, off) {
      this.off[off ? "add" : "delete"](part);
      this.readAgain();
      this.changed();
    }

    // ---------------------------------------------------- its tokens

    get tokenizer() {
      return this.model.tokenizer;
    }

    /* What one token is, as a word. */
    get unit() {
      return this.tokenizer.unit;
    }

    /* How a token is called, wherever it is shown or spoken of: blanks can be
       seen, and bytes that are no whole character are numbers. */
    name(id) {
      return this.named(id).name;
    }

    /* The same, to be read aloud. */
    said(id) {
      return this.named(id).said;
    }

    named(id) {
      if (!this.names.has(id)) {
        const { parts } = this.tokenizer.stream()(id);
        this.names.set(id, {
          name: parts.map((part) => (part.bytes ? hexadecimal(part.bytes) : seen(part))).join(""),
          said: parts.map((part) => (part.bytes ? `byte ${hexadecimal(part.bytes).slice(1, -1)}` : said(part))).join(" "),
        });
      }
      return this.names.get(id);
    }

    // -------------------------------------------------------- the text

    /* What was written is put aside, not lost.
       changes: another seed, or another snapshot's weights (which). */
    begin(prompt, changes = {}) {
      this.take({ ...this.text, ...changes, prompt, written: [], drawn: 0 }, this.aside);
    }

    /* Change the text that was put aside for the present one. */
    bringBack() {
      this.take(this.lost, this.written.length ? this.text : null);
    }

    /* What can be brought back, were the text to begin anew. */
    get aside() {
      return this.written.length ? this.text : this.lost;
    }

    /* written: tokens, which need not be those of their text; earlier
       versions kept the text. */
    take({ prompt, written, drawn, seed, which }, lost = null) {
      this.running = false;
      this.tell("running");
      const tokens = typeof written === "string" ? this.model.encode(written) : written;
      this.stream = this.tokenizer.stream();
      this.items = this.tokenizer.cut(prompt, this.stream);
      this.given = this.items.length;
      for (const id of tokens) this.items.push(this.stream(id));
      Object.assign(this, { prompt, lost });
      this.settings.seed = seed;
      this.drawLater(drawn);
      if (which !== this.which) this.use(which);
      this.read();
      this.tell("begin");
      this.changed();
    }

    /* The text, and how it goes on: with the same seed from the same place. */
    get text() {
      const { prompt, written, drawn, which, settings: { seed } } = this;
      return { prompt, written, drawn, seed, which };
    }

    /* The tokens after the prompt. */
    get written() {
      return this.items.slice(this.given).map(({ id }) => id);
    }

    /* Everything that a reader has set, as JSON can write it. */
    get state() {
      const { text, lost, settings, chosen, layer, head, off } = this;
      return { text, lost, settings: packed(settings), chosen, layer, head, off: [...off] };
    }

    /* Chance as it is after so many numbers of the seed's. */
    drawLater(drawn) {
      const random = randomFrom(this.settings.seed);
      for (let n = 0; n < drawn; n++) random();
      this.drawn = drawn;
      this.random = () => {
        this.drawn++;
        return random();
      };
    }

    add(id) {
      this.items.push(this.stream(id));
      this.read();
      this.tell("add");
    }

    /* Let the model read the end of the text: as much as its window holds,
       however long the text is. */
    read() {
      const places = [], { items, pack: { config } } = this;
      for (let n = items.length - 1; n >= 0 && places.length < config.block_size; n--)
        if (items[n].id >= 0) places.push(n);
      this.window = places.reverse();
      this.model.read(this.tokens);
      this.chosen = this.window.length - 1;
    }

    /* After the model read something else, or as another model. */
    readAgain() {
      this.model.switchOff(this.off);
      this.model.read(this.tokens);
    }

    /* The numbers of the tokens in the window. */
    get tokens() {
      return this.window.map((n) => this.items[n].id);
    }

    /* What the token at a place of the window is called; "" without one. */
    nameAt(n) {
      const id = this.model.tokens[n];
      return id === undefined ? "" : this.name(id);
    }

    // ------------------------------------- the position and the head

    choose(n) {
      this.chosen = Math.max(0, Math.min(n, this.window.length - 1));
      this.changed();
    }

    chooseHead(layer, head) {
      Object.assign(this, { layer, head });
      this.changed();
    }

    look(t) {
      this.looking = t;
      this.tell("look");
    }

    changed() {
      this.look(this.chosen);
      this.tell("chosen");
    }

    /* How much position t looks at position s in the chosen head. */
    weight(t, s) {
      const row = t * this.pack.config.block_size;
      return this.model.attention[this.layer][this.head][row + s];
    }

    // ----------------------------------------------- what comes next

    set(name, value) {
      this.settings[name] = value;
      this.tell("settings");
    }

    /* The probability of each token to be drawn, with the settings. */
    shares(scores) {
      if (!this.settings.greedy) return probabilities(scores, this.settings);
      const one = new Float64Array(scores.length);
      one[likeliest(scores)] = 1;
      return one;
    }

    /* The number of a next token. */
    next(scores, random) {
      return this.settings.greedy
        ? likeliest(scores)
        : draw(probabilities(scores, this.settings), random);
    }

    /* The chosen position's scores with nothing switched off. */
    scoresOfAll() {
      const { model } = this, { tokens } = model;
      model.switchOff([]);
      model.read(tokens);
      const scores = model.logits(this.chosen);
      model.switchOff(this.off);
      model.read(tokens);
      return scores;
    }
  }

  Object.assign(root.tutorgpt, { Reading, MOST_SEED, SETTINGS });
})(globalThis);
