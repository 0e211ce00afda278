/* A link to something in a folded side path, or below the cover of an answer,
   opens it; so does printing, see
   book/_static/paper.js. */
(function () {
  "use strict";
  function openTarget() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) return;
    // A link to the side path itself, too: its section holds the fold.
    const folds = [...target.querySelectorAll(":scope > details.tg-deeper")];
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) folds.push(at);
    for (const fold of folds) fold.open = true;
    if (folds.length) target.scrollIntoView();
  }
  addEventListener("hashchange", openTarget);
  addEventListener("DOMContentLoaded", openTarget);
})();
