/**
 * Collects what a dialect could not say. Fields are paths in the neutral form, e.g. `seed`,
 * `messages[2].parts[0].cache`; a consumer shows them in `entente-lossy` or refuses the call.
 */
export class Losses {
  readonly fields: string[] = [];

  add(field: string): void {
    if (!this.fields.includes(field)) this.fields.push(field);
  }
}

/** An encoded body and what it could not say. */
export interface Encoded<Body> {
  readonly body: Body;
  readonly losses: readonly string[];
}
