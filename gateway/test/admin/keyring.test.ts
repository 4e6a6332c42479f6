import { describe, expect, onTestFinished, test } from "vitest";
import { createAdminApp } from "../../src/admin/admin-app.ts";
import { systemClock } from "../../src/core/clock.ts";
import { randomToken } from "../../src/core/ids.ts";
import { createFirstKeys } from "../../src/identity/first-keys.ts";
import { Keyring } from "../../src/identity/keyring.ts";
import { setUp } from "./fake-house.ts";

/** The control API before the real keyring. */
async function open(access: "loopback" | "network" | "off" = "loopback") {
  const { house } = setUp();
  let changes = 0;
  const { create, list, revoke } = house.store.keys;
  const keys: Parameters<typeof Keyring.open>[0]["keys"] & typeof house.store.keys = {
    list,
    create: (key) => create(key).then(() => void (changes += 1)),
    revoke: (id, at) => revoke(id, at).finally(() => (changes += 1)),
    revision: () => Promise.resolve(changes),
  };
  const sources = { clock: systemClock, random: randomToken };
  const first = await createFirstKeys(keys, sources);
  const keyring = await Keyring.open({ keys, clock: systemClock, onNews: () => {} });
  onTestFinished(() => keyring.close());
  const app = createAdminApp({
    ...house,
    ...sources,
    store: { ...house.store, keys },
    keyring,
    authorize: (headers, address) => void keyring.identifyAdmin(headers, address, access),
    loopbackOnly: () => access === "loopback",
  });
  const call = async (
    method: string,
    path: string,
    key: string | undefined,
    body?: object,
    from = "127.0.0.1",
  ) => {
    const headers = {
      host: "localhost",
      "content-type": "application/json",
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return app.request(`http://localhost/admin/v1${path}`, init, {
      incoming: { socket: { remoteAddress: from } },
    });
  };
  return { call, keyring, admin: first?.admin ?? "", project: first?.project ?? "" };
}

describe("with the keyring, the control API answers", () => {
  test("200 to an admin key, 401 to none or an unknown one, 403 to a project key", async () => {
    const { call, admin, project } = await open();
    const statuses = [];
    for (const key of [admin, undefined, `${admin}x`, project])
      statuses.push((await call("GET", "/keys", key)).status);
    expect(statuses).toEqual([200, 401, 401, 403]);
  });

  test("404 to another machine, whatever its key", async () => {
    const { call, admin } = await open();
    expect((await call("GET", "/keys", admin, undefined, "192.0.2.7")).status).toBe(404);
    expect((await call("GET", "/keys", admin, undefined, "::ffff:127.0.0.1")).status).toBe(200);
  });

  test("another machine where the network may connect, and nobody where it is off", async () => {
    const network = await open("network");
    expect((await network.call("GET", "/keys", network.admin, undefined, "192.0.2.7")).status).toBe(200);
    const off = await open("off");
    expect((await off.call("GET", "/keys", off.admin)).status).toBe(404);
  });

  test("a new key at once, and a revoked one at once no more", async () => {
    const { call, keyring, admin } = await open();
    const created = (await (await call("POST", "/keys", admin, { name: "x" })).json()) as {
      id: string;
      secret: string;
    };
    const headers = { authorization: `Bearer ${created.secret}` };
    expect(keyring.identify(headers).keyId).toBe(created.id);
    expect((await call("DELETE", `/keys/${created.id}`, admin)).status).toBe(204);
    expect(() => keyring.identify(headers)).toThrow(expect.objectContaining({ code: "revoked_key" }));
  });
});
