/* A trained model as a file: a checkpoint, data for the playground, a page.

   A model here is { name, spec, characters, weights }: the name of its class,
   what it was trained with, its vocabulary, and { name: { shape, data } } with
   PyTorch's names and shapes. */
(function (root) {
  "use strict";
  const CHECKPOINT = 2; // FORMAT of tutorgpt/training/checkpoints.py
  const PACK = 2; // FORMAT of tutorgpt/view/playground/pack.py
  const LIMIT = 3_000_000, SIXTEEN_BITS = 1_600_000; // as there
  const PLAYED = ["ResidualNormModel", "GPT"]; // what the playground can show

  const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

  function joined(pieces) {
    const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) (all.set(piece, at), (at += piece.length));
    return all;
  }

  const configOf = ({ spec, characters }) => ({
    vocab_size: Array.from(characters).length, block_size: spec.block_size,
    n_embed: spec.n_embed, n_head: spec.n_head, n_layer: spec.n_layer,
  });
  const tokenizerOf = ({ characters }) => ({ kind: "characters", characters });

  function countParameters({ weights }) {
    return Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  }

  /* As Python refuses it: what is no number, or too large for 16 bits. */
  function checkFinite({ weights }, most = Infinity) {
    for (const [name, { data }] of Object.entries(weights))
      if (!data.every((x) => Math.abs(x) <= most && Number.isFinite(x)))
        throw new Error(`${name} has values that are not finite${most < Infinity ? " or beyond 65,504" : ""}: train the model again, with a smaller learning rate`);
  }

  // ---------------------------------------------------------- checkpoint

  /* The SHA-256 of names and weights, in the order of the names. A browser
     computes it only for pages that it trusts; without it the file is read
     all the same, and not checked. */
  async function checksum(weights) {
    if (!root.crypto?.subtle) return null;
    const names = Object.keys(weights).sort();
    const data = joined(names.flatMap((name) => [new TextEncoder().encode(name), bytesOf(weights[name].data)]));
    const sum = new Uint8Array(await root.crypto.subtle.digest("SHA-256", data));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /* A safetensors file: the length of its header in 8 bytes, the header (JSON
     that says where each tensor begins and ends), and the numbers. */
  async function checkpoint(model) {
    checkFinite(model);
    const described = {
      format: CHECKPOINT, model: model.name, config: { ...configOf(model), dropout: 0 },
      tokenizer: tokenizerOf(model),
    };
    const sum = await checksum(model.weights);
    const header = { __metadata__: { format: "pt", tutorgpt: JSON.stringify(described), ...(sum ? { sha256: sum } : {}) } };
    let at = 0;
    for (const [name, { shape, data }] of Object.entries(model.weights))
      header[name] = { dtype: "F32", shape, data_offsets: [at, (at += data.byteLength)] };
    const told = new TextEncoder().encode(JSON.stringify(header));
    const padded = joined([told, new Uint8Array((8 - (told.length % 8)) % 8).fill(0x20)]); // numbers begin at a multiple of 8
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
    return joined([length, padded, ...Object.values(model.weights).map(({ data }) => bytesOf(data))]);
  }

  // -------------------------------------------------- for the playground

  /* Chapter 5's heads as chapter 6's one matrix, as tutorgpt.scaling.fuse:
     rows of all queries, then all keys, then all values, head by head. */
  function fused({ name, spec, weights }) {
    if (name !== "ResidualNormModel") return weights;
    const made = {};
    for (const [key, tensor] of Object.entries(weights)) {
      const [, part, head] = /^(blocks\.\d+\.multi_head\.)heads\.(\d+)\.query\.weight$/.exec(key) ?? [];
      if (head === "0") {
        const rows = ["query", "key", "value"].flatMap((kind) =>
          Array.from({ length: spec.n_head }, (_, h) => weights[`${part}heads.${h}.${kind}.weight`].data));
        const data = new Float32Array(3 * spec.n_embed ** 2);
        rows.forEach((row, n) => data.set(row, n * row.length));
        made[`${part}qkv.weight`] = { shape: [3 * spec.n_embed, spec.n_embed], data };
      } else if (!key.includes(".heads.")) made[key] = tensor;
    }
    return made;
  }

  /* A number as a float16: to the nearest, and of two that are as near to the
     even one. Below 2^-14 the steps are 2^-24 wide, above it 2^(e - 10). */
  function half(x) {
    const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0, size = Math.abs(x);
    const exponent = Math.max(-14, size ? Math.floor(Math.log2(size)) : -14);
    const steps = size / 2 ** (exponent - 10), down = Math.floor(steps), rest = steps - down;
    const whole = down + (rest > 0.5 || (rest === 0.5 && down % 2) ? 1 : 0);
    return sign | (((exponent + 14) << 10) + whole); // a carry climbs into the exponent
  }

  function sixteenBits(data) {
    const bytes = new Uint8Array(2 * data.length), view = new DataView(bytes.buffer);
    data.forEach((x, n) => view.setUint16(2 * n, half(x), true));
    return bytes;
  }

  /* To the nearest whole number, and of two that are as near to the even one. */
  const rint = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

  /* Row by row a float16 scale, then a whole number from -127 to 127 a weight;
     why so is said in pack.py. Rounded to 32 bits as often as there. */
  function eightBits({ shape: [rows, columns], data }) {
    const { fround } = Math;
    const bytes = new Uint8Array(rows * (2 + columns)), view = new DataView(bytes.buffer);
    for (let row = 0, at = 0; row < rows; row++, at += 2 + columns) {
      const own = data.subarray(row * columns, (row + 1) * columns);
      const top = own.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
      const bits = half(fround(fround(top / 127) * fround(1.001))), scale = root.tutorgpt.float16(bits);
      view.setUint16(at, bits, true);
      own.forEach((x, n) => view.setInt8(at + 2 + n, Math.max(-127, Math.min(127, rint(fround(x / scale))))));
    }
    return bytes;
  }

  function base64(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  }

  /* What the playground needs, as pack.py makes it. engine.js must be there. */
  function pack(model, { step, loss, note = "" } = {}) {
    if (!PLAYED.includes(model.name)) throw new Error("the playground shows models from chapter 5 on");
    const parameters = countParameters(model);
    if (parameters > LIMIT) throw new Error(`the model has ${parameters.toLocaleString("en")} parameters and a page holds at most ${LIMIT.toLocaleString("en")}: train a narrower one, or save it as a checkpoint`);
    checkFinite(model, 65504);
    const weights = fused(model), bits = parameters <= SIXTEEN_BITS ? 16 : 8;
    const data = joined(Object.values(weights).map((tensor) =>
      (bits === 16 || tensor.shape.length === 1 ? sixteenBits(tensor.data) : eightBits(tensor))));
    return {
      format: PACK, kind: "GPT", note, config: configOf(model), parameters, tokenizer: tokenizerOf(model),
      tensors: Object.entries(weights).map(([name, { shape }]) => [name, [...shape]]),
      snapshots: [{ ...(step === undefined ? {} : { step, loss }), bits, crc32: root.tutorgpt.crc32(data), weights: base64(data) }],
    };
  }

  // ----------------------------------------------------------- one page

  const SAFE = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => SAFE[c]);

  /* The playground with this model as one file, as tutorgpt.view.playground
     writes it. blankPage: pieces of its HTML, and between them the names of
     what goes there. */
  function savedPage(packed, { title, prompt }) {
    const { blankPage, files, lists } = root.tutorgpt;
    // No tag can begin inside the JSON, whatever characters a text has.
    const data = JSON.stringify(packed).replace(/</g, "\\u003c");
    const parts = {
      title: escaped(title),
      style: files["playground.css"],
      demo: `<div class="tg-demo" data-opts="${escaped(JSON.stringify({ prompt }))}">\n`
        + '<p class="tg-wait">The model is being read. If this stays, JavaScript is off or the file is incomplete.</p>\n'
        + `<script type="application/json" class="tg-pack">${data}</script>\n</div>`,
      scripts: lists.playground.map((name) => files[name]).join("\n"),
    };
    return blankPage.map((piece, n) => (n % 2 ? parts[piece] : piece)).join("");
  }

  /* Let the browser save it, under this name. */
  function download(name, content, type) {
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = root.tutorgpt.parts.el("a", { href: url, download: name, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, {
    saving: { checkpoint, pack, savedPage, download, half, countParameters, PLAYED },
  });
})(globalThis);
