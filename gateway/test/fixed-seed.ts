import { configureGlobal } from "fast-check";

/** Property tests try the same samples in every run, so that a run says something of the change; other ones by ENTENTE_SEED. */
configureGlobal({ seed: Number(process.env["ENTENTE_SEED"] ?? 20_261_123) });
