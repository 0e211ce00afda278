/* Loads the playground when one scrolls into view, and not before. The tag
   of this script names the others in data-scripts, in their order. */
(function () {
  "use strict";
  const { src, dataset } = document.currentScript;
  const folder = new URL(".", src).href;
  const scripts = dataset.scripts.split(" ");
  const loaded = new Map();

  function script(name) {
    if (!loaded.has(name)) loaded.set(name, new Promise((done, failed) => {
      const tag = document.createElement("script");
      tag.src = folder + name;
      tag.onload = done;
      tag.onerror = () => failed(new Error(name));
      document.head.append(tag);
    }));
    return loaded.get(name);
  }

  async function start(place) {
    try {
      for (const name of scripts) await script(name);
      const needsDemo = !place.querySelector(".tg-pack") && !/"kind": *"head"/.test(place.dataset.opts);
      if (needsDemo) await script("demo.js");
      globalThis.tutorgpt.mountOne(place);
    } catch (error) {
      place.textContent = `The playground cannot be loaded (${error.message} is missing): build the book again.`;
    }
  }

  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      start(target);
    }
  }, { rootMargin: "300px" });
  addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll(".tg-demo")) watcher.observe(place);
  });
})();
