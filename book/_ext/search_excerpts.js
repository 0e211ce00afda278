/* Gives every result of a search the sentence around what was found, with the
   words marked. Sphinx finds and orders the pages; this shows them. The texts
   are one script, loaded with the first question: file:// lets no script fetch
   another page. */
(function (root) {
  "use strict";
  const BEFORE = 90, LENGTH = 260; // characters of an excerpt
  const TEXTS = new URL("texts.js", document.currentScript.src).href;

  /* What was asked, as a pattern: a word's stem and what follows it, or, where
     words are not divided by blanks, the characters themselves. */
  function pattern(query, stems) {
    const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const words = [...stems].map((stem) => /^[\x00-\u02ff]+$/.test(stem)
      ? `(?<![\\p{L}\\p{N}])${escaped(stem)}${stem.length > 2 ? "[\\p{L}\\p{N}]*" : "(?![\\p{L}\\p{N}])"}`
      : escaped(stem));
    const whole = escaped(query.trim()).replace(/\s+/g, "\\s+");
    return new RegExp([whole, ...words].filter(Boolean).join("|"), "giu");
  }

  /* The best part of a page: with the most different words, then the first. */
  function best(parts, words) {
    let found = null, most = 0;
    for (const [anchor, title, text] of parts) {
      const hits = `${title} ${text}`.match(words) ?? [];
      const different = new Set(hits.map((hit) => hit.toLowerCase())).size;
      if (different > most) [found, most] = [{ anchor, title, text }, different];
    }
    return found;
  }

  /* A piece of a text around its first hit, its hits marked. */
  function excerpt(text, words) {
    const hit = Math.max(0, text.search(words));
    let start = Math.max(0, hit - BEFORE), end = Math.min(text.length, start + LENGTH);
    if (start) start = Math.min(hit, text.indexOf(" ", start) + 1);
    if (end < text.length) end = Math.max(text.lastIndexOf(" ", end), hit + 1);
    return [start ? "… " : "", ...marked(text.slice(start, end), words), end < text.length ? " …" : ""];
  }

  function marked(text, words) {
    const made = [];
    let done = 0;
    for (const { 0: hit, index } of text.matchAll(words)) {
      if (!hit) continue;
      const mark = document.createElement("mark");
      mark.textContent = hit;
      made.push(text.slice(done, index), mark);
      done = index + hit.length;
    }
    return [...made, text.slice(done)];
  }

  /* A result as Sphinx hands it on. */
  function item([page, title, anchor, descr], words) {
    const parts = root.tutorgpt.texts[page] ?? [];
    const asked = parts.filter(([name]) => `#${name}` === anchor);
    const found = best(asked, words) ?? best(parts, words);
    const place = document.createElement("li"), link = document.createElement("a");
    const shown = document.createElement("p");
    link.innerHTML = title; // Sphinx has escaped it
    if (found && !link.textContent.includes(found.title)) link.append(" › ", ...marked(found.title, words));
    link.href = page + DOCUMENTATION_OPTIONS.LINK_SUFFIX + (anchor || (found ? `#${found.anchor}` : ""));
    shown.className = "context";
    shown.append(...(found ? excerpt(found.text, words) : ["In the code of this page, or in what it folds."]));
    place.append(link, descr ? ` (${descr})` : "", shown);
    return place;
  }

  function show(query) {
    const asked = Search._parseQuery(query), words = pattern(query, asked[1]);
    const places = new Map(); // one for each address: the best, which comes first
    for (const result of Search._performSearch(...asked).reverse()) {
      const place = item(result, words), { href } = place.firstChild;
      if (!places.has(href)) places.set(href, place);
    }
    Search.output.replaceChildren(...places.values());
    _finishSearch(places.size);
  }

  function start() {
    Search.query = (query) => {
      const tag = document.createElement("script");
      tag.src = TEXTS;
      tag.onload = () => show(query);
      document.head.append(tag);
    };
  }

  // Before Sphinx, which asks its first question when the page is there.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})(globalThis);
