/* What this browser keeps of a training, so that a closed tab loses little.

   localStorage takes only text, and little of it; IndexedDB takes arrays of
   numbers as they are. A browser may forbid it: every promise is then refused,
   and whoever asked says so. */
(function (root) {
  "use strict";
  const NAME = "tutorgpt", ROOM = "training";
  let opened = null;

  function open() {
    opened ??= new Promise((done, failed) => {
      const asked = root.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(ROOM);
      asked.onerror = () => failed(asked.error);
      asked.onsuccess = () => {
        asked.result.onversionchange = () => (asked.result.close(), (opened = null));
        done(asked.result);
      };
    });
    opened.catch(() => (opened = null)); // it may be allowed later
    return opened;
  }

  /* act(room): one request. It is done when it is on the disk. */
  async function ask(mode, act) {
    const base = await open();
    return new Promise((done, failed) => {
      const work = base.transaction(ROOM, mode), request = act(work.objectStore(ROOM));
      work.oncomplete = () => done(request.result);
      work.onabort = work.onerror = () => failed(work.error ?? request.error);
    });
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, {
    store: {
      keep: (key, value) => ask("readwrite", (room) => room.put(value, key)),
      recall: (key) => ask("readonly", (room) => room.get(key)),
      forget: (key) => ask("readwrite", (room) => room.delete(key)),
    },
  });
})(globalThis);
