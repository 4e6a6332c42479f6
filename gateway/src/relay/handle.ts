import type { ChatDialect } from "../core/dialect.ts";
import { Fault } from "../core/fault.ts";
import { emptyPlanFault, planCall } from "../routing/plan.ts";
import { admit } from "./admit.ts";
import { asFault } from "./as-fault.ts";
import { Asked } from "./asked.ts";
import { type Arrival, Call } from "./call.ts";
import { Failover } from "./failover.ts";
import type { House } from "./house.ts";
import { PlainAnswering } from "./plain-answering.ts";
import { refuse } from "./refuse.ts";
import { keeperFor } from "./response-keeper.ts";
import { StreamAnswering } from "./stream-answering.ts";

/** The way of a chat call: identify, decode, admit, route, then call, relay and settle in `Failover`. Never rejects. */
export async function handle(arrival: Arrival, house: House): Promise<void> {
  const call = new Call(arrival, house);
  try {
    const failover = await take(call);
    await failover.run();
  } catch (error) {
    const fault = asFault(error);
    call.trace.refused(fault.code, fault.cause);
    refuse(call, fault);
  }
}

/**
 * All that comes before a call is made. Apart from `handle`, whose locals live as long as the answer: the request must
 * not be among them.
 *
 * @throws Fault
 */
async function take(call: Call): Promise<Failover> {
  const { arrival, house } = call;
  if (house.running.size >= house.inFlightLimit()) throw new Fault("overloaded", { retryAfter: 1 });
  const principal = house.identify(arrival.headers);
  call.mark("identify");

  const bytes = await arrival.readBody();
  call.mark("receive");
  const given = new Asked(arrival.dialect, bytes);
  const asked = isStateful(arrival.dialect)
    ? given.with(await house.conversations.expand(principal, given.body))
    : given;
  call.mark("decode");

  const resolution = admit(principal, asked.peek.model, call.plan.directory);
  call.mark("admit");

  const facts = {
    operation: "chat",
    bytes: bytes.length,
    features: asked.peek.features,
    headers: arrival.headers,
  } as const;
  const plan = planCall(resolution.route, facts, {
    channels: call.plan.directory.channels,
    now: call.at,
    random: house.random,
  });
  if (plan.candidates.length === 0) throw emptyPlanFault(plan);

  const settings = { call, asked, keeper: keeperFor(call, principal, given.body) };
  const answering = asked.peek.stream ? new StreamAnswering(settings) : new PlainAnswering(settings);
  const strict = arrival.headers["entente-strict"] === "true";
  const { candidates } = plan;
  return new Failover({ call, asked, principal, resolution, candidates, answering, strict });
}

/** Whether calls in this dialect may refer to what is stored here. */
function isStateful(dialect: ChatDialect): boolean {
  return dialect.id === "openai-responses";
}
