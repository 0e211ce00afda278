/* Somebody to train: serve.js in a worker, so that the page stays free, or in
   the page itself where the browser allows no worker. */
(function (root) {
  "use strict";

  const SLICE = 20; // milliseconds of work in the page before it may answer
  const GLUE = `
const answer = tutorgpt.serve((message, moved) => postMessage(message, moved ?? []));
onmessage = ({ data }) => answer(data);
postMessage({ say: "here" });`;

  /* The worker's script lies in this page: from a file nothing may be loaded. */
  function openWorker() {
    const { files, lists } = root.tutorgpt;
    const text = lists.worker.map((name) => files[name]).join("\n") + GLUE;
    const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    try {
      return new Worker(url);
    } finally {
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    }
  }

  /* hear(message): what the trainer says. inPage(): no worker, so be told.
     Returns { tell(message), end() }. */
  function startTrainer(hear, inPage) {
    let ended = false, tell, worker;
    const listen = (message) => ended || hear(message);

    function trainHere() {
      inPage();
      tell = root.tutorgpt.serve(listen, SLICE);
    }
    try {
      worker = openWorker();
    } catch {
      worker = null; // refused at once
      trainHere();
    }
    if (worker) listenTo(worker);

    /* What is said before it is there waits: it may be refused yet. */
    function listenTo(worker) {
      const waiting = [];
      let here = false;
      tell = (message) => (here ? worker.postMessage(message) : waiting.push(message));
      worker.onmessage = ({ data }) => {
        if (data.say !== "here") return listen(data);
        here = true;
        waiting.splice(0).forEach(tell);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        if (here) return listen({ say: "failed", why: `Training has failed (${event.message}): start over, with a smaller width.` });
        if (ended) return;
        trainHere();
        waiting.splice(0).forEach((message) => tell(message));
      };
    }

    return {
      tell: (message) => tell(message),
      end() {
        if (ended) return;
        ended = true;
        if (worker) worker.terminate();
        tell({ do: "pause" }); // in the page nothing else would stop it
      },
    };
  }

  root.tutorgpt = Object.assign(root.tutorgpt ?? {}, { startTrainer });
})(globalThis);
