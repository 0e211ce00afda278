/* What the parts of a playground share: the text, the model that reads it,
   and the position that was chosen.

   Text, writing, panels and ages change a Reading through its methods. It
   tells all of them of every change, in the order in which they asked:

     begin     the text starts anew, with the prompt alone
     add       one character was written
     look      a position is looked from: the chosen one, or one pointed at
     chosen    another position, head or model, or other parts switched off
     settings  the next character is drawn in another way
     running   writing has begun or ended */
(function (root) {
  "use strict";
  const { Model, probabilities, likeliest, draw, randomFrom } = root.tutorgpt;

  class Reading {
    constructor(pack) {
      this.pack = pack;
      this.settings = {
        temperature: 1, topK: Infinity, topP: 1, greedy: false, seed: 1337,
      };
      this.prompt = "";
      this.items = []; // {c, id} of every character; id -1: unknown
      this.window = []; // places in items of what the model reads
      this.chosen = -1; // place in window
      this.looking = -1; // place in window
      this.layer = pack.config.n_layer - 1;
      this.head = 0;
      this.off = new Set(); // as Model.switchOff takes them
      this.running = false;
      this.listeners = {};
      this.models = new Map(); // by snapshot, read when first used
      this.use(pack.snapshots.length - 1);
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

    // -------------------------------------------------------- the text

    begin(prompt) {
      this.running = false;
      this.tell("running");
      const numbers = this.model.encode(prompt);
      this.prompt = prompt;
      this.items = Array.from(prompt, (c, n) => ({ c, id: numbers[n] }));
      this.random = randomFrom(this.settings.seed);
      this.read();
      this.tell("begin");
      this.changed();
    }

    add(id) {
      this.items.push({ c: this.model.characters[id], id });
      this.tell("add");
      this.read();
    }

    /* Let the model read the end of the text. */
    read() {
      const known = this.items.flatMap((item, n) => (item.id < 0 ? [] : [n]));
      this.window = known.slice(-this.pack.config.block_size);
      this.model.read(this.tokens);
      this.chosen = this.window.length - 1;
    }

    /* After the model read something else, or as another model. */
    readAgain() {
      this.model.switchOff(this.off);
      this.model.read(this.tokens);
    }

    /* The numbers of the characters in the window. */
    get tokens() {
      return this.window.map((n) => this.items[n].id);
    }

    /* The character at a place of the window. */
    character(n) {
      return this.model.characters[this.model.tokens[n]];
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

    /* The probability of each character to be drawn, with the settings. */
    shares(scores) {
      if (!this.settings.greedy) return probabilities(scores, this.settings);
      const one = new Float64Array(scores.length);
      one[likeliest(scores)] = 1;
      return one;
    }

    /* The number of a next character. */
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

  root.tutorgpt.Reading = Reading;
})(globalThis);
