/* What this browser keeps for the reader: answers, texts, what was opened.

   A browser may forbid that, or have no room left. Then it lasts until the
   page is left, and whoever wrote it is told so. */
(function (root) {
  "use strict";
  if (root.tutorgpt?.kept) return; // several parts of a page may bring it

  const PLACES = "tutorgpt.places", MOST = 100; // places that are remembered
  const REST = 300; // milliseconds without a change, then it is written
  const unkept = new Map(); // what the browser would not take; null: removed

  function read(name) {
    if (unkept.has(name)) return unkept.get(name);
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  }

  /* What went wrong: nothing, where the browser has kept it. */
  function write(name, text) {
    try {
      if (text === null) localStorage.removeItem(name);
      else localStorage.setItem(name, text);
      unkept.delete(name);
      return null;
    } catch (error) {
      unkept.set(name, text);
      return error;
    }
  }

  // ------------------------------------------------ the state of a place

  /* By name, the one that was longest left alone first. */
  function places() {
    try {
      return new Map(JSON.parse(read(PLACES)) ?? []);
    } catch {
      return new Map(); // not ours, or damaged
    }
  }

  /* What was kept of a place, as it was given; undefined if nothing was. */
  const recall = (name) => places().get(name);

  /* state: anything that JSON can write; undefined: forget the place. */
  function keep(name, state) {
    const all = places();
    all.delete(name);
    if (state !== undefined) all.set(name, state);
    const forgetOldest = () => all.delete(all.keys().next().value);
    while (all.size > MOST) forgetOldest();
    // Where room is short, the place longest left alone makes some.
    while (write(PLACES, JSON.stringify([...all]))?.name === "QuotaExceededError" && all.size > 1) forgetOldest();
  }

  const waiting = new Map();
  let timer;

  /* The same after a rest, or when the page is left. make(): the state. */
  function keepSoon(name, make) {
    waiting.set(name, make);
    clearTimeout(timer);
    timer = setTimeout(keepNow, REST);
  }

  function keepNow() {
    for (const [name, make] of waiting) keep(name, make());
    waiting.clear();
  }
  root.addEventListener?.("pagehide", keepNow);

  function forgetPlaces() {
    waiting.clear();
    write(PLACES, null);
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, {
    kept: { read, write, recall, keep, keepSoon, keepNow, forgetPlaces },
  });
})(globalThis);
