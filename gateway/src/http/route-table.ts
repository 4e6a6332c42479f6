import { chat } from "./endpoints/chat.ts";
import { countTokens } from "./endpoints/count-tokens.ts";
import { createResponse } from "./endpoints/create-response.ts";
import { getModel, listModels } from "./endpoints/models.ts";
import { admin, health, metrics, ready } from "./endpoints/operations.ts";
import { cancelResponse, deleteResponse, getResponse, listInputItems } from "./endpoints/stored-responses.ts";
import type { Route } from "./router.ts";

const anyMethod = { GET: admin, POST: admin, PUT: admin, PATCH: admin, DELETE: admin };

/** Every path of the server. */
export const routeTable: readonly Route[] = [
  { path: "/v1/chat/completions", methods: { POST: chat("openai-chat") } },
  { path: "/v1/messages", methods: { POST: chat("anthropic-messages") } },
  { path: "/v1/messages/count_tokens", methods: { POST: countTokens } },
  { path: "/v1/responses", methods: { POST: createResponse } },
  { path: "/v1/responses/", methods: { GET: getResponse, DELETE: deleteResponse } },
  { path: "/v1/responses/", suffix: "/cancel", methods: { POST: cancelResponse } },
  { path: "/v1/responses/", suffix: "/input_items", methods: { GET: listInputItems } },
  { path: "/v1/models", methods: { GET: listModels } },
  { path: "/v1/models/", methods: { GET: getModel } },
  { path: "/health", methods: { GET: health, HEAD: health } },
  { path: "/ready", methods: { GET: ready, HEAD: ready } },
  { path: "/metrics", methods: { GET: metrics } },
  { path: "/admin/", methods: anyMethod },
];
