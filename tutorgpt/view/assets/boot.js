/* Brings what moves to life when it scrolls into view, and not before. The
   tag of this script names the places by their class in data-places, the
   scripts in data-scripts, in their order, and in data-start the function that
   gets a place; it may load more by itself. */
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
      await globalThis.tutorgpt[dataset.start](place, script);
    } catch (error) {
      place.textContent = `This cannot be loaded (${error.message} is missing): build the book again.`;
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
    for (const place of document.querySelectorAll(`.${dataset.places}`)) watcher.observe(place);
  });
})();
