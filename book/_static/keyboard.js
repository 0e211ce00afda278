/* The hand on the keyboard. */
(function () {
  "use strict";

  /* A chapter has a hundred blocks of code, each with a button that copies it,
     and thirty words that explain themselves. Of those in one section, or in
     one fold, the Tab key reaches one, and arrow keys lead to the others. */
  const KINDS = [
    { what: ".bd-article button.copybtn", on: "ArrowDown", back: "ArrowUp" },
    { what: ".bd-article dfn.tg-term", on: "ArrowRight", back: "ArrowLeft" },
  ];
  const ROOM = "details, article > section > section, article";

  const room = (element) => element.parentElement.closest(ROOM);

  function reach(element, others) {
    for (const other of others) other.tabIndex = other === element ? 0 : -1;
  }

  function gather({ what, on, back }) {
    const groups = new Map();
    for (const element of document.querySelectorAll(what)) {
      const inside = room(element);
      if (!groups.has(inside)) groups.set(inside, []);
      groups.get(inside).push(element);
    }
    for (const group of groups.values()) {
      reach(group[0], group);
      if (group.length < 2) continue;
      for (const [n, element] of group.entries()) {
        element.setAttribute("aria-keyshortcuts", `${on} ${back}`);
        element.addEventListener("focus", () => reach(element, group));
        element.addEventListener("keydown", (event) => {
          const next = group[n + { [on]: 1, [back]: -1 }[event.key]];
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

  addEventListener("load", () => {
    document.querySelectorAll(KINDS[0].what).forEach(name);
    KINDS.forEach(gather);
  });

  /* A term's meaning goes away with Escape, and comes back at the next look. */
  const TERM = KINDS[1].what;
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
