import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Child } from "./child.ts";

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Resolves as soon as the port takes a connection. @throws Error with the child's output where it does not. */
export async function listening(child: Child, port: number, deadline: number): Promise<void> {
  const until = performance.now() + deadline;
  while (!(await accepts(port))) {
    if (child.hasEnded || performance.now() > until) {
      throw new Error(`Nothing listens on port ${port}:\n${child.output().slice(-2000)}`);
    }
    await delay(2);
  }
}
