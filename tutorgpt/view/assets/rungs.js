/* The six models of the ladder, each one idea above the one before: what they
   compute, in the words of tape.js, and which weights they learn.

   The functions are short because they are shown beside the curve, as they
   run. `net` is the tape; a part of a model gets its input and its name, which
   begins the names of its weights, as in PyTorch. */
(function (root) {
  "use strict";
  const { normalFrom } = root.tutorgpt;

  // ------------------------------------------- what the models are made of

  function embedding(net, tokens) {
    const token = net.embed("embedding.token", tokens);
    const position = net.embed("embedding.position", net.places);
    return net.add(token, position);
  }

  function head(net, x, name) {
    const q = net.linear(x, `${name}.query`);
    const k = net.linear(x, `${name}.key`);
    const v = net.linear(x, `${name}.value`);
    const weights = net.softmax(net.scores(q, k));
    return net.mix(weights, v);
  }

  function multiHead(net, x, name) {
    const heads = [];
    for (let n = 0; n < net.n_head; n++)
      heads.push(head(net, x, `${name}.heads.${n}`));
    return net.linear(net.concat(heads), `${name}.proj`);
  }

  function feedForward(net, x, name) {
    const wide = net.relu(net.linear(x, `${name}.expand`));
    return net.linear(wide, `${name}.contract`);
  }

  function block(net, x, name) {
    const near = net.norm(x, `${name}.norm_1`);
    x = net.add(x, multiHead(net, near, `${name}.multi_head`));
    const far = net.norm(x, `${name}.norm_2`);
    return net.add(x, feedForward(net, far, `${name}.feed_forward`));
  }

  /* All heads from one product; the result is multiHead's. */
  function fusedMultiHead(net, x, name) {
    const qkv = net.linear(x, `${name}.qkv`), C = x.columns;
    const q = net.columns(qkv, 0, C);
    const k = net.columns(qkv, C, C);
    const v = net.columns(qkv, 2 * C, C);
    const weights = net.softmax(net.scores(q, k, net.n_head));
    return net.linear(net.mix(weights, v, net.n_head), `${name}.proj`);
  }

  function gptBlock(net, x, name) {
    const near = net.norm(x, `${name}.norm_1`);
    const read = fusedMultiHead(net, near, `${name}.multi_head`);
    x = net.add(x, net.dropout(read));
    const far = net.norm(x, `${name}.norm_2`);
    const thought = feedForward(net, far, `${name}.feed_forward`);
    return net.add(x, net.dropout(thought));
  }

  // ------------------------------------------------------- the six models

  function BigramModel(net, tokens) {
    const x = net.embed("embedding", tokens);
    return net.linear(x, "lm_head");
  }

  function SingleHeadModel(net, tokens) {
    let x = embedding(net, tokens);
    x = head(net, x, "head");
    return net.linear(x, "lm_head");
  }

  function MultiHeadModel(net, tokens) {
    let x = embedding(net, tokens);
    x = multiHead(net, x, "multi_head");
    return net.linear(x, "lm_head");
  }

  function FeedForwardModel(net, tokens) {
    let x = embedding(net, tokens);
    x = multiHead(net, x, "multi_head");
    x = feedForward(net, x, "feed_forward");
    return net.linear(x, "lm_head");
  }

  function ResidualNormModel(net, tokens) {
    let x = embedding(net, tokens);
    for (let n = 0; n < net.n_layer; n++)
      x = block(net, x, `blocks.${n}`);
    x = net.norm(x, "norm");
    return net.linear(x, "lm_head");
  }

  function GPT(net, tokens) {
    let x = net.dropout(embedding(net, tokens));
    for (let n = 0; n < net.n_layer; n++)
      x = gptBlock(net, x, `blocks.${n}`);
    x = net.norm(x, "norm");
    return net.linear(x, "lm_head");
  }

  // ----------------------------------------------------- what they learn

  /* The weights of each part: {name, shape, start}. They begin as PyTorch's
     do: start(random) is one number of a table (normal, variance 1), of a
     Linear that I columns go into (even, between -1 / √I and 1 / √I), or of a
     norm (1 for its weight, 0 for its bias). */
  const table = (name, rows, C) => [{ name: `${name}.weight`, shape: [rows, C], start: normalFrom }];

  function linear(name, I, O, hasBias = true) {
    const start = (random) => (2 * random() - 1) / Math.sqrt(I);
    const weight = { name: `${name}.weight`, shape: [O, I], start };
    return hasBias ? [weight, { name: `${name}.bias`, shape: [O], start }] : [weight];
  }

  const norm = (name, C) => [
    { name: `${name}.weight`, shape: [C], start: () => 1 },
    { name: `${name}.bias`, shape: [C], start: () => 0 },
  ];

  const embedded = ({ vocab_size: V, block_size: B, n_embed: C }) =>
    [...table("embedding.token", V, C), ...table("embedding.position", B, C)];

  const oneHead = (name, C, D) =>
    ["query", "key", "value"].flatMap((part) => linear(`${name}.${part}`, C, D, false));

  const heads = (name, { n_embed: C, n_head: H }) => [
    ...each(H, (n) => oneHead(`${name}.heads.${n}`, C, C / H)),
    ...linear(`${name}.proj`, C, C),
  ];

  const fusedHeads = (name, { n_embed: C }) =>
    [...linear(`${name}.qkv`, C, 3 * C, false), ...linear(`${name}.proj`, C, C)];

  const thinking = (name, C) =>
    [...linear(`${name}.expand`, C, 4 * C), ...linear(`${name}.contract`, 4 * C, C)];

  const each = (count, make) => Array.from({ length: count }, (_, n) => make(n)).flat();

  const stacked = (config, attention) => each(config.n_layer, (n) => [
    ...norm(`blocks.${n}.norm_1`, config.n_embed),
    ...attention(`blocks.${n}.multi_head`, config),
    ...norm(`blocks.${n}.norm_2`, config.n_embed),
    ...thinking(`blocks.${n}.feed_forward`, config.n_embed),
  ]);

  const scored = ({ vocab_size: V, n_embed: C }) => linear("lm_head", C, V);

  const WEIGHTS = {
    BigramModel: (c) => [...table("embedding", c.vocab_size, c.n_embed), ...scored(c)],
    SingleHeadModel: (c) => [...embedded(c), ...oneHead("head", c.n_embed, c.n_embed), ...scored(c)],
    MultiHeadModel: (c) => [...embedded(c), ...heads("multi_head", c), ...scored(c)],
    FeedForwardModel: (c) =>
      [...embedded(c), ...heads("multi_head", c), ...thinking("feed_forward", c.n_embed), ...scored(c)],
    ResidualNormModel: (c) => [...embedded(c), ...stacked(c, heads), ...norm("norm", c.n_embed), ...scored(c)],
    GPT: (c) => [...embedded(c), ...stacked(c, fusedHeads), ...norm("norm", c.n_embed), ...scored(c)],
  };

  // ------------------------------------------------------------ the ladder

  /* The lines of functions as they stand above, without the two spaces that
     all of them begin with, and with a line between two functions. */
  const linesOf = (functions) =>
    functions.map((f) => String(f).replace(/^ {2}/gm, "")).join("\n\n").split("\n");

  /* made: the functions that this rung brings or changes, its parts first. */
  const rung = (chapter, title, forward, ...parts) => ({
    name: forward.name, chapter, title, forward,
    weights: WEIGHTS[forward.name],
    code: linesOf([...parts, forward]),
  });

  const RUNGS = [
    rung(1, "Bigram", BigramModel),
    rung(2, "One head", SingleHeadModel, embedding, head),
    rung(3, "Several heads", MultiHeadModel, head, multiHead),
    rung(4, "Feed-forward", FeedForwardModel, multiHead, feedForward),
    rung(5, "Residual paths and norms", ResidualNormModel, multiHead, feedForward, block),
    rung(6, "GPT", GPT, fusedMultiHead, gptBlock),
  ];

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, {
    RUNGS, gptParts: { embedding, gptBlock },
  });
})(globalThis);
