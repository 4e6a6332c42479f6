const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const mebibyte = 1024 * 1024;

/**
 * What holds where neither file, environment nor flag says otherwise. Kept apart from the schema, so that a start
 * without a file loads no validator. Durations in milliseconds, sizes in bytes.
 */
export const defaults = {
  listen: { host: "127.0.0.1", port: 8080 },
  providers: {},
  channels: [],
  routes: {},
  limits: {
    bodyBytes: 64 * mebibyte,
    inFlight: 10_000,
    headerTimeout: 10 * second,
    bodyTimeout: 5 * minute,
    readTimeout: minute,
    keepAlive: 10 * second,
    shutdownGrace: 30 * second,
  },
  deadlines: {
    connect: 5 * second,
    firstEvent: 120 * second,
    betweenEvents: 60 * second,
    total: 10 * minute,
  },
  retries: { budget: 0.2 },
  responses: { retention: 30 * day },
  log: { level: "info" as const },
  admin: { access: "loopback" as const },
  discovery: { environment: true, engines: true },
  sim: true,
};
