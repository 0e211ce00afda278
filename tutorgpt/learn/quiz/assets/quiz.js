/* Quiz and predictions: answers what the reader chose or wrote.

   A store has get(id) -> {choice, right} and put(id, choice, right). The
   texts stand in the page already; here they are shown, hidden or copied as
   elements, and nothing is ever read as HTML. */
(function (root) {
  "use strict";

  const MATHML = "http://www.w3.org/1998/Math/MathML";

  /* Elements from [tag, attributes, children]. */
  function build(tree, space = null) {
    if (typeof tree === "string") return document.createTextNode(tree);
    const [tag, attributes, children] = tree;
    const inside = tag === "math" ? MATHML : space;
    const made = inside ? document.createElementNS(inside, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children.map((child) => build(child, inside)));
    return made;
  }

  const strong = (text) => build(["strong", {}, [text]]);
  const paragraph = (...parts) => {
    const made = document.createElement("p");
    made.append(...parts);
    return made;
  };

  const { readings, rounds } = root.tutorgpt.numbers;

  const SLACK = 1e-9;
  const near = (a, b, within) => Math.abs(a - b) <= within + SLACK * Math.max(1, Math.abs(b));

  /* How far off a number is, with three digits. */
  const apart = (a, b) => Number(Math.abs(a - b).toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });

  const copies = (place) => [...(place?.querySelector(".tg-q-why")?.childNodes ?? [])].map((node) => node.cloneNode(true));

  /* The known wrong number nearest to what was written, if one is near. */
  function knownWrong(place, written, within) {
    const all = [...place.querySelectorAll(".tg-q-known")];
    const found = all.filter((known) => near(written, Number(known.dataset.value), within));
    const off = (known) => Math.abs(written - Number(known.dataset.value));
    return found.sort((a, b) => off(a) - off(b))[0];
  }

  /* right: whether it was, or null where that was not asked; no parts: say
     nothing any more. */
  function tell(place, right, ...parts) {
    const verdict = place.querySelector(".tg-q-verdict");
    verdict.classList.toggle("tg-q-good", right === true);
    verdict.classList.toggle("tg-q-bad", right === false);
    verdict.replaceChildren(...parts.flatMap((part) => [part, " "]));
  }

  /* The widths that count as the same, and the right value, of a number. */
  const facts = (place) => ({
    answer: Number(place.dataset.answer),
    within: Number(place.dataset.within),
    unit: place.dataset.unit ?? "",
  });

  /* What a text may mean where this question asks for a number. */
  function meanings(place, text) {
    const { answer, within, unit } = facts(place);
    const about = [...place.querySelectorAll("legend, fieldset > p, :scope > p")].map((part) => part.textContent).join(" ");
    const found = readings(text, unit, about);
    const known = [...place.querySelectorAll(".tg-q-known")].map((wrong) => Number(wrong.dataset.value));
    // Where whole numbers are asked for, 3,072 is one.
    const whole = [answer, within, ...known].every(Number.isInteger);
    const wholes = found.filter(({ value }) => Number.isInteger(value));
    return whole && wholes.length ? wholes : found;
  }

  /* What would be said of a number: right, a known wrong one, or how far. */
  function judged(place, one) {
    const { answer, within } = facts(place);
    const { value, decimals } = one;
    if (near(value, answer, within)) return "right";
    if (!knownWrong(place, value, 0) && rounds(one, answer)) return "right";
    const known = knownWrong(place, value, within);
    if (known) return `known ${known.dataset.value}`;
    const coarse = value && decimals !== null && decimals < 2 && !Number.isInteger(answer);
    if (coarse && near(value, answer, 0.5 * 10 ** -decimals)) return "coarse";
    return value > answer ? "too high" : "too low";
  }

  /* The one number that was written; null where that has to be asked. */
  function understood(place, text) {
    const found = meanings(place, text);
    if (!found.length) {
      tell(place, null, paragraph("Write a number, such as 3072, 4.23, 1/3 or ln 69."));
      return null;
    }
    if (new Set(found.map((one) => judged(place, one))).size > 1) {
      const [one, other] = found.map(({ value }) => Number(value.toPrecision(6)));
      tell(place, null, paragraph(`Do you mean ${one} or ${other}? Write that one; this has not counted.`));
      return null;
    }
    return found[0];
  }

  // ------------------------------------------------------ quiz questions

  function echoChoice(form, letter) {
    const all = [...form.querySelectorAll(".tg-q-choice")];
    const chosen = all.find((choice) => choice.querySelector("input").value === letter);
    if (!chosen) return null;
    const right = "right" in chosen.dataset;
    for (const choice of all) {
      choice.classList.toggle("tg-q-yes", choice === chosen && right);
      choice.classList.toggle("tg-q-no", choice === chosen && !right);
    }
    tell(form, right, paragraph(strong(right ? "Right." : "Not this one.")), ...copies(chosen));
    return right;
  }

  function echoNumber(form, text) {
    const one = understood(form, text);
    if (!one) return null;
    const verdict = judged(form, one);
    if (verdict === "coarse") {
      tell(form, null, paragraph(`${text.trim()} is too coarse to tell: give two decimals. This has not counted.`));
      return null;
    }
    const { answer, within } = facts(form);
    const written = one.value;
    const details = form.querySelector(".tg-q-answer");
    details.hidden = false;
    if (verdict === "right") {
      tell(form, true, paragraph(strong("Right.")), ...copies(details));
      details.hidden = true;
      return true;
    }
    const known = knownWrong(form, written, within);
    const what = written > answer ? "too high" : "too low";
    tell(form, false, paragraph(strong(`Not ${text.trim()}: ${what}.`)), ...copies(known));
    return false;
  }

  // --------------------------------------------------------- predictions

  function keepChoice(form, letter) {
    const all = [...form.querySelectorAll(".tg-q-choice")];
    const chosen = all.find((choice) => choice.querySelector("input").value === letter);
    if (!chosen) return null;
    tell(form, null, paragraph("Kept. It comes back beside what came out."));
    return "right" in chosen.dataset;
  }

  function keepNumber(form, text) {
    const one = understood(form, text);
    if (!one) return null;
    tell(form, null, paragraph(`Kept: ${text.trim()}. It comes back beside what came out.`));
    return judged(form, one) === "right";
  }

  function compare(place, kept) {
    if (!kept) {
      tell(place, null, paragraph("You have predicted nothing in the box above."));
      return;
    }
    if (!("answer" in place.dataset)) {
      const chosen = [...place.querySelectorAll(".tg-q-told")].find((told) => told.dataset.letter === kept.choice);
      if (!chosen) return;
      const right = "right" in chosen.dataset;
      const text = chosen.querySelector(".tg-q-text").cloneNode(true);
      const why = right ? [] : copies(chosen);
      tell(place, right, paragraph("You chose: ", text, " ", strong(right ? "That is it." : "That is not it.")), ...why);
      return;
    }
    const { within } = facts(place);
    const measured = readings(place.querySelector(".tg-q-measured").textContent)[0]?.value ?? NaN;
    const off = ({ value }) => Math.abs(value - measured);
    const [nearest] = meanings(place, kept.choice).sort((a, b) => off(a) - off(b));
    if (!nearest || Number.isNaN(measured)) {
      tell(place, null, paragraph(`You wrote ${kept.choice}: it cannot be compared.`));
      return;
    }
    const written = nearest.value;
    const right = near(written, measured, within);
    const what = right ? "close." : `${written > measured ? "too high" : "too low"}, by ${apart(written, measured)}.`;
    const known = right ? null : knownWrong(place, written, within);
    tell(place, right, paragraph(`You wrote ${kept.choice}: `, strong(what)), ...copies(known));
  }

  // ---------------------------------------------------------- one page

  function startForm(form, store, changed) {
    const { id, role } = form.dataset;
    const field = form.querySelector(".tg-q-field");
    const button = form.querySelector(".tg-q-press");
    const echo = role === "predict" ? (field ? keepNumber : keepChoice) : field ? echoNumber : echoChoice;
    button.hidden = false;
    if (field) field.hidden = false;
    form.querySelector(".tg-q-off")?.remove();
    const given = () => (field ? field.querySelector("input").value : form.elements.choice.value).trim();
    let told = ""; // the answer that the verdict is about
    const judge = () => ((told = given()), echo(form, told));
    // JupyterLab keeps Enter from sending a form: send it by hand.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!given()) {
        tell(form, null, paragraph(field ? "Write a number first." : "Choose an answer first."));
        return;
      }
      const right = judge();
      if (right === null) return;
      const choice = told.slice(0, 100);
      store.put(id, choice, right);
      document.dispatchEvent(new CustomEvent("tg-answer", { detail: { id, choice, right } }));
      changed();
    });
    // A verdict never stands beside another answer than its own.
    form.addEventListener("input", () => {
      const kept = store.get(id);
      if (kept && given() === kept.choice) judge();
      else if (given() !== told) silence(form);
    });

    /* Show the answer that is kept now, or none. */
    return () => {
      const kept = store.get(id);
      if (field) field.querySelector("input").value = kept?.choice ?? "";
      else for (const choice of form.elements.choice) choice.checked = choice.value === kept?.choice;
      silence(form);
      if (kept) judge();
    };
  }

  /* Nothing is said of any answer, and no explanation is offered. */
  function silence(form) {
    tell(form, null);
    for (const choice of form.querySelectorAll(".tg-q-choice")) choice.classList.remove("tg-q-yes", "tg-q-no");
    for (const details of form.querySelectorAll("details")) details.hidden = true;
  }

  /* Bring the questions of a section to life; returns how to end it. */
  function start(section, store) {
    const places = [...section.querySelectorAll(".tg-q")];
    const asked = places.filter((place) => place.dataset.role === "quiz");
    const told = places.filter((place) => place.dataset.role === "predicted");
    const count = document.createElement("p");
    count.className = "tg-q-count";

    function changed() {
      const answers = asked.map((place) => store.get(place.dataset.id)).filter(Boolean);
      const right = answers.filter((answer) => answer.right).length;
      count.textContent = `${answers.length} of ${asked.length} answered, ${right} right.`;
    }

    const forms = places.filter((place) => !told.includes(place)).map((form) => startForm(form, store, changed));
    const show = () => told.forEach((place) => compare(place, store.get(place.dataset.id)));
    /* Everything as the store has it, which another page may have changed. */
    const showAll = () => {
      for (const showKept of forms) showKept();
      changed();
      show();
    };
    showAll();
    if (asked.length > 1) section.append(count);
    document.addEventListener("tg-answer", show);
    document.addEventListener("tg-answers", showAll);
    section.dataset.tgReady = "yes";
    return () => {
      document.removeEventListener("tg-answer", show);
      document.removeEventListener("tg-answers", showAll);
    };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { quiz: { build, start } });
})(globalThis);
