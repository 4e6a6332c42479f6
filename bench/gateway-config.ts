/** One priced channel to the upstream and nothing else; everything that governs a call is left on. JSON is YAML. */
export function gatewayConfig(upstreamPort: number, model: string): string {
  const config = {
    providers: {
      upstream: {
        kind: "openai-compatible",
        baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
        apiKey: "bench",
      },
    },
    channels: [{ provider: "upstream", model, upstream: "gpt-4o-mini", price: { input: 0.15, output: 0.6 } }],
    discovery: { environment: false, engines: false },
    sim: false,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
