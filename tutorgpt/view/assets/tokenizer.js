/* Tokenizers: from text to numbers and back, as tutorgpt/tokens does it.

   Whatever a model reads, the page asks the same of its tokenizer:

     unit           what one token is, as a word
     size           V, the number of different tokens
     encode(text)   the numbers of a text's tokens; -1 where it has none
     decode(tokens) the text that they spell
     stream()       a function that gets tokens one by one, and returns what
                    each of them shows: an item, {id, parts}
     cut(text)      the items of a text's tokens

   A part of an item is a string, whole characters, or an object {bytes, fate}:
   bytes that are no whole character by themselves. A test compares numbers and
   texts with Python's. */
(function (root) {
  "use strict";

  const unpackBytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

  class Characters {
    unit = "character";

    constructor({ characters }) {
      // By code point: the string's own length counts some characters twice.
      this.characters = Array.from(characters);
      this.number = new Map(this.characters.map((c, n) => [c, n]));
      this.parts = this.characters.map((c) => [c]); // the same ones for every item
      this.size = this.characters.length;
    }

    encode(text) {
      return Array.from(text, (c) => this.number.get(c) ?? -1);
    }

    decode(tokens) {
      return tokens.map((id) => this.characters[id]).join("");
    }

    stream() {
      return (id) => ({ id, parts: this.parts[id] });
    }

    cut(text) {
      return Array.from(text, (c) => {
        const id = this.number.get(c) ?? -1;
        return { id, parts: this.parts[id] ?? [c] };
      });
    }
  }

  // ------------------------------------------------------ bytes and pairs

  /* GPT-2's rule, as in splitting.py. JavaScript's own \s has one character
     that Unicode's white space has not, and lacks another. */
  const WORDS = new RegExp([
    "'(?:[sdmt]|ll|ve|re)",
    " ?\\p{L}+",
    " ?\\p{N}+",
    " ?[^\\p{White_Space}\\p{L}\\p{N}]+",
    "\\p{White_Space}+(?!\\P{White_Space})",
    "\\p{White_Space}+",
  ].join("|"), "gu");
  const splitWords = (text) => text.match(WORDS) ?? [];
  const MOST_KEPT = 2 ** 16; // words whose tokens are kept
  const MOST_TOKENS = 2 ** 16; // a number has two bytes in the pack
  const pair = (a, b) => a * MOST_TOKENS + b; // as one number, to be looked up

  /* The 256 bytes, and pairs of tokens that were joined. Bytes are kept as
     strings of characters below 256, which can be added and looked up. */
  class Bytes {
    /* bytes: in the order of their numbers; merges: two numbers each. Both are
       base64; a tokenizer that has neither reads the bytes as they are. */
    constructor({ bytes, merges = "" }) {
      this.unit = bytes === undefined ? "byte" : "token";
      const order = bytes === undefined ? Uint8Array.from({ length: 256 }, (_, byte) => byte) : unpackBytes(bytes);
      this.spelled = Array.from(order, (byte) => String.fromCharCode(byte));
      this.number = new Map(this.spelled.map((byte, n) => [byte, n]));
      this.joins = []; // by rank: {wanted, joined}
      this.rank = new Map(); // by pair
      const numbers = new DataView(unpackBytes(merges).buffer);
      for (let at = 0; at < numbers.byteLength; at += 4)
        this.join(numbers.getUint16(at, true), numbers.getUint16(at + 2, true));
      this.size = this.spelled.length;
      this.whole = this.spelled.map(wholeCharacters);
      this.kept = new Map();
    }

    /* If another pair has spelled the same before, both are one token. */
    join(a, b) {
      if (Math.max(a, b) >= this.spelled.length) throw new Error(`no token ${Math.max(a, b)}`);
      const spelled = this.spelled[a] + this.spelled[b];
      if (!this.number.has(spelled)) this.number.set(spelled, this.spelled.push(spelled) - 1);
      this.rank.set(pair(a, b), this.joins.length);
      this.joins.push({ wanted: pair(a, b), joined: this.number.get(spelled) });
    }

    encode(text) {
      const tokens = [];
      for (const word of splitWords(text)) {
        let some = this.kept.get(word);
        if (!some) {
          some = this.merge(word);
          if (this.kept.size < MOST_KEPT) this.kept.set(word, some);
        }
        for (const id of some) tokens.push(id);
      }
      return tokens;
    }

    /* One word's bytes, joined as often as possible; of all pairs in the word
       the one learned first is joined first, everywhere, from the left. A
       joined token stands where its left half stood. */
    merge(word) {
      const bytes = new TextEncoder().encode(word), end = bytes.length;
      const tokens = Array.from(bytes, (byte) => this.number.get(String.fromCharCode(byte)));
      const next = Array.from(bytes, (_, n) => n + 1), before = Array.from(bytes, (_, n) => n - 1);
      const found = new Map(); // by rank: the places of its pair
      const look = (place) => {
        if (place < 0 || next[place] >= end) return;
        const rank = this.rank.get(pair(tokens[place], tokens[next[place]]));
        if (rank === undefined) return;
        if (!found.has(rank)) found.set(rank, []);
        found.get(rank).push(place);
      };
      for (let place = 0; place < end; place++) look(place);
      while (found.size) {
        const rank = Math.min(...found.keys()), { wanted, joined } = this.joins[rank];
        const places = found.get(rank).sort((a, b) => a - b)
          .filter((place) => {
            const right = next[place];
            if (right >= end || pair(tokens[place], tokens[right]) !== wanted) return false; // another took a half
            tokens[place] = joined;
            tokens[right] = -1;
            next[place] = next[right];
            if (next[place] < end) before[next[place]] = place;
            return true;
          });
        found.delete(rank);
        for (const place of places) (look(before[place]), look(place));
      }
      return tokens.filter((id) => id >= 0);
    }

    decode(tokens) {
      const bytes = tokens.map((id) => this.spelled[id]).join("");
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0)));
    }

    stream() {
      const decoder = new StreamDecoder();
      return (id) => ({ id, parts: (!decoder.needs && this.whole[id]) || decoder.feed(this.spelled[id]) });
    }

    cut(text, stream = this.stream()) {
      return this.encode(text).map(stream);
    }
  }

  // ------------------------------------------------------------- UTF-8

  /* By the first byte of a character: how many follow, and between which the
     second must lie, so that no character is written in two ways. */
  function begins(byte) {
    if (byte < 0xc2 || byte > 0xf4) return null;
    if (byte < 0xe0) return [1, 0x80, 0xbf];
    if (byte < 0xf0) return [2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf];
    return [3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf];
  }

  function addText(parts, text) {
    if (typeof parts.at(-1) === "string") parts[parts.length - 1] += text;
    else parts.push(text);
  }

  /* The one part of a token that is whole characters; null for others. */
  function wholeCharacters(spelled) {
    const parts = new StreamDecoder().feed(spelled);
    return parts.length === 1 && typeof parts[0] === "string" ? parts : null;
  }

  /* Gives a character once all of its bytes are there. Until then they are a
     part whose fate is "waits"; then it is "joined", as the token with the last
     byte shows the character, or "none", where other bytes followed. */
  class StreamDecoder {
    needs = 0; // bytes that the character lacks
    open = []; // the parts that wait for them

    /* spelled: a token's bytes. */
    feed(spelled) {
      const parts = [];
      for (let n = 0; n < spelled.length; n++) {
        const code = spelled.charCodeAt(n);
        if (this.needs && (code < this.low || code > this.high)) this.close("none");
        if (this.needs) this.goOn(code, parts);
        else if (code < 0x80) addText(parts, spelled[n]);
        else this.begin(code, parts);
      }
      return parts;
    }

    begin(code, parts) {
      const found = begins(code);
      this.wait(code, parts);
      if (!found) return this.close("none");
      [this.needs, this.low, this.high] = found;
      this.point = code & (63 >> this.needs);
    }

    goOn(code, parts) {
      this.point = (this.point << 6) | (code & 63);
      [this.low, this.high] = [0x80, 0xbf];
      if (--this.needs) return this.wait(code, parts);
      this.close("joined");
      if (parts.at(-1)?.fate) parts.pop(); // the character stands for its bytes
      addText(parts, String.fromCodePoint(this.point));
    }

    /* One more byte of a token that waits. */
    wait(code, parts) {
      const last = parts.at(-1);
      if (last?.fate === "waits") return last.bytes.push(code);
      parts.push({ bytes: [code], fate: "waits" });
      this.open.push(parts.at(-1));
    }

    close(fate) {
      for (const part of this.open) part.fate = fate;
      this.open = [];
      this.needs = 0;
    }
  }

  const TOKENIZERS = { characters: Characters, bytes: Bytes, pairs: Bytes }; // by kind

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { TOKENIZERS, splitWords, unpackBytes });
})(globalThis);
