/* On paper: in the light, with everything unfolded. */
(function () {
  "use strict";
  const page = document.documentElement;
  let before = null;

  function begin() {
    if (before) return;
    const folds = [...document.querySelectorAll(".bd-article details:not([open])")];
    before = { theme: page.dataset.theme, folds };
    page.dataset.theme = "light";
    for (const fold of folds) fold.open = true;
  }

  function end() {
    if (!before) return;
    page.dataset.theme = before.theme;
    for (const fold of before.folds) fold.open = false;
    before = null;
  }

  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  matchMedia("print").addEventListener("change", ({ matches }) => (matches ? begin() : end()));
})();
