/** Something on 127.0.0.1 that answers chat completions. */
export interface Subject {
  readonly name: "entente" | "nginx" | "direct";
  readonly port: number;
  /** Process whose tree does the work; undefined where it is the upstream itself. */
  readonly pid?: number;
  /** One header line to send. */
  readonly header?: string;
  readonly model: string;
}
