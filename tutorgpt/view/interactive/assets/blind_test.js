/* Two lines, one of them a model's: the reader says which, and sees what the
   score is worth. The pairs are drawn by scripts/records/blind_test.py. */
(function (root) {
  "use strict";
  const { figure, blindLines, parts: { svg, button, enable, el }, figures } = root.tutorgpt;
  const { WIDE, NARROW, set, text, line, sheet, field } = figures;

  const { pairs, key, plays } = blindLines;
  const Z = 1.959964; // standard deviations on each side of 95 %

  /* Wilson's interval: between which shares the true one lies. */
  function wilson(right, asked) {
    const share = right / asked, whole = 1 + Z * Z / asked;
    const half = Z * Math.sqrt(share * (1 - share) / asked + (Z / 2 / asked) ** 2);
    return [-1, 1].map((sign) => (share + Z * Z / (2 * asked) + sign * half) / whole);
  }

  const count = (answers) => answers.filter((letter, n) => letter === key[n]).length;
  const percent = (share) => `${Math.round(100 * share)} %`;

  /* What was answered last, and where both lines are from. */
  function answer(letter, n) {
    const own = key[n], at = "AB".indexOf(own);
    return `Pair ${n + 1}: ${letter === own ? "right" : "wrong"}. The model wrote ${own}, ‘${pairs[n][at]}’; `
      + `‘${pairs[n][1 - at]}’ is Shakespeare’s, from ${plays[n]}.`;
  }

  function verdict(right, asked) {
    const [low, high] = wilson(right, asked);
    if (low > 0.5) return "All of the interval lies above 50 %: you can tell them apart.";
    if (high < 0.5) return "All of the interval lies below 50 %: you can tell them apart, but take one for the other.";
    return "The interval holds 50 %: this score may come from guessing alone.";
  }

  function make(options, redraw, start) {
    const state = start({ answers: [], key });
    if (state.key !== key) Object.assign(state, { answers: [], key }); // of other pairs
    const choose = (letter) => {
      if (state.answers.length < pairs.length) state.answers.push(letter);
      redraw();
    };
    /* One answer a press: neither a held key nor the second click of a double
       one, which would answer a pair that nobody has read. */
    const buttons = ["A", "B"].map((letter) => button(`${letter} is the model’s`, ({ detail }) => detail < 2 && choose(letter), { class: "tg-button tg-main" }));
    for (const made of buttons) made.addEventListener("keydown", (event) => event.repeat && event.preventDefault());

    function draw(narrow) {
      const [width, height] = [narrow ? NARROW : WIDE, 226];
      const drawing = sheet(width, height);
      const axis = field(drawing, [24, 150, width - 24, 182], {
        x: { low: 0, high: 1, name: "share of right answers", marks: [0, 0.25, 0.5, 0.75, 1], write: percent },
        y: { low: 0, high: 1 },
      });
      const heading = text("", 0, 18, "tg-f-strong");
      const lines = ["A", "B"].map((letter, n) => {
        const made = text("", 24, 56 + 34 * n);
        drawing.append(text(letter, 0, 56 + 34 * n, "tg-f-strong tg-f-warm"), made);
        return made;
      });
      const span = svg("line", { class: "tg-f-second tg-f-thick" }), dot = svg("circle", { class: "tg-f-end-dot", r: 6 });
      drawing.append(heading, line(axis.x(0.5), 138, axis.x(0.5), 182, "tg-f-third"),
        text("guessing", axis.x(0.5), 132, "tg-f-mid tg-f-quiet"), span, dot);

      function update() {
        const { answers } = state, asked = answers.length, over = asked >= pairs.length;
        const right = count(answers), shown = Math.min(asked, pairs.length - 1);
        const [low, high] = asked ? wilson(right, asked) : [0, 1], middle = (axis.y(0) + axis.y(1)) / 2;
        heading.textContent = over ? "All pairs are answered; the last one was" : `Pair ${shown + 1} of ${pairs.length}: which line is the model’s?`;
        lines.forEach((made, n) => (made.textContent = pairs[shown][n]));
        buttons.forEach((made, n) => {
          enable(made, !over);
          made.setAttribute("aria-label", `${"AB"[n]} is the model’s: ${pairs[shown][n]}`);
        });
        for (const part of [span, dot]) part.style.display = asked ? "" : "none";
        set(span, { x1: axis.x(low), y1: middle, x2: axis.x(high), y2: middle });
        set(dot, { cx: axis.x(asked ? right / asked : 0.5), cy: middle });
        return {
          numbers: [["right", `${right} of ${asked}`], ["share", asked ? percent(right / asked) : "–"],
            ["95 % interval", asked ? `${percent(low)} to ${percent(high)}` : "–"], ["guessing", "50 %"]],
          says: !asked ? "" : `${answer(answers[asked - 1], asked - 1)}${over ? ` ${verdict(right, asked)}` : ""}`,
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [el("div", { class: "tg-line" }, ...buttons)] };
  }

  Object.assign(make, { wilson, verdict, count });
  figure("blind_test", make);
})(globalThis);
