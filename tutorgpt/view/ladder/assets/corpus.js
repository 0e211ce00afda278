/* A text as a model meets it: numbered, cut into two parts, and counted.
   As tutorgpt.text does it; a test compares. */
(function (root) {
  "use strict";

  const MOST_CHARACTERS = 1_000_000;
  const ORDINARY = "\t\n\v\f\r\b\x1b"; // control characters that texts have
  const MOST_CONTROLS = 0.01; // of all characters
  const SMOOTHING = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

  const shown = (n) => n.toLocaleString("en");

  /* The text as characters: a string's own places cut some of them in two.
     Throws one sentence for a text that cannot be learned from. */
  function charactersOf(text, block_size) {
    const characters = Array.from(text), count = characters.length, least = 10 * block_size + 1;
    if (count === 0) throw new Error("There is no text: paste one, or choose another.");
    if (count < least)
      throw new Error(`The text has ${count === 1 ? "1 character" : `${shown(count)} characters`}, and at least ${shown(least)} are needed `
        + `for windows of ${block_size} (a tenth is held out): paste more of it.`);
    if (count > MOST_CHARACTERS)
      throw new Error(`The text has ${shown(count)} characters, and this page takes at most ${shown(MOST_CHARACTERS)}: paste a part of it.`);
    const controls = characters.filter((c) => c < " " && !ORDINARY.includes(c)).length;
    if (text.includes("\0") || controls > MOST_CONTROLS * count)
      throw new Error(`The text has ${shown(controls)} control characters, as no text has: paste it from a text editor.`);
    const half = characters.findIndex((c) => /^[\ud800-\udfff]$/.test(c));
    if (half >= 0)
      throw new Error(`Character ${shown(half + 1)} of the text is only half of one: paste the text again, or leave that place out.`);
    return characters;
  }

  /* {characters, tokens, train, val, floors}: the vocabulary in the order of
     the code points, the whole text's numbers, its first nine tenths, the
     rest, and what counting alone reaches. */
  function prepare(text, block_size = 32) {
    const all = charactersOf(text, block_size);
    const characters = [...new Set(all)].sort((a, b) => a.codePointAt(0) - b.codePointAt(0));
    if (characters.length === 1)
      throw new Error(`The text repeats one character, ${JSON.stringify(characters[0])}, so there is nothing to predict: paste a text with more of them.`);
    const number = new Map(characters.map((c, n) => [c, n]));
    const tokens = Int32Array.from(all, (c) => number.get(c));
    const split = Math.floor(tokens.length * 9 / 10);
    const train = tokens.subarray(0, split), val = tokens.subarray(split);
    return { characters, tokens, train, val, floors: floorsOf(train, val, characters.length) };
  }

  /* The held-out losses of three counting models, in nats per character: every
     character equally likely; as often as in the text; as often as after the
     one before it. One more of every character, and k more of every pair, drawn
     as single characters are, so that nothing is impossible; of a few k the one
     that serves the held-out part best. */
  function floorsOf(train, val, V) {
    const singles = new Float64Array(V).fill(1), before = new Float64Array(V), pairs = new Map();
    for (const token of train) singles[token]++;
    for (let n = 1; n < train.length; n++) {
      const pair = train[n - 1] * V + train[n];
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      before[train[n - 1]]++;
    }
    const share = (token) => singles[token] / (train.length + V);
    const mean = (loss) => { // over every character that has one before it
      let sum = 0;
      for (let n = 1; n < val.length; n++) sum += loss(n);
      return sum / (val.length - 1);
    };
    const bigram = (k) => mean((n) => {
      const seen = pairs.get(val[n - 1] * V + val[n]) ?? 0;
      return -Math.log((seen + k * share(val[n])) / (before[val[n - 1]] + k));
    });
    return {
      uniform: Math.log(V),
      unigram: mean((n) => -Math.log(share(val[n]))),
      bigram: Math.min(...SMOOTHING.map(bigram)),
    };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { prepare });
})(globalThis);
