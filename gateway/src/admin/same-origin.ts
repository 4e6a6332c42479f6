import { Fault } from "../core/fault.ts";
import type { AdminHeaders } from "./admin-house.ts";

/**
 * Keeps a browser from being used against this server: a page of another site may not call it (`Origin`,
 * `Sec-Fetch-Site`), and where only this machine may connect, a name that an attacker's DNS points at this machine is
 * no name of ours (DNS rebinding). Programs send neither of the two headers and name the host they mean.
 * @throws Fault `foreign_origin`
 */
export function refuseForeignOrigin(headers: AdminHeaders, loopbackOnly: boolean): void {
  const { host, origin } = headers;
  const site = headers["sec-fetch-site"];
  if (loopbackOnly && !isLoopbackHost(host)) throw new Fault("foreign_origin");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new Fault("foreign_origin");
  if (
    origin !== undefined &&
    (host === undefined || !URL.canParse(origin) || new URL(origin).host !== host.toLowerCase())
  )
    throw new Fault("foreign_origin");
}

function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}
