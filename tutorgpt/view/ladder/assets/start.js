/* Brings the ladder's scripts into a page. files.js, which Python writes, has
   their texts: the page evaluates them, the worker that trains gets the same
   ones, and so does the file that is saved to play with a trained model. */
(function (root) {
  "use strict";
  const { files, lists } = root.tutorgpt;
  const used = new Set();

  /* Evaluate these, in their order, unless that has been done. */
  function use(names) {
    for (const name of names) {
      if (used.has(name)) continue;
      if (files[name] === undefined) throw new Error(name);
      const tag = document.createElement("script");
      tag.textContent = `${files[name]}\n//# sourceURL=${name}`;
      document.head.append(tag);
      used.add(name);
    }
  }

  Object.assign(root.tutorgpt, { use });
  use(lists.ladder);
})(globalThis);
