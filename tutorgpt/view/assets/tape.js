/* A tape: what the six models compute, and how the gradients come back.

   Every operation makes a table of numbers from others. While a model learns,
   it also notes on the tape how the gradient of its result goes back to what
   it was made of (the chain rule); `backward` reads those notes from the last
   to the first. This is chapter 0 with tables in place of single numbers.

   Letters as in the chapters: N windows of T positions, C channels, H heads of
   D = C / H channels, V tokens. A table has a row for each position of each
   window: number c of row r is data[at + r * stride + c], and grad has the
   same form. All of them lie in one Space, which is given back after a step.

   The names of weights are PyTorch's, and so are their shapes: a Linear's is
   (columns that come out, columns that go in). A test compares every gradient
   with PyTorch's. */
(function (root) {
  "use strict";

  const EPSILON = 1e-5; // as in torch.nn.LayerNorm

  /* exp(x) for x ≤ 0, to nine digits, in less than half of Math.exp's time, on
     which the softmax would spend most of its own. With x = -n s + r, where
     s = ln 2 / 16 and r is at most s, exp(x) = 2^(-n / 16) exp(r): the first
     comes from a table, the second from the beginning of its series. */
  const STEP = Math.LN2 / 16, SMALLEST = 127 * 16; // 2^-127: float32 ends there
  const POWERS = Float64Array.from({ length: SMALLEST + 1 }, (_, n) => 2 ** (-n / 16));
  function exp(x) {
    const n = Math.min(-x / STEP, SMALLEST) | 0, r = Math.max(x + n * STEP, -STEP);
    return POWERS[n] * (1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24)))));
  }

  class Tape {
    /* weights: by name, {data, grad, rows, columns, turned, stale}. */
    constructor(space, weights, n_head) {
      Object.assign(this, { space, weights, n_head });
      this.learning = false; // whether operations note their way back
      this.share = 0; // of numbers that dropout sets to zero
      this.random = null; // where dropout's chance comes from
    }

    /* Begin anew, for N windows of T positions. */
    open(N, T) {
      Object.assign(this, { N, T, notes: [] });
      this.places = Int32Array.from({ length: N * T }, (_, row) => row % T);
    }

    /* A new table: with zeros, or with whatever lay there before, for an
       operation that writes every number of it. Gradients begin at zero. */
    table(rows, columns, zeros = false) {
      const data = this.space.take(rows * columns, zeros);
      const grad = this.learning ? this.space.take(rows * columns) : null;
      return { data, grad, rows, columns, stride: columns, at: 0 };
    }

    note(wayBack) {
      if (this.learning) this.notes.push(wayBack);
    }

    /* From the loss to every weight: the notes, the last one first. */
    backward() {
      while (this.notes.length) this.notes.pop()();
    }

    // ------------------------------------------------------ the operations

    /* The rows of a table of weights that the numbers name. Going back, a
       row collects the gradients of all places where it was used. */
    embed(name, numbers) {
      const W = this.weights[`${name}.weight`], C = W.columns;
      const y = this.table(numbers.length, C);
      numbers.forEach((n, r) => y.data.set(W.data.subarray(n * C, (n + 1) * C), r * C));
      const { grad } = y, { grad: dW } = W;
      this.note(() => {
        for (let r = 0; r < numbers.length; r++)
          for (let c = 0; c < C; c++) dW[numbers[r] * C + c] += grad[r * C + c];
      });
      return y;
    }

    /* y = x Wᵀ + b. Going back: dx = dy W, dW = dyᵀ x, db = Σ of dy's rows. */
    linear(x, name) {
      const W = this.weights[`${name}.weight`], b = this.weights[`${name}.bias`];
      const { space } = this, { rows, at, stride } = x, O = W.rows, I = W.columns;
      const y = this.table(rows, O);
      if (b) for (let r = 0; r < rows; r++) y.data.set(b.data, r * O);
      space.multiply(y.data, 0, O, x.data, at, stride, 1, this.turned(W), 0, O, rows, O, I, Boolean(b));
      this.note(() => {
        space.multiply(x.grad, at, stride, y.grad, 0, O, 1, W.data, 0, I, rows, I, O, true);
        space.multiply(W.grad, 0, I, y.grad, 0, 1, O, x.data, at, stride, O, I, rows, true);
        if (b) space.multiply(b.grad, 0, O, this.ones(rows), 0, rows, 1, y.grad, 0, O, 1, O, rows, true);
      });
      return y;
    }

    /* A row of ones: its product with a table is the sum of the table's rows. */
    ones(count) {
      return this.space.take(count, false).fill(1);
    }

    /* Wᵀ, as the product wants it: its rows without gaps. */
    turned(W) {
      if (!W.stale) return W.turned;
      for (let r = 0; r < W.rows; r++)
        for (let c = 0; c < W.columns; c++) W.turned[c * W.rows + r] = W.data[r * W.columns + c];
      W.stale = false;
      return W.turned;
    }

    /* The sum of two tables hands its gradient on to both. */
    add(x, y) {
      const z = this.table(x.rows, x.columns);
      const { data, grad } = z, a = x.data, b = y.data, da = x.grad, db = y.grad;
      for (let n = 0; n < data.length; n++) data[n] = a[n] + b[n];
      this.note(() => {
        for (let n = 0; n < grad.length; n++) da[n] += grad[n];
        for (let n = 0; n < grad.length; n++) db[n] += grad[n];
      });
      return z;
    }

    /* max(0, x) = (x + |x|) / 2: the gradient passes where x was positive.
       Without an `if`: which numbers pass cannot be foreseen, and a processor
       that guesses wrongly loses more time than the sum takes. */
    relu(x) {
      const y = this.table(x.rows, x.columns), { data, grad } = y, { data: from, grad: back } = x;
      for (let n = 0; n < data.length; n++) data[n] = (from[n] + Math.abs(from[n])) / 2;
      this.note(() => {
        for (let n = 0; n < grad.length; n++) back[n] += grad[n] * Number(data[n] > 0);
      });
      return y;
    }

    /* Tables side by side. */
    concat(tables) {
      const rows = tables[0].rows, D = tables[0].columns;
      const y = this.table(rows, D * tables.length);
      tables.forEach((x, n) => {
        for (let r = 0; r < rows; r++)
          y.data.set(x.data.subarray(r * D, (r + 1) * D), r * y.columns + n * D);
      });
      this.note(() => tables.forEach((x, n) => {
        for (let r = 0; r < rows; r++)
          for (let c = 0; c < D; c++) x.grad[r * D + c] += y.grad[r * y.columns + n * D + c];
      }));
      return y;
    }

    /* Some columns of a table, where they lie: nothing is copied. */
    columns(x, from, count) {
      return { ...x, columns: count, at: x.at + from };
    }

    /* y = (x - mean) / √(variance + ε) · weight + bias, each row by itself.
       Call the fraction z and s = 1 / √(variance + ε); then, with g = dy · weight,
       dx = s (g - mean(g) - z mean(g z)). */
    norm(x, name) {
      const { data: weight, grad: dWeight } = this.weights[`${name}.weight`];
      const { data: bias, grad: dBias } = this.weights[`${name}.bias`];
      const C = x.columns, y = this.table(x.rows, C);
      const { data, grad: dx, rows } = x, { data: out, grad: dy } = y;
      const z = this.space.take(rows * C, false), s = this.space.take(rows, false);
      for (let r = 0, at = 0; r < rows; r++, at += C) {
        let sum = 0, squares = 0; // in double precision: variance = mean(x²) - mean(x)²
        for (let c = 0; c < C; c++) {
          sum += data[at + c];
          squares += data[at + c] * data[at + c];
        }
        const mean = sum / C, variance = Math.max(0, squares / C - mean * mean);
        s[r] = 1 / Math.sqrt(variance + EPSILON);
        for (let c = 0; c < C; c++) {
          z[at + c] = (data[at + c] - mean) * s[r];
          out[at + c] = z[at + c] * weight[c] + bias[c];
        }
      }
      this.note(() => {
        this.space.multiply(dBias, 0, C, this.ones(rows), 0, rows, 1, dy, 0, C, 1, C, rows, true);
        for (let r = 0, at = 0; r < rows; r++, at += C) {
          let meanG = 0, meanGz = 0;
          for (let c = 0; c < C; c++) {
            const g = dy[at + c] * weight[c];
            dWeight[c] += dy[at + c] * z[at + c];
            meanG += g;
            meanGz += g * z[at + c];
          }
          meanG /= C;
          meanGz /= C;
          for (let c = 0; c < C; c++)
            dx[at + c] += s[r] * (dy[at + c] * weight[c] - meanG - z[at + c] * meanGz);
        }
      });
      return y;
    }

    /* In training some numbers become zero, and the others grow to make up
       for them; the gradient passes the same way. */
    dropout(x) {
      if (!this.learning || this.share === 0) return x;
      const y = this.table(x.rows, x.columns), keep = this.space.take(y.data.length);
      for (let n = 0; n < keep.length; n++) {
        keep[n] = this.random() < this.share ? 0 : 1 / (1 - this.share);
        y.data[n] = x.data[n] * keep[n];
      }
      this.note(() => {
        for (let n = 0; n < keep.length; n++) x.grad[n] += y.grad[n] * keep[n];
      });
      return y;
    }

    // ----------------------------------------------------------- attention

    /* Call back for every window and head: row is its first position, column
       its first channel, and at where its T x T table of weights begins. */
    everyHead(H, D, callback) {
      const { N, T } = this;
      for (let n = 0; n < N; n++)
        for (let h = 0; h < H; h++) callback(n * T, h * D, (n * H + h) * T * T);
    }

    /* One window's and head's columns turned and multiplied by `scale`:
       (T, D) -> (D, T). */
    turnedHead(data, from, stride, D, scale, out) {
      const { T } = this;
      for (let t = 0; t < T; t++)
        for (let d = 0; d < D; d++) out[d * T + t] = data[from + t * stride + d] * scale;
      return out;
    }

    /* Q Kᵀ / √D for every window and head: (N T, H D) -> (N H T, T). */
    scores(q, k, H = 1) {
      const { N, T, space } = this, D = q.columns / H, scale = 1 / Math.sqrt(D);
      const S = this.table(N * H * T, T), turned = space.take(D * T);
      this.everyHead(H, D, (row, column, at) => {
        const i = q.at + row * q.stride + column, j = k.at + row * k.stride + column;
        this.turnedHead(k.data, j, k.stride, D, scale, turned);
        space.multiply(S.data, at, T, q.data, i, q.stride, 1, turned, 0, T, T, T, D, false);
      });
      this.note(() => {
        for (let n = 0; n < S.grad.length; n++) S.grad[n] *= scale;
        this.everyHead(H, D, (row, column, at) => { // dQ = dS K / √D, dK = dSᵀ Q / √D
          const i = q.at + row * q.stride + column, j = k.at + row * k.stride + column;
          space.multiply(q.grad, i, q.stride, S.grad, at, T, 1, k.data, j, k.stride, T, D, T, true);
          space.multiply(k.grad, j, k.stride, S.grad, at, 1, T, q.data, i, q.stride, T, D, T, true);
        });
      });
      return S;
    }

    /* exp(s) / Σ exp(s) over the positions up to one's own: the causal mask
       leaves the later ones at zero. Taking the largest away first changes
       nothing (it cancels) and keeps exp finite.
       Going back: ds = p (dp - Σ p dp). */
    softmax(S) {
      const { T } = this, P = this.table(S.rows, T, true);
      const { data: s, grad: ds, rows } = S, { data: p, grad: dp } = P;
      for (let r = 0, at = 0; r < rows; r++, at += T) {
        const end = at + r % T + 1;
        let top = -Infinity, sum = 0;
        for (let n = at; n < end; n++) top = Math.max(top, s[n]);
        for (let n = at; n < end; n++) sum += p[n] = exp(s[n] - top);
        const share = 1 / sum;
        for (let n = at; n < end; n++) p[n] *= share;
      }
      this.note(() => {
        for (let r = 0, at = 0; r < rows; r++, at += T) {
          const end = at + r % T + 1;
          let sum = 0;
          for (let n = at; n < end; n++) sum += p[n] * dp[n];
          for (let n = at; n < end; n++) ds[n] += p[n] * (dp[n] - sum);
        }
      });
      return P;
    }

    /* P V for every window and head: (N H T, T), (N T, H D) -> (N T, H D). */
    mix(P, v, H = 1) {
      const { T, space } = this, D = v.columns / H;
      const y = this.table(v.rows, v.columns), C = y.columns;
      this.everyHead(H, D, (row, column, at) => {
        const j = v.at + row * v.stride + column;
        space.multiply(y.data, row * C + column, C, P.data, at, T, 1, v.data, j, v.stride, T, D, T, false);
      });
      this.note(() => {
        const turned = space.take(D * T);
        this.everyHead(H, D, (row, column, at) => { // dP = dy Vᵀ, dV = Pᵀ dy
          const o = row * C + column, j = v.at + row * v.stride + column;
          this.turnedHead(v.data, j, v.stride, D, 1, turned);
          space.multiply(P.grad, at, T, y.grad, o, C, 1, turned, 0, T, T, T, D, true);
          space.multiply(v.grad, j, v.stride, P.data, at, 1, T, y.grad, o, C, T, D, T, true);
        });
      });
      return y;
    }

    // ------------------------------------------------------------ the loss

    /* The mean of -ln p(the token that came), in nats, or of a part of a batch
       what it adds to the mean of `count` rows. Its gradient for the scores is
       (p - 1 for that token) / count. */
    crossEntropy(scores, targets, count = scores.rows) {
      const { rows, columns: V, data, grad } = scores, p = grad ?? this.space.take(data.length);
      let total = 0;
      for (let r = 0, at = 0; r < rows; r++, at += V) {
        let top = -Infinity, sum = 0;
        for (let c = at; c < at + V; c++) top = Math.max(top, data[c]);
        for (let c = at; c < at + V; c++) sum += p[c] = exp(data[c] - top);
        total += Math.log(sum) + top - data[at + targets[r]];
        const share = 1 / (sum * count);
        for (let c = at; c < at + V; c++) p[c] *= share;
        p[at + targets[r]] -= 1 / count;
      }
      return total / count;
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { Tape });
})(globalThis);
