import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How many ports after the usual one are tried where nobody asked for one. */
const portsTried = 20;

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens; where the port is taken and was not chosen by anyone, on one of the next.
 * @throws Error that says which flag chooses another port
 */
export async function listen(server: Server, wanted: Address, portChosen: boolean): Promise<Address> {
  for (let port = wanted.port; ; port += 1) {
    try {
      return await tryListen(server, { host: wanted.host, port });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE")
        throw new Error(`cannot listen on ${wanted.host}:${port} (${code}); choose with --host and --port`, {
          cause: error,
        });
      if (portChosen || port >= wanted.port + portsTried)
        throw new Error(`port ${port} is taken; choose another with --port`, { cause: error });
    }
  }
}

function tryListen(server: Server, { host, port }: Address): Promise<Address> {
  const { promise, resolve, reject } = Promise.withResolvers<Address>();
  const onError = (error: Error) => reject(error);
  server.once("error", onError);
  server.listen({ host, port, backlog: 4096 }, () => {
    server.off("error", onError);
    resolve({ host, port: (server.address() as AddressInfo).port });
  });
  return promise;
}
