/* A GPT of this tutorial, computed in the browser.

   This is chapter 6's forward pass in plain JavaScript, and chapter 11's: no
   library, no server. It keeps everything that it computes (queries, keys,
   values, attention weights, the vector after each layer), so that a page can
   show any of it. Keeping the keys and values is also what makes it fast: a
   new character costs one new position.

   Letters as in the chapters: B = block_size positions, C = n_embed channels,
   H heads of D = C / H channels, L layers, V tokens. Every table is one
   flat array, row after row: in (B, C), number n of position t is x[t * C + n].

   The numbers agree with PyTorch's to about 1e-5; a test compares them. */
(function (root) {
  "use strict";
  const { TOKENIZERS, unpackBytes } = root.tutorgpt;

  const FORMATS = [1, 2]; // those that this page reads; pack.py writes the last
  const EPSILON = 1e-5; // as in torch.nn.LayerNorm and in tutorgpt/modern/norm.py
  const BASE = 10000; // as in tutorgpt/modern/rotary.py

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

  /* The sum of products of `length` numbers, from a[i] and from b[j] on. */
  function dot(a, i, b, j, length) {
    let sum = 0;
    for (let n = 0; n < length; n++) sum += a[i + n] * b[j + n];
    return sum;
  }

  /* out = W x + bias, for the positions from `from` up to `to`.
     W is (rows, columns), x (B, columns), out (B, rows). Four positions and
     two rows go side by side: six numbers are fetched for eight products,
     where one at a time fetches sixteen. */
  function linear(W, bias, x, out, from, to, rows, columns) {
    let t = from;
    for (; t + 3 < to; t += 4) {
      const x0 = t * columns, x1 = x0 + columns, x2 = x1 + columns, x3 = x2 + columns;
      for (let row = 0; row < rows; row += 2) {
        const u = row * columns, v = row + 1 < rows ? u + columns : u; // alone: itself twice
        let a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (let n = 0; n < columns; n++) {
          const one = W[u + n], two = W[v + n];
          const p = x[x0 + n], q = x[x1 + n], r = x[x2 + n], s = x[x3 + n];
          a += one * p, b += one * q, c += one * r, d += one * s;
          e += two * p, f += two * q, g += two * r, h += two * s;
        }
        const at = t * rows + row, next = at + (v > u);
        out[next] = e, out[next + rows] = f, out[next + 2 * rows] = g, out[next + 3 * rows] = h;
        out[at] = a, out[at + rows] = b, out[at + 2 * rows] = c, out[at + 3 * rows] = d;
      }
    }
    for (; t < to; t++)
      for (let row = 0; row < rows; row++)
        out[t * rows + row] = dot(W, row * columns, x, t * columns, columns);
    if (!bias) return;
    for (let at = from * rows; at < to * rows; at += rows)
      for (let row = 0; row < rows; row++) out[at + row] += bias[row];
  }

  /* out = (x - mean) / √(variance + ε) · weight + bias, each position by
     itself; the variance divides by C, as in PyTorch, and not by C - 1. */
  function layerNorm(weight, bias, x, out, from, to) {
    const C = weight.length;
    for (let at = from * C; at < to * C; at += C) {
      let mean = 0, variance = 0;
      for (let n = 0; n < C; n++) mean += x[at + n] / C;
      for (let n = 0; n < C; n++) variance += (x[at + n] - mean) ** 2 / C;
      const scale = 1 / Math.sqrt(variance + EPSILON);
      for (let n = 0; n < C; n++) out[at + n] = (x[at + n] - mean) * scale * weight[n] + bias[n];
    }
  }

  /* out = x / √(mean(x²) + ε) · weight: no mean is taken away, and there is
     no bias to add. */
  function rmsNorm(weight, _, x, out, from, to) {
    const C = weight.length;
    for (let at = from * C; at < to * C; at += C) {
      const scale = 1 / Math.sqrt(dot(x, at, x, at, C) / C + EPSILON);
      for (let n = 0; n < C; n++) out[at + n] = x[at + n] * scale * weight[n];
    }
  }

  /* Every query and key turned by its position t: the two neighbours of pair
     i by the angle t / BASE^(2 i / D). Both lie before the values in qkv: 2 H
     vectors of D numbers a position. */
  function turn(qkv, from, to, { n_embed: C, n_head: H }) {
    const D = C / H;
    for (let t = from; t < to; t++)
      for (let at = t * 3 * C; at < t * 3 * C + 2 * C; at += D)
        for (let n = 0; n < D; n += 2) {
          const angle = t / BASE ** (n / D); // n is 2 i
          const cosine = Math.cos(angle), sine = Math.sin(angle);
          const a = qkv[at + n], b = qkv[at + n + 1];
          qkv[at + n] = a * cosine - b * sine;
          qkv[at + n + 1] = a * sine + b * cosine;
        }
  }

  const relu = (x) => (x < 0 ? 0 : x);
  const silu = (x) => x / (1 + Math.exp(-x));

  /* exp(x_n) / Σ exp(x_m), in place, over `length` numbers from `at`. Taking
     the largest away first changes nothing (it cancels) and keeps exp finite. */
  function softmax(x, at, length) {
    let top = -Infinity, sum = 0;
    for (let n = 0; n < length; n++) top = Math.max(top, x[at + n]);
    for (let n = 0; n < length; n++) sum += x[at + n] = Math.exp(x[at + n] - top);
    for (let n = 0; n < length; n++) x[at + n] /= sum;
    return x;
  }

  // ------------------------------------------------------------ the model

  /* What one kind does otherwise than another, by the names of its classes in
     Python. Weights that a kind does not have, a table of positions or a bias,
     are not in its pack, and nothing is added in their place.
     place: what becomes of queries and keys before they are multiplied.
     placed: the same, in words. bent: the matrix of the feed-forward part whose
     products go through bend. Where it is the gate, those are multiplied with
     the products of expand, number by number. */
  const KINDS = {
    GPT: {
      token: "embedding.token.weight", norm: layerNorm, place() {}, bent: "expand", bend: relu,
      placed: "",
    },
    ModernGPT: {
      token: "token.weight", norm: rmsNorm, place: turn, bent: "gate", bend: silu,
      placed: " Queries and keys are shown as they are multiplied: turned by their positions.",
    },
  };

  class Model {
    /* pack: what tutorgpt.view.playground wrote; which: of its snapshots;
       w: its weights, if they have been read already. */
    constructor(pack, which = pack.snapshots.length - 1, w = null) {
      Object.assign(this, describe(pack), { pack, which, config: pack.config });
      this.parts = KINDS[this.kind];
      this.w = w ?? readWeights(pack, pack.snapshots[which]);
      const { n_layer: L, n_head: H, block_size: B, n_embed: C } = this.config;
      const many = (count, size) => Array.from({ length: count }, () => new Float32Array(size));
      this.stream = many(L + 1, B * C); // the vector after each layer; 0: embedded
      this.qkv = many(L, B * 3 * C); // a position: C of queries, C of keys, C of values, head by head
      this.attention = Array.from({ length: L }, () => many(H, B * B)); // [layer][head], row t looks at column s
      [this.normed, this.joined, this.added] = many(3, B * C); // scratch
      this.width = this.w["blocks.0.feed_forward.expand.weight"].length / C; // inside the feed-forward part
      [this.bent, this.hidden] = many(2, B * this.width); // scratch there
      this.off = new Set(); // "layer" or "layer.head", counted from 0
      this.tokens = [];
    }

    /* Another reader with the same weights: what one of them reads or
       switches off is nothing to the other. */
    twin() {
      return new Model(this.pack, this.which, this.w);
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

    /* Read the last block_size tokens; positions already read are kept.
       Once the window is full it slides, every token changes its position,
       and all of them are computed anew: exactly what generate() does. */
    read(tokens) {
      const window = tokens.slice(-this.config.block_size);
      let same = 0;
      while (same < window.length && window[same] === this.tokens[same]) same++;
      this.compute(window, same, window.length);
      this.tokens = window;
      return window.length;
    }

    /* All layers, for the positions from `from` up to `to`. */
    compute(tokens, from, to) {
      const { w, parts, config: { n_layer: L, n_embed: C } } = this;
      const token = w[parts.token], position = w["embedding.position.weight"];
      for (let t = from; t < to; t++)
        for (let n = 0; n < C; n++)
          this.stream[0][t * C + n] = token[tokens[t] * C + n] + (position ? position[t * C + n] : 0);
      for (let layer = 0; layer < L; layer++) {
        const x = this.stream[layer + 1];
        x.set(this.stream[layer].subarray(from * C, to * C), from * C);
        if (this.off.has(`${layer}`)) continue; // the residual path remains
        this.attend(layer, x, from, to);
        this.think(layer, x, from, to);
      }
    }

    /* x = x + MultiHead(Norm(x)). */
    attend(layer, x, from, to) {
      const { w, parts, normed, joined, added, config } = this, { n_head: H, n_embed: C } = config;
      const block = `blocks.${layer}.`, qkv = this.qkv[layer];
      parts.norm(w[block + "norm_1.weight"], w[block + "norm_1.bias"], x, normed, from, to);
      linear(w[block + "multi_head.qkv.weight"], null, normed, qkv, from, to, 3 * C, C);
      parts.place(qkv, from, to, config);
      joined.fill(0, from * C, to * C);
      for (let head = 0; head < H; head++) this.look(layer, head, qkv, from, to);
      linear(w[block + "multi_head.proj.weight"], w[block + "multi_head.proj.bias"], joined, added, from, to, C, C);
      for (let n = from * C; n < to * C; n++) x[n] += added[n];
    }

    /* One head: softmax(Q Kᵀ / √D) V, each position over its past alone.
       The past's keys and values may be older than this call: they depend on
       earlier positions only, so what was computed for them still holds. A
       head that is off is computed and shown, and adds nothing. */
    look(layer, head, qkv, from, to) {
      const { n_head: H, n_embed: C, block_size: B } = this.config, D = C / H;
      const weights = this.attention[layer][head], silent = this.off.has(`${layer}.${head}`);
      for (let t = from; t < to; t++) {
        const q = t * 3 * C + head * D, row = t * B, out = t * C + head * D;
        for (let s = 0; s <= t; s++) { // no later position: a causal mask
          const k = s * 3 * C + C + head * D;
          weights[row + s] = dot(qkv, q, qkv, k, D) / Math.sqrt(D);
        }
        softmax(weights, row, t + 1);
        for (let s = 0; s <= t && !silent; s++) {
          const v = s * 3 * C + 2 * C + head * D, weight = weights[row + s];
          for (let n = 0; n < D; n++) this.joined[out + n] += weight * qkv[v + n];
        }
      }
    }

    /* x = x + FeedForward(Norm(x)). */
    think(layer, x, from, to) {
      const { w, parts, normed, bent, added, width: M, config: { n_embed: C } } = this;
      const block = `blocks.${layer}.`, inside = `${block}feed_forward.`;
      parts.norm(w[block + "norm_2.weight"], w[block + "norm_2.bias"], x, normed, from, to);
      linear(w[`${inside}${parts.bent}.weight`], w[`${inside}${parts.bent}.bias`], normed, bent, from, to, M, C);
      for (let n = from * M; n < to * M; n++) bent[n] = parts.bend(bent[n]);
      if (parts.bent === "gate") this.open(inside, from, to);
      linear(w[inside + "contract.weight"], w[inside + "contract.bias"], bent, added, from, to, C, M);
      for (let n = from * C; n < to * C; n++) x[n] += added[n];
    }

    /* The gate, bent, times what it opens or closes. */
    open(inside, from, to) {
      const { w, normed, bent, hidden, width: M, config: { n_embed: C } } = this;
      linear(w[inside + "expand.weight"], null, normed, hidden, from, to, M, C);
      for (let n = from * M; n < to * M; n++) bent[n] *= hidden[n];
    }

    /* The scores of every next token after position t. With an earlier
       layer: what the model would already predict there (logit lens). */
    logits(t = this.tokens.length - 1, layer = this.config.n_layer) {
      const { w, parts, config: { n_embed: C, vocab_size: V } } = this;
      const scores = new Float32Array(V), normed = new Float32Array(C);
      parts.norm(w["norm.weight"], w["norm.bias"], this.stream[layer].subarray(t * C), normed, 0, 1);
      linear(w["lm_head.weight"], w["lm_head.bias"], normed, scores, 0, 1, V, C);
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

  /* Probabilities after temperature, top-k and top-p; 0: may not be drawn.
     softmax(scores / temperature); of these the k likeliest, made to sum to
     1; of these the fewest that together reach topP, made to sum to 1. The
     likeliest always stays: nothing stands before it. */
  function probabilities(scores, { temperature = 1, topK = Infinity, topP = 1 } = {}) {
    const p = softmax(Float64Array.from(scores, (score) => score / temperature), 0, scores.length);
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
