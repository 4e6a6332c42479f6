import { answerJson } from "../json-answer.ts";
import type { Endpoint } from "../router.ts";

/** The process is alive. */
export const health: Endpoint = ({ response, id }) => answerJson(response, 200, id, { status: "ok" });

/** The process can serve calls; else 503 with what it lacks. */
export const ready: Endpoint = ({ site, response, id }) => {
  const lacking = site.unready();
  if (lacking.length === 0) answerJson(response, 200, id, { status: "ready" });
  else answerJson(response, 503, id, { status: "not ready", lacking });
};

/** Prometheus text, for loopback and admin keys. */
export const metrics: Endpoint = async ({ site, request, response }) => {
  site.authorizeOperator(request);
  const { type, text } = await site.metrics();
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
};

export const admin: Endpoint = ({ site, request, response }) => site.admin(request, response);
