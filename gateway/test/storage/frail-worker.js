// A store's worker thread that ends when it is asked for keys, cannot be opened where the file's name says so, and lets a round
// fail that revokes a key.
import { workerData } from "node:worker_threads";
import { serve } from "../../src/storage/sqlite/serve.js";
function answer({ name, input }) {
  if (name === "listKeys") throw new Error("the thread broke");
  if (name === "revokeKey") return { ok: false, reason: "unavailable", message: "disk full" };
  return { ok: true, value: name === "postedCalls" ? new Set(input) : 7 };
}
serve(() => {
  if (workerData.file === "refuse") throw new Error("not today");
  return {
    run: (round) => Promise.resolve().then(() => round.map(answer)),
    close: () => {},
  };
});
