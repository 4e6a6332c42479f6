const prefix = "entente_";
const plain = /^[a-zA-Z0-9_-]+$/;

/**
 * A tool call's id as Anthropic takes it (`^[a-zA-Z0-9_-]+$`). Any other id is written in base64url behind a prefix:
 * the same id gives the same text, and `neutralToolId` gives it back.
 */
export function wireToolId(id: string): string {
  if (plain.test(id) && !id.startsWith(prefix)) return id;
  return prefix + Buffer.from(id).toString("base64url");
}

export function neutralToolId(id: string): string {
  if (!id.startsWith(prefix)) return id;
  const encoded = id.slice(prefix.length);
  const decoded = Buffer.from(encoded, "base64url").toString("utf8");
  // Only what `wireToolId` makes is taken apart.
  return Buffer.from(decoded).toString("base64url") === encoded ? decoded : id;
}
