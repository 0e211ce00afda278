/* Scores that one moves, the probabilities that softmax makes of them, and the
   loss if one of the characters is the right one. */
(function (root) {
  "use strict";
  const { figure, parts: { slider, radios, percent }, figures } = root.tutorgpt;
  const { WIDE, NARROW, range, fixed, softmax, set, text, line, box, sheet, field, handle } = figures;

  const CHARACTERS = ["e", "h", "o", "r", "u"], START = [1, 2.5, 0.5, -0.5, -1.5];
  const REACH = 4;
  const shares = (scores, temperature) => softmax(scores.map((score) => score / temperature));

  function make(options, redraw, start) {
    const state = start({ scores: [...(options.scores ?? START)], temperature: options.temperature ?? 1, right: 1 });
    const heat = slider({
      label: "temperature", min: 0.1, max: 5, step: 0.1, value: state.temperature,
      say: (value) => value.toFixed(1), change: (value) => ((state.temperature = value), redraw()),
    });
    const asked = radios("The right one is", CHARACTERS, (n) => ((state.right = n), redraw()), state.right);

    function draw(narrow) {
      const [width, height] = narrow ? [NARROW, 370] : [WIDE, 370];
      const drawing = sheet(width, height), right = width - 10;
      const x = { low: 0, high: CHARACTERS.length };
      const upper = field(drawing, [44, 26, right, 186], { x, y: { low: -REACH, high: REACH, name: "score", marks: [-4, -2, 0, 2, 4] } });
      const lower = field(drawing, [44, 236, right, 340], { x, y: { low: 0, high: 1, name: "probability", marks: [0, 0.5, 1], write: (v) => `${100 * v} %` } });
      drawing.append(line(44, upper.y(0), right, upper.y(0), "tg-f-axis"));
      const wide = (right - 44) / CHARACTERS.length, bar = wide * 0.5;
      const columns = CHARACTERS.map((character, n) => {
        const middle = upper.x(n + 0.5);
        const made = {
          middle,
          score: box(middle - bar / 2, 0, bar, 0, "tg-f-bar"),
          share: box(middle - bar / 2, 0, bar, 0, "tg-f-bar"),
          value: text("", middle, 0, "tg-f-mid tg-f-strong"),
          name: text(character, middle, 360, "tg-f-mid tg-f-mono tg-f-strong"),
        };
        drawing.append(made.score, made.share, made.value, made.name);
        return made;
      });
      const points = columns.map(({ middle }, n) => handle(drawing, {
        name: `score of ${CHARACTERS[n]}`, moved: redraw,
        y: { low: -REACH, high: REACH, step: 0.1, get: () => state.scores[n], set: (v) => (state.scores[n] = v), from: upper.fromY },
        say: () => `${fixed(state.scores[n], 1)}, probability ${percent(shares(state.scores, state.temperature)[n])}`,
      }));

      function update() {
        const probabilities = shares(state.scores, state.temperature), p = probabilities[state.right];
        columns.forEach((column, n) => {
          const score = upper.y(state.scores[n]), zero = upper.y(0), top = lower.y(probabilities[n]);
          set(column.score, { y: Math.min(score, zero), height: Math.abs(score - zero) });
          set(column.share, { y: top, height: lower.y(0) - top });
          set(column.value, { y: top - 5 }).textContent = percent(probabilities[n]);
          column.share.classList.toggle("tg-f-right", n === state.right);
          column.name.textContent = n === state.right ? `${CHARACTERS[n]} ✓` : CHARACTERS[n];
          points[n].put(column.middle, score);
        });
        return {
          numbers: [["sum of e^(score/T)", fixed(state.scores.reduce((sum, s) => sum + Math.exp(s / state.temperature), 0))],
            [`p(${CHARACTERS[state.right]})`, percent(p)], ["loss −ln p", fixed(-Math.log(p))]],
          says: `If the next character is ‘${CHARACTERS[state.right]}’, the loss is ${fixed(-Math.log(p))} nats; five equal scores would give ln 5 = ${fixed(Math.log(5))}.`,
        };
      }
      return { drawing, update };
    }
    return { draw, controls: [heat.element, asked] };
  }

  Object.assign(make, { shares });
  figure("softmax", make);
})(globalThis);
