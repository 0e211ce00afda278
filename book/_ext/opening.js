/* The first screen: a prompt of the reader's, continued by one model at four
   moments of its training. The page shows a stored answer; this script adds
   the prompt and the button, and loads the model on the first press. */
(function (root) {
  "use strict";
  const SCRIPTS = [
    "product.js", "random.js", "tokenizer.js", "tape.js", "rungs.js", "modern.js", "engine.js", "demo.js",
  ];
  const LENGTH = 90; // characters that each moment writes, at most
  const LINES = 3; // and lines
  const DRAWING = { temperature: 0.7 }; // rather the likely characters
  const CONTROLS = `
    <label>Begin <input maxlength="40" autocomplete="off" spellcheck="false"></label>
    <button>Let them write</button>`;
  const HERE = "All of it is computed in this page, and nothing is sent anywhere.";
  const still = root.matchMedia("(prefers-reduced-motion: reduce)");

  /* What is handed to the model: in the plays, what a speaker says begins on
     a line of its own. */
  function prepared(typed) {
    const prompt = typed.trim();
    return prompt.endsWith(":") ? `${prompt}\n` : prompt || "\n";
  }

  /* The characters with which a model goes on, one at a time. */
  function* continued(model, prompt, seed) {
    const { probabilities, draw, randomFrom } = root.tutorgpt;
    const random = randomFrom(seed), tokens = model.encode(prompt);
    let lines = 1;
    for (let n = 0; n < LENGTH; n++) {
      model.read(tokens);
      tokens.push(draw(probabilities(model.logits(), DRAWING), random));
      const character = model.tokenizer.decode(tokens.slice(-1));
      if (character === "\n" && ++lines > LINES) return;
      yield character;
    }
  }

  function given(prompt) {
    const part = document.createElement("b");
    part.textContent = prompt;
    return part;
  }

  /* place: what opening.py wrote, a list of moments and their texts. */
  function startOpening(place, load) {
    const texts = [...place.querySelectorAll("dd pre")];
    const form = document.createElement("form");
    form.innerHTML = CONTROLS;
    const input = form.querySelector("input"), said = document.createElement("p");
    said.setAttribute("role", "status");
    said.textContent = HERE;
    input.value = place.dataset.prompt;
    place.prepend(form);
    place.append(said);
    let models, seed = Number(place.dataset.seed);

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const mine = ++seed; // a later press ends this one
      if (!models) said.textContent = "The model is being loaded.";
      try {
        for (const script of SCRIPTS) await load(script);
        const { Model, demo } = root.tutorgpt;
        models ??= demo.snapshots.map((_, which) => new Model(demo, which));
      } catch {
        said.textContent = "The model cannot be loaded: build the book again.";
        return;
      }
      if (mine === seed) await write(mine);
    });

    /* One moment after the other, a character a picture. */
    async function write(mine) {
      const prompt = prepared(input.value);
      const strange = [...new Set(prompt)].filter((c) => models[0].encode(c).includes(-1));
      said.textContent = "";
      if (strange.length) {
        said.textContent = `It never saw ${strange.map((c) => `‘${c}’`).join(", ")}: choose other letters.`;
        return;
      }
      for (const text of texts) text.textContent = "";
      for (const [which, text] of texts.entries()) {
        text.append(given(prompt));
        for (const character of continued(models[which], prompt, mine)) {
          text.append(character);
          if (still.matches) continue;
          await new Promise(requestAnimationFrame);
          if (mine !== seed) return;
        }
      }
      said.textContent = "All four have written; press again, and they draw anew.";
    }
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { continued, prepared, startOpening });
})(globalThis);
