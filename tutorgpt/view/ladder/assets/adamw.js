/* AdamW: how a gradient becomes a change of the weights.
   Source: Loshchilov and Hutter 2019, with the defaults of torch.optim.AdamW. */
(function (root) {
  "use strict";

  class AdamW {
    /* weights: a list of {data, grad, stale}. The two memories of each weight
       are taken from the space: mean, of its gradients, and square, of their
       squares. */
    constructor(space, weights, { learning_rate, weight_decay = 0.01, betas = [0.9, 0.999] }) {
      Object.assign(this, { weights, learning_rate, weight_decay, betas, steps: 0 });
      this.means = weights.map(({ data }) => space.take(data.length));
      this.squares = weights.map(({ data }) => space.take(data.length));
    }

    /* w = w - rate · decay · w - rate · m̂ / (√v̂ + ε). The memories begin at
       zero; m̂ and v̂ are they, divided by the share that has been filled. */
    step() {
      const { learning_rate: rate, weight_decay, betas: [b1, b2] } = this;
      this.steps++;
      const size = rate / (1 - b1 ** this.steps), root2 = Math.sqrt(1 - b2 ** this.steps);
      const keep = 1 - rate * weight_decay;
      this.weights.forEach((weight, n) => {
        const { data, grad } = weight, mean = this.means[n], square = this.squares[n];
        for (let i = 0; i < data.length; i++) {
          const g = grad[i];
          mean[i] += (1 - b1) * (g - mean[i]);
          square[i] = b2 * square[i] + (1 - b2) * g * g;
          data[i] = data[i] * keep - size * mean[i] / (Math.sqrt(square[i]) / root2 + 1e-8);
        }
        grad.fill(0); // for the next step
        weight.stale = true; // what was made of it is to be made anew
      });
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { AdamW });
})(globalThis);
