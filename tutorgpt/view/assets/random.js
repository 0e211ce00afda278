/* Numbers at random, the same ones for the same seed in every browser. */
(function (root) {
  "use strict";

  /* mulberry32: numbers in [0, 1). */
  function randomFrom(seed) {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let x = Math.imul(state ^ (state >>> 15), state | 1);
      x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
      return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  /* Box and Muller: one number with mean 0 and variance 1. */
  function normalFrom(random) {
    const size = Math.sqrt(-2 * Math.log(1 - random()));
    return size * Math.cos(2 * Math.PI * random());
  }

  /* So many of them. */
  function normalNumbers(howMany, seed) {
    const random = randomFrom(seed);
    return Float64Array.from({ length: howMany }, () => normalFrom(random));
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { randomFrom, normalFrom, normalNumbers });
})(globalThis);
