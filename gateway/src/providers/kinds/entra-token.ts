import type { Clock } from "../../core/clock.ts";
import { Fault } from "../../core/fault.ts";

/** The part of @azure/identity's TokenCredential that is used here. `expiresOnTimestamp` in Unix milliseconds. */
export interface TokenSource {
  getToken(
    scope: string,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

type Headers = Readonly<Record<string, string>>;

const scope = "https://cognitiveservices.azure.com/.default";
const deadline = 10_000;
/** A token is renewed this long before it expires, and not used in its last minute. */
const renewBefore = 5 * 60_000;
const uselessBefore = 60_000;
const pauseAfterFailure = 30_000;

/** The identity that environment, workload, managed identity or developer tools give this machine. */
export async function machineIdentity(): Promise<TokenSource> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential();
}

/** A token that is at hand when a call needs it: fetched once for all that wait, renewed while the old one still works. */
export class EntraToken {
  readonly #load: () => Promise<TokenSource>;
  readonly #clock: Clock;
  #source: Promise<TokenSource> | undefined;
  #fetching: Promise<Headers> | undefined;
  #headers: Headers | undefined;
  #expires = 0;
  #renewAt = 0;

  constructor(load: () => Promise<TokenSource>, clock: Clock) {
    this.#load = load;
    this.#clock = clock;
  }

  /**
   * @param toHeaders makes the headers of a token; called once for each token
   * @throws Fault `provider_credentials` where no token can be had within 10 s
   */
  headers(toHeaders: (token: string) => Headers): Headers | Promise<Headers> {
    const now = this.#clock.now();
    if (this.#headers === undefined || now >= this.#expires - uselessBefore) return this.#fetch(toHeaders);
    if (now >= this.#renewAt && this.#fetching === undefined) {
      // The token at hand still works: a failure matters only once it no longer does, and is thrown then.
      this.#fetch(toHeaders).catch(() => {
        this.#renewAt = this.#clock.now() + pauseAfterFailure;
      });
    }
    return this.#headers;
  }

  #fetch(toHeaders: (token: string) => Headers): Promise<Headers> {
    this.#fetching ??= this.#request(toHeaders).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #request(toHeaders: (token: string) => Headers): Promise<Headers> {
    const controller = new AbortController();
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.after(deadline, () => {
        controller.abort();
        reject(new Error("no token in time"));
      });
    });
    try {
      const token = await Promise.race([this.#ask(controller.signal), late]);
      if (token === null) throw new Error("no token was given");
      this.#headers = toHeaders(token.token);
      this.#expires = token.expiresOnTimestamp;
      this.#renewAt = token.expiresOnTimestamp - renewBefore;
      return this.#headers;
    } catch (cause) {
      throw new Fault("provider_credentials", { cause });
    } finally {
      cancel();
    }
  }

  async #ask(abortSignal: AbortSignal): ReturnType<TokenSource["getToken"]> {
    this.#source ??= this.#load();
    try {
      return await (await this.#source).getToken(scope, { abortSignal });
    } catch (error) {
      this.#source = undefined;
      throw error;
    }
  }
}
