import type { Server } from "node:http";
import type { BackgroundCalls } from "../responses/background.ts";

/** After the grace, how long the last answers may take to leave. */
const lastWords = 2000;

/** Milliseconds between looks for connections whose last call is over; their clients would keep them open. */
const idleCheck = 50;

/** Stops accepting, lets calls that are under way finish for `grace` milliseconds, then ends them in good order. */
export async function closeServer(
  server: Server,
  running: ReadonlySet<{ stop(): void }>,
  background: BackgroundCalls,
  grace: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const closing = setInterval(() => server.closeIdleConnections(), idleCheck);
  void closed.then(() => clearInterval(closing));
  const inTime = await finishedWithin(closed, grace);
  await background.stop();
  if (inTime) return;
  for (const call of running) call.stop();
  if (!(await finishedWithin(closed, lastWords))) server.closeAllConnections();
  await closed;
}

async function finishedWithin(closed: Promise<void>, milliseconds: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), milliseconds);
  void closed.then(() => resolve(true));
  const finished = await promise;
  clearTimeout(timer);
  return finished;
}
