/* Numbers as people write them: 1.39, 1,39, 20 %, 1/3, ln 69, 3 072 numbers.

   The same rules as tutorgpt/learn/check/written.py, which says what each name
   means; tests/learn/check/written_numbers.toml is the table that both are held
   to. A number has decimals, behind its point, or null where it was computed,
   and digits, without zeros in front. */
(function (root) {
  "use strict";

  const LONGEST = 100;
  // A number that is rounded to so many digits, or decimals, counts as it.
  const DIGITS = 3, DECIMALS = 2;
  const LOOKALIKES = { "−": "-", "–": "-", "×": "*", "·": "*", "∙": "*", "÷": "/", "⁄": "/", "²": "^2", "³": "^3", "√": "sqrt ", "π": "pi", "’": "'", "٫": "." };
  const ABOUT = /^(?:[≈~=]|(?:about|approximately|approx\.?|ca\.?)\s)\s*/;
  const SPACED = /(?<![\d.,])\d{1,3}(?:[ _']\d{3})+(?!\d)/g;
  const TOKEN = /\s*(?:((?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?)|(log10|log2|ln|log|sqrt|exp|pi|e)(?![a-z])|([a-zµ]+)|([-+*/^()%]))/y;
  const POINT = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/;
  const GROUPS = /^[1-9]\d{0,2}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3}){2,})$/;
  const COMMA = /^(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?$/;
  const FUNCTIONS = { ln: Math.log, log2: Math.log2, log10: Math.log10, sqrt: Math.sqrt, exp: Math.exp };
  const CONSTANTS = { e: Math.E, pi: Math.PI };

  const plainly = (text) => [...text].map((sign) => LOOKALIKES[sign] ?? sign).join("");
  /* The digits of other scripts: each has its ten in a row, from 0 to 9. */
  function ourDigits(text) {
    return text.replace(/\p{Nd}/gu, (sign) => {
      let value = 0;
      while (/\p{Nd}/u.test(String.fromCodePoint(sign.codePointAt(0) - value - 1))) value++;
      return value % 10;
    });
  }
  const singular = (word) => (word.length > 2 && word.endsWith("s") ? word.slice(0, -1) : word);

  function tokensOf(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const token = TOKEN.exec(text);
      if (!token) return null;
      found.push(token[0].trim());
    }
    return found;
  }

  /* Take a unit off the end; false where it is not the question's. */
  function stripWords(tokens, known) {
    const words = new Set((known.match(/[a-zµ]+/g) ?? []).map(singular));
    while (tokens.length > 1) {
      const word = tokens.at(-1);
      if (word === "percent") {
        tokens[tokens.length - 1] = "%";
        return true;
      }
      if (!/^[a-zµ]+$/.test(word) || Object.hasOwn(CONSTANTS, word)) return true;
      if (Object.hasOwn(FUNCTIONS, word) || word === "log") return false;
      if (word !== "per" && !words.has(singular(word))) return false;
      tokens.pop();
      if (tokens.length > 2 && tokens.at(-1) === "/" && /^[a-zµ]+$/.test(tokens.at(-2))) tokens.pop();
    }
    return true;
  }

  function withPoint(token) {
    if (GROUPS.test(token)) return token.includes(",") ? token.replaceAll(",", "") : token.replaceAll(".", "");
    return POINT.test(token) ? token : null;
  }

  function withComma(token) {
    if (COMMA.test(token)) return token.replaceAll(".", "").replace(",", ".");
    return token.includes(",") ? null : withPoint(token);
  }

  function finite(value) {
    if (!Number.isFinite(value)) throw new RangeError("no number");
    return value;
  }

  /* The value of an expression; null where it is none. */
  function compute(tokens, number, log) {
    let place = 0;
    const next = (...signs) => (signs.includes(tokens[place]) ? tokens[place++] : "");
    function sum() {
      let value = product();
      for (let sign; (sign = next("+", "-")); ) value = finite(sign === "+" ? value + product() : value - product());
      return value;
    }
    function product() {
      let value = signed();
      for (let sign; (sign = next("*", "/")); ) value = finite(sign === "*" ? value * signed() : value / signed());
      return value;
    }
    function signed() {
      return next("+", "-") === "-" ? -power() : power();
    }
    function power() {
      const value = atom();
      return next("^") ? finite(value ** signed()) : value;
    }
    function atom() {
      const token = tokens[place++];
      if (token === "(") {
        const value = sum();
        return finite(next(")") ? value : NaN);
      }
      if (Object.hasOwn(CONSTANTS, token)) return CONSTANTS[token];
      if (token === "log") return finite(log(atom()));
      if (Object.hasOwn(FUNCTIONS, token)) return finite(FUNCTIONS[token](atom()));
      return finite(Number((token && number(token)) ?? NaN));
    }
    try {
      const value = sum();
      return place === tokens.length ? value : null;
    } catch {
      return null;
    }
  }

  function written(tokens, number, log, factor) {
    const value = compute(tokens, number, log);
    if (value === null) return null;
    const signs = tokens.filter((token) => token === "+" || token === "-").slice(0, 1);
    const plain = number(tokens.at(-1));
    const computed = tokens.length - signs.length > 1 || plain === null || plain.includes("e");
    if (computed) return { value: value * factor, decimals: null, digits: 0 };
    const decimals = (plain.split(".")[1] ?? "").length + (factor === 1 ? 0 : 2);
    return { value: value * factor, decimals, digits: plain.replace(".", "").replace(/^0+/, "").length };
  }

  function readings(text, unit = "", about = "") {
    let plain = ourDigits(plainly(plainly(text).normalize("NFKC")).toLowerCase());
    plain = plain.trim().replace(ABOUT, "").replaceAll("**", "^").trimEnd();
    plain = plain.replace(SPACED, (found) => found.replace(/[ _']/g, ""));
    const tokens = plain.length <= LONGEST ? tokensOf(plain) : null;
    if (!tokens || !stripWords(tokens, `${unit} ${about}`.toLowerCase())) return [];
    let factor = 1;
    if (tokens.at(-1) === "%") {
      tokens.pop();
      factor = /%|percent/.test(unit) ? 1 : 0.01;
    }
    const found = new Map();
    for (const number of [withPoint, withComma])
      for (const log of [Math.log, Math.log10]) {
        const one = written(tokens, number, log, factor);
        if (one && !found.has(one.value)) found.set(one.value, one);
      }
    return [...found.values()];
  }

  /* Whether this is the exact number, rounded to enough digits. */
  function rounds({ value, decimals, digits }, exact) {
    if (!decimals || (decimals < DECIMALS && digits < DIGITS)) return false;
    return Math.abs(value - exact) <= 0.5 * 10 ** -decimals * (1 + 1e-9);
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { numbers: { readings, rounds } });
})(globalThis);
