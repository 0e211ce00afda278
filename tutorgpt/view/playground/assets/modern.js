/* Chapter 11's ModernGPT: what it computes otherwise than a GPT, in the words
   of tape.js. Nothing learns here, so no gradient comes back. */
(function (root) {
  "use strict";

  const EPSILON = 1e-5; // as in tutorgpt/modern/norm.py
  const BASE = 10000; // as in tutorgpt/modern/rotary.py

  const silu = (x) => x / (1 + Math.exp(-x));

  /* There is no table of positions. */
  const embed = (net, tokens) => net.embed("token", tokens);

  /* y = x / √(mean(x²) + ε) · weight: no mean is taken away, and there is
     no bias to add. */
  function norm(net, x, name) {
    const { data: weight } = net.weights[`${name}.weight`], C = x.columns, y = net.table(x.rows, C);
    for (let at = 0; at < y.data.length; at += C) {
      let mean = 0;
      for (let c = 0; c < C; c++) mean += x.data[at + c] ** 2 / C;
      const scale = 1 / Math.sqrt(mean + EPSILON);
      for (let c = 0; c < C; c++) y.data[at + c] = x.data[at + c] * scale * weight[c];
    }
    return y;
  }

  /* Every query and key turned by its position t: the two neighbours of pair
     i by the angle t / BASE^(2 i / D). Both lie before the values in qkv: 2 H
     vectors of D numbers a position. */
  function turn({ data, rows, columns }, D) {
    for (let t = 0; t < rows; t++)
      for (let n = 0; n < D; n += 2) {
        const angle = t / BASE ** (n / D); // n is 2 i
        const cosine = Math.cos(angle), sine = Math.sin(angle);
        for (let at = t * columns + n; at < t * columns + columns * 2 / 3; at += D) {
          const a = data[at], b = data[at + 1];
          data[at] = a * cosine - b * sine;
          data[at + 1] = a * sine + b * cosine;
        }
      }
  }

  function multiHead(net, x, name) {
    const qkv = net.linear(x, `${name}.qkv`), C = x.columns;
    turn(qkv, C / net.n_head);
    const q = net.columns(qkv, 0, C);
    const k = net.columns(qkv, C, C);
    const v = net.columns(qkv, 2 * C, C);
    const weights = net.softmax(net.scores(q, k, net.n_head));
    return net.linear(net.mix(weights, v, net.n_head), `${name}.proj`);
  }

  /* The gate's products, bent by silu, times those that they open or close. */
  function feedForward(net, x, name) {
    const gate = net.linear(x, `${name}.gate`);
    const wide = net.linear(x, `${name}.expand`);
    for (let n = 0; n < wide.data.length; n++) wide.data[n] *= silu(gate.data[n]);
    return net.linear(wide, `${name}.contract`);
  }

  function block(net, x, name) {
    const near = norm(net, x, `${name}.norm_1`);
    x = net.add(x, multiHead(net, near, `${name}.multi_head`));
    const far = norm(net, x, `${name}.norm_2`);
    return net.add(x, feedForward(net, far, `${name}.feed_forward`));
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { modernParts: { embed, block, norm } });
})(globalThis);
