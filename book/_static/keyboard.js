/* The hand on the keyboard. */
(function () {
  "use strict";

  /* A chapter has a hundred blocks of code, each to copy and many to unfold,
     and thirty words that explain themselves. Of those in one section, or in
     one fold, the Tab key reaches one, and arrow keys lead to the others. */
  const COPY = ".bd-article button.copybtn";
  const TERM = ".bd-article dfn.tg-term";
  const KINDS = [
    { what: `${COPY}, .bd-article div.cell details.hide > summary`, on: "ArrowDown", back: "ArrowUp" },
    { what: TERM, on: "ArrowRight", back: "ArrowLeft" },
  ];
  const ROOM = "details:not(.hide), article > section > section, article";

  function reach(element, group) {
    for (const other of group) other.tabIndex = other === element ? 0 : -1;
  }

  /* The next one in sight: the code of a closed fold is not. */
  function neighbour(group, element, step) {
    let n = group.indexOf(element) + step;
    while (group[n] && !group[n].checkVisibility()) n += step;
    return group[n];
  }

  function gather({ what, on, back }) {
    const groups = new Map();
    for (const element of document.querySelectorAll(what)) {
      const inside = element.parentElement.closest(ROOM);
      groups.set(inside, [...(groups.get(inside) ?? []), element]);
    }
    for (const group of groups.values()) {
      reach(group[0], group);
      if (group.length < 2) continue;
      for (const element of group) {
        element.setAttribute("aria-keyshortcuts", `${on} ${back}`);
        element.addEventListener("focus", () => reach(element, group));
        element.addEventListener("keydown", (event) => {
          const step = { [on]: 1, [back]: -1 }[event.key];
          const next = step && neighbour(group, element, step);
          if (!next) return;
          event.preventDefault();
          next.focus();
        });
      }
    }
  }

  /* "Copy" a hundred times over says nothing in a list of buttons. */
  function name(button) {
    const [first] = button.parentElement.querySelector("pre").textContent.trim().split("\n");
    button.type = "button";
    button.setAttribute("aria-label", `Copy the code that begins with ${first.slice(0, 40)}`);
  }

  /* A closed menu gives the focus back to what opened it. */
  let opener = null;
  addEventListener("click", (event) => {
    opener = event.target.closest?.("button, a") ?? opener;
  }, true);
  addEventListener("close", ({ target }) => {
    if (target.tagName === "DIALOG" && !target.contains(opener)) opener?.focus();
  }, true);

  /* Where one scrolls the Tab key stops, also when it came to that later. */
  const SCROLLS = ".bd-article :is(pre, div.math, .cell_output > .output, .tg-scroll, .pst-scrollable-table-container)";
  const sizes = new ResizeObserver((seen) => {
    for (const { target } of seen) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });

  addEventListener("load", () => {
    for (const place of document.querySelectorAll(SCROLLS)) sizes.observe(place);
    document.querySelectorAll(COPY).forEach(name);
    KINDS.forEach(gather);
  });

  /* A term's meaning goes away with Escape, and comes back at the next look. */
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const term of document.querySelectorAll(`${TERM}:is(:hover, :focus)`)) term.classList.add("tg-quiet");
  });
  for (const left of ["focusout", "mouseout"]) {
    addEventListener(left, (event) => {
      const term = event.target.closest?.(TERM);
      if (term && !term.contains(event.relatedTarget)) term.classList.remove("tg-quiet");
    });
  }
})();
