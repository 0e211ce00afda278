/* A GPT of this tutorial, computed in the browser.

   The forward pass is the one that trains in the page: chapter 6's model in
   the words of tape.js, from rungs.js; chapter 11's is in modern.js. Here its
   weights are read, and what it computes on the way (queries, keys, values,
   attention weights, the vector after each layer) is kept, so that a page can
   show any of it.

   Letters as in the chapters: B = block_size positions, C = n_embed channels,
   H heads of D = C / H channels, L layers, V tokens. Every table is one
   flat array, row after row: in (B, C), number n of position t is x[t * C + n].

   The numbers agree with PyTorch's to about 1e-5; a test compares them. */
(function (root) {
  "use strict";
  const { TOKENIZERS, unpackBytes, Space, Tape, gptParts, modernParts } = root.tutorgpt;

  const FORMATS = [1, 2]; // those that this page reads; pack.py writes the last

  // ------------------------------------------------- reading the weights

  /* CRC-32, to notice a damaged file: as zlib.crc32 in Python. The bits are
     the coefficients of a long polynomial, and the sum is the remainder of
     its division by another: 0xedb88320, the standard's with its bits in
     reverse. The table holds the remainder of every single byte. */
  const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  function crc32(bytes) {
    let sum = -1;
    for (let n = 0; n < bytes.length; n++) sum = CRC[(sum ^ bytes[n]) & 255] ^ (sum >>> 8);
    return ~sum >>> 0;
  }

  /* A 16-bit float: 1 bit of sign, 5 of exponent e, 10 of fraction f.
     Its value is ±2^(e - 15) · (1 + f / 1024). Where e = 0, near zero, the 1
     is left out: ±2^-14 · f / 1024. (e = 31 would be infinite: Python refuses
     to pack such a weight.) */
  function float16(bits) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = (bits & 1023) / 1024;
    if (exponent === 0) return sign * fraction * 2 ** -14;
    return sign * (1 + fraction) * 2 ** (exponent - 15);
  }

  /* What a pack says of itself, in the words of format 2.
     Format 1 knew one kind of model and one of tokenizer, and named neither;
     notebooks and pages written then still hold such packs. */
  function describe(pack) {
    const { format } = pack;
    if (!FORMATS.includes(format))
      throw new Error(`the model's data has format ${format}, and this page reads only ${FORMATS.join(" and ")}: `
        + "update tutorgpt, then export the model again");
    const { kind, tokenizer } = format === 1
      ? { kind: "GPT", tokenizer: { kind: "characters", characters: pack.characters } }
      : pack;
    if (!Object.hasOwn(KINDS, kind)) throw unknown("a model", kind, Object.keys(KINDS));
    if (!Object.hasOwn(TOKENIZERS, tokenizer?.kind)) throw unknown("a tokenizer", tokenizer?.kind, Object.keys(TOKENIZERS));
    return { kind, tokenizer: makeTokenizer(tokenizer, pack.config.vocab_size) };
  }

  function makeTokenizer(described, size) {
    let made;
    try {
      made = new TOKENIZERS[described.kind](described);
    } catch {
      throw damaged("its tokenizer cannot be read");
    }
    if (made.size !== size) throw damaged(`it has ${made.size} tokens for a model of ${size}`);
    return made;
  }

  function unknown(what, kind, known) {
    return new Error(`the model's data has ${what} of the kind "${kind}", and this page knows only ${known.map((each) => `"${each}"`).join(", ")}: `
      + "update tutorgpt, then export the model again");
  }

  function damaged(why) {
    return new Error(`the model's data is damaged (${why}): export the page again`);
  }

  function bytesOf(snapshot) {
    let bytes;
    try {
      bytes = unpackBytes(snapshot.weights);
    } catch {
      throw damaged("it is not base64");
    }
    if (crc32(bytes) !== snapshot.crc32) throw damaged("its checksum is wrong");
    return bytes;
  }

  /* Every tensor by its name in PyTorch, as Float32Array.
     16 bits: each weight is a float16. 8 bits: a matrix keeps, row by row,
     a float16 scale and then one whole number from -127 to 127 a weight. */
  function readWeights(pack, snapshot) {
    const bytes = bytesOf(snapshot);
    const view = new DataView(bytes.buffer);
    const tensors = {};
    let at = 0;
    for (const [name, shape] of pack.tensors) {
      const [rows, columns] = shape.length === 2 ? shape : [1, shape[0]];
      const tensor = new Float32Array(rows * columns);
      const bits = shape.length === 2 ? snapshot.bits : 16;
      if (at + tensor.length * bits / 8 > bytes.length) throw damaged("it is too short");
      for (let row = 0, n = 0; row < rows; row++) {
        let scale = 1;
        if (bits === 8) (scale = float16(view.getUint16(at, true))), (at += 2);
        for (let column = 0; column < columns; column++, at += bits / 8)
          tensor[n++] = bits === 8
            ? scale * view.getInt8(at)
            : float16(view.getUint16(at, true));
      }
      tensors[name] = tensor;
    }
    if (at !== bytes.length) throw damaged("it is too long");
    return tensors;
  }

  // ------------------------------------------------------ the arithmetic

  /* By the names of its classes in Python, what a kind computes: the vectors
     of its tokens, a block, a norm. placed: what it does otherwise with the
     queries and keys that are shown, in words. */
  const KINDS = {
    GPT: {
      embed: gptParts.embedding, block: gptParts.gptBlock, placed: "",
      norm: (net, x, name) => net.norm(x, name),
    },
    ModernGPT: {
      ...modernParts,
      placed: " Queries and keys are shown as they are multiplied: turned by their positions.",
    },
  };

  /* A tape that never learns, keeps what a block computes on the way, and
     lets some heads add nothing: those are computed and shown all the same. */
  class Watched extends Tape {
    seen = {};
    silent = []; // heads, counted from 0

    linear(x, name) {
      const y = super.linear(x, name);
      if (name.endsWith(".qkv")) this.seen.qkv = y;
      return y;
    }

    softmax(scores) {
      return this.seen.weights = super.softmax(scores);
    }

    mix(weights, v, H) {
      const y = super.mix(weights, v, H), D = y.columns / H;
      for (const head of this.silent)
        for (let t = 0; t < y.rows; t++) y.data.fill(0, t * y.columns + head * D, t * y.columns + (head + 1) * D);
      return y;
    }
  }

  /* The tape with these weights. Those of a Linear are turned once, and not
     needed otherwise: nothing learns. */
  function makeNet(pack, tensors, simd) {
    const weights = {}, linears = [];
    for (const [name, shape] of pack.tensors) {
      const data = tensors[name], [rows, columns] = shape.length === 2 ? shape : [1, data.length];
      weights[name] = { data, rows, columns, stale: true };
      if (shape.length === 2 && !/(token|position).weight$/.test(name)) linears.push(weights[name]);
    }
    const kept = linears.reduce((sum, { data }) => sum + data.length + 3, 0);
    const space = new Space(kept + roomFor(pack.config, weights), { simd });
    const net = new Watched(space, weights, pack.config.n_head);
    for (const weight of linears) {
      weight.turned = space.take(weight.data.length);
      net.turned(weight);
      weight.data = null;
    }
    return net;
  }

  /* Floats that one layer needs at a time, or a few more: for each position
     fifteen tables of C numbers, two as wide as the feed-forward part inside,
     and two of each head's weights; V scores. */
  function roomFor({ block_size: B, n_embed: C, n_head: H, vocab_size: V }, weights) {
    const M = weights["blocks.0.feed_forward.expand.weight"].rows;
    return B * (16 * C + 2 * M + 2 * H * B) + V + 100;
  }

  // ------------------------------------------------------------ the model

  class Model {
    /* pack: what tutorgpt.view.playground wrote; which: of its snapshots;
       net: with its weights, if they have been read already; simd: with the
       kernel of product.js, if the browser can. */
    constructor(pack, which = pack.snapshots.length - 1, { net, simd } = {}) {
      Object.assign(this, describe(pack), { pack, which, config: pack.config });
      this.parts = KINDS[this.kind];
      this.net = net ?? makeNet(pack, readWeights(pack, pack.snapshots[which]), simd);
      const { n_layer: L, n_head: H, block_size: B, n_embed: C } = this.config;
      const many = (count, size) => Array.from({ length: count }, () => new Float32Array(size));
      this.stream = many(L + 1, B * C); // the vector after each layer; 0: embedded
      this.qkv = many(L, B * 3 * C); // a position: C of queries, C of keys, C of values, head by head
      this.attention = Array.from({ length: L }, () => many(H, B * B)); // [layer][head], row t looks at column s
      this.off = new Set(); // "layer" or "layer.head", counted from 0
      this.tokens = [];
    }

    /* Another reader with the same weights: what one of them reads or
       switches off is nothing to the other. */
    twin() {
      return new Model(this.pack, this.which, { net: this.net });
    }

    /* Numbers for the tokens that the model knows; -1 for others. */
    encode(text) {
      return this.tokenizer.encode(text);
    }

    /* Switch parts off; what was computed with them is forgotten. */
    switchOff(parts) {
      this.off = new Set(parts);
      this.tokens = [];
    }

    /* Read the last block_size tokens; nothing is new where the text that was
       read last began with them, for no position looks at later ones. */
    read(tokens) {
      const window = tokens.slice(-this.config.block_size);
      if (window.some((token, t) => token !== this.tokens[t])) this.compute(window);
      this.tokens = window;
      return window.length;
    }

    /* All layers, for all positions. What a layer leaves in the tape's space
       is copied from there, and the next one has the space to itself. */
    compute(tokens) {
      const { net, parts, stream, off, config: { n_layer: L } } = this, start = net.space.mark();
      net.open(1, tokens.length);
      let x = parts.embed(net, tokens);
      stream[0].set(x.data);
      for (let layer = 0; layer < L; layer++) {
        if (!off.has(`${layer}`)) { // else the residual path remains
          net.silent = this.silentHeads(layer);
          x = parts.block(net, x, `blocks.${layer}`);
          this.keep(layer, net.seen);
        }
        stream[layer + 1].set(x.data);
        x = { ...x, data: stream[layer + 1] };
        net.space.release(start);
      }
    }

    silentHeads(layer) {
      return Array.from({ length: this.config.n_head }, (_, head) => head).filter((head) => this.off.has(`${layer}.${head}`));
    }

    /* Of one layer: its queries, keys and values, and every head's weights,
       whose rows are as long as the window here, and there as a full one. */
    keep(layer, { qkv, weights }) {
      const T = weights.columns, { block_size: B } = this.config;
      this.qkv[layer].set(qkv.data);
      for (let row = 0; row < weights.rows; row++)
        this.attention[layer][Math.floor(row / T)].set(weights.data.subarray(row * T, (row + 1) * T), (row % T) * B);
    }

    /* The scores of every next token after position t. With an earlier
       layer: what the model would already predict there (logit lens). */
    logits(t = this.tokens.length - 1, layer = this.config.n_layer) {
      const { net, parts, config: { n_embed: C } } = this, start = net.space.mark();
      const x = net.table(1, C);
      x.data.set(this.stream[layer].subarray(t * C, (t + 1) * C));
      const scores = net.linear(parts.norm(net, x, "norm"), "lm_head").data.slice();
      net.space.release(start);
      return scores;
    }

    /* The six steps of one head for position t, with all their numbers. */
    sixSteps(layer, head, t) {
      const { n_embed: C, n_head: H, block_size: B } = this.config, D = C / H;
      const part = (n, s) => this.qkv[layer].slice((3 * s + n) * C + head * D, (3 * s + n) * C + (head + 1) * D);
      const query = part(0, t);
      const past = this.tokens.map((_, s) => {
        const key = part(1, s), value = part(2, s);
        const score = key.reduce((sum, number, n) => sum + number * query[n], 0);
        const weight = s > t ? 0 : this.attention[layer][head][t * B + s];
        return { key, value, score, scaled: score / Math.sqrt(D), masked: s > t, weight };
      });
      const out = query.map((_, n) => past.reduce((sum, { weight, value }) => sum + weight * value[n], 0));
      return { query, past, out };
    }
  }

  // ----------------------------------------------------- from scores to text

  /* exp(x_n) / Σ exp(x_m). Taking the largest away first changes nothing (it
     cancels) and keeps exp finite. */
  function softmax(x) {
    const top = x.reduce((a, b) => Math.max(a, b)), shares = x.map((n) => Math.exp(n - top));
    const sum = shares.reduce((a, b) => a + b);
    return shares.map((share) => share / sum);
  }

  /* Probabilities after temperature, top-k and top-p; 0: may not be drawn.
     softmax(scores / temperature); of these the k likeliest, made to sum to
     1; of these the fewest that together reach topP, made to sum to 1. The
     likeliest always stays: nothing stands before it. */
  function probabilities(scores, { temperature = 1, topK = Infinity, topP = 1 } = {}) {
    const p = softmax(Float64Array.from(scores, (score) => score / temperature));
    const order = Array.from(p.keys()).sort((a, b) => scores[b] - scores[a]);
    const kept = order.slice(0, topK);
    const total = kept.reduce((sum, n) => sum + p[n], 0);
    const result = new Float64Array(p.length);
    let before = 0, all = 0;
    for (const n of kept) {
      if (before >= topP) break;
      all += result[n] = p[n] / total;
      before += result[n];
    }
    return result.map((share) => share / all);
  }

  function likeliest(scores) {
    return scores.reduce((best, score, n) => (score > scores[best] ? n : best), 0);
  }

  /* A number drawn with these probabilities: the shares lie side by side on
     a line of length 1, and random(), in [0, 1), is a point on it. They may
     sum to a little less than 1; a point beyond them falls on the last. */
  function draw(shares, random) {
    let left = random(), last = 0;
    for (let n = 0; n < shares.length; n++) {
      if (shares[n] === 0) continue;
      last = n;
      if ((left -= shares[n]) < 0) break;
    }
    return last;
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { Model, probabilities, likeliest, draw, crc32, float16 });
})(globalThis);
