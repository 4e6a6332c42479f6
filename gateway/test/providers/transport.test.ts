import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { UpstreamError } from "../../src/providers/upstream-error.ts";
import { Recorder } from "./recorder.ts";
import { call, heard, open, read, serve, serveRaw } from "./upstream-servers.ts";

describe("transport", () => {
  test("sends method, path, headers and body, and hears head, data and end in this order", async () => {
    const origin = await serve((request, response) => {
      void read(request).then((body) => {
        response.writeHead(201, { "x-one": "1", "set-cookie": ["a=1", "b=2"] });
        response.end(JSON.stringify({ url: request.url, method: request.method, h: request.headers, body }));
      });
    });
    const answer = await heard(
      open(),
      call(origin, { path: "/p?q=%20", headers: { authorization: "Bearer k" }, body: "grüße" }),
    );
    expect(answer.events).toEqual(["head", "data", "end"]);
    expect(answer.status).toBe(201);
    expect(answer.headers["x-one"]).toBe("1");
    expect(answer.headers["set-cookie"]).toBe("a=1, b=2");
    expect(answer.json).toMatchObject({
      url: "/p?q=%20",
      method: "POST",
      body: "grüße",
      h: { authorization: "Bearer k", "accept-encoding": "identity", "content-length": "7" },
    });
  });

  test("keeps connections for the calls that follow", async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end("ok");
    });
    const transport = open();
    for (let turn = 0; turn < 10; turn += 1) expect((await heard(transport, call(origin))).text).toBe("ok");
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  test("does not follow redirects and passes over informational answers", async () => {
    const origin = await serve((_, response) => {
      response.writeEarlyHints({ link: "</a>; rel=preload" });
      response.writeHead(307, { location: "http://127.0.0.1:1/elsewhere" }).end();
    });
    const answer = await heard(open(), call(origin));
    expect(answer.events).toEqual(["head", "end"]);
    expect(answer.status).toBe(307);
  });

  test("reads chunked answers as they come", async () => {
    const release: (() => void)[] = [];
    const origin = await serve((_, response) => {
      response.write("one");
      release.push(() => response.end("two"));
    });
    const recorder = new Recorder();
    recorder.onChunk = () => release.splice(0).forEach((each) => each());
    open().transport(call(origin), recorder);
    await recorder.done;
    expect(recorder.events).toEqual(["head", "data", "data", "end"]);
    expect(recorder.text).toBe("onetwo");
  });

  test("a header named like a prototype key stays data", async () => {
    const origin = await serveRaw((socket) => {
      socket.end(
        "HTTP/1.1 200 OK\r\n__proto__: x\r\n__proto__: y\r\nconstructor: z\r\ncontent-length: 0\r\n\r\n",
      );
    });
    const answer = await heard(open(), call(origin));
    expect(Object.getPrototypeOf(answer.headers)).toBe(Object.prototype);
    expect(Object.hasOwn(answer.headers, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});

describe("abort", () => {
  test("closes the connection within 100 ms and nothing is heard afterwards", async () => {
    const closed: Promise<unknown>[] = [];
    const origin = await serve((request, response) => {
      closed.push(once(request.socket, "close"));
      response.write("first");
    });
    const recorder = new Recorder();
    const transport = open();
    const handle = transport.transport(call(origin), recorder);
    await recorder.head;
    const before = recorder.events.length;
    const started = performance.now();
    handle.abort();
    handle.abort();
    await closed[0];
    expect(performance.now() - started).toBeLessThan(100);
    handle.resume();
    handle.pause();
    await new Promise(setImmediate);
    expect(recorder.events.length).toBe(before);
    expect(recorder.events).not.toContain("error");
    expect(transport.active).toBe(0);
  });

  test.each(["onHead", "onData"] as const)("within %s is the last that is heard", async (when) => {
    const origin = await serve((_, response) => response.end("all at once"));
    const recorder = new Recorder();
    const transport = open();
    const original = recorder[when].bind(recorder) as (...values: unknown[]) => void;
    recorder[when] = (...values: unknown[]): void => {
      original(...values);
      handle.abort();
    };
    const handle = transport.transport(call(origin), recorder);
    await recorder.head;
    expect((await heard(transport, call(origin))).text).toBe("all at once");
    expect(recorder.events).toEqual(when === "onHead" ? ["head"] : ["head", "data"]);
  });

  test("right after the start sends nothing", async () => {
    let calls = 0;
    const origin = await serve((_, response) => {
      calls += 1;
      response.end();
    });
    const transport = open();
    const recorder = new Recorder();
    transport.transport(call(origin), recorder).abort();
    await heard(transport, call(origin));
    expect(calls).toBe(1);
    expect(recorder.events).toEqual([]);
  });

  test("of a call refused at once keeps its error quiet", async () => {
    const transport = open();
    const recorder = new Recorder();
    transport.transport(call("nonsense"), recorder).abort();
    await new Promise(setImmediate);
    expect(recorder.events).toEqual([]);
  });
});

describe("backpressure", () => {
  test("a paused call stops the provider, and resume brings every byte", async () => {
    const total = 8 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024, "x");
    let sent = 0;
    let stuck: () => void = () => undefined;
    const isStuck = new Promise<void>((resolve) => {
      stuck = resolve;
    });
    const origin = await serve((_, response) => {
      const write = (): void => {
        while (sent < total) {
          sent += piece.length;
          if (!response.write(piece)) {
            response.once("drain", write);
            return;
          }
        }
        response.end();
      };
      write();
      const watch = (last: number): void => {
        setTimeout(() => (sent === last ? stuck() : watch(sent)), 50);
      };
      watch(-1);
    });
    const recorder = new Recorder();
    recorder.onChunk = () => {
      recorder.onChunk = undefined;
      handle.pause();
    };
    const handle = open().transport(call(origin), recorder);
    await isStuck;
    expect(recorder.bytes).toBeLessThanOrEqual(256 * 1024);
    expect(sent).toBeLessThan(total);
    handle.resume();
    await recorder.done;
    expect(recorder.bytes).toBe(total);
    expect(recorder.events.at(-1)).toBe("end");
  });

  test("a paused answer that the server has finished and closed comes whole after resume", async () => {
    const origin = await serveRaw((socket) => {
      socket.once("data", () =>
        socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${"x".repeat(300_000)}`),
      );
    });
    const recorder = new Recorder();
    recorder.onChunk = () => {
      handle.pause();
      setImmediate(() => handle.resume());
    };
    const handle = open().transport(call(origin), recorder);
    await recorder.done;
    expect([recorder.error, recorder.bytes]).toEqual([undefined, 300_000]);
  });

  test("resuming another call from within a data event is safe", async () => {
    const origin = await serve((_, response) => {
      response.write("a".repeat(1000));
      response.end("b");
    });
    const transport = open();
    const slow = new Recorder();
    slow.onChunk = () => {
      slow.onChunk = undefined;
      slowHandle.pause();
    };
    const slowHandle = transport.transport(call(origin), slow);
    await slow.head;
    const quick = new Recorder();
    quick.onChunk = () => slowHandle.resume();
    transport.transport(call(origin), quick);
    await Promise.all([slow.done, quick.done]);
    expect([slow.bytes, quick.bytes]).toEqual([1001, 1001]);
  });
});

describe("many calls at once", () => {
  test("each hears its own answer, whole and in order, or nothing more once aborted", async () => {
    const origin = await serve((request, response) => {
      const size = Number(request.url?.slice(1));
      const letter = Buffer.alloc(size, String.fromCharCode(97 + (size % 26)));
      response.write(letter.subarray(0, size >> 1));
      setImmediate(() => response.end(letter.subarray(size >> 1)));
    });
    const transport = open({ connections: 16, waiting: 1000 });
    const aborted: { readonly recorder: Recorder; readonly first: Promise<void> }[] = [];
    const whole: { readonly recorder: Recorder; readonly size: number }[] = [];
    for (let index = 0; index < 300; index += 1) {
      const recorder = new Recorder();
      const size = 1 + ((index * 7919) % 50_000);
      const handle = transport.transport(call(origin, { path: `/${size}` }), recorder);
      if (index % 5 === 0) {
        const first = new Promise<void>((resolve) => {
          recorder.onChunk = () => {
            handle.abort();
            resolve();
          };
        });
        aborted.push({ recorder, first });
      } else {
        if (index % 3 === 0)
          recorder.onChunk = () => {
            handle.pause();
            setImmediate(() => handle.resume());
          };
        whole.push({ recorder, size });
      }
    }
    for (const { recorder, size } of whole) {
      await recorder.done;
      expect([recorder.error, recorder.bytes]).toEqual([undefined, size]);
      expect(recorder.text).toBe(String.fromCharCode(97 + (size % 26)).repeat(size));
      expect(recorder.events.filter((event) => event !== "data")).toEqual(["head", "end"]);
    }
    for (const { recorder, first } of aborted) {
      await first;
      expect(recorder.events).toEqual(["head", "data"]);
    }
    expect(transport.active).toBe(0);
  });
});

describe("limits", () => {
  test("calls beyond the connections wait, those beyond the waiting room are refused", async () => {
    const answers: (() => void)[] = [];
    let openTwo: () => void = () => undefined;
    const twoOpen = new Promise<void>((resolve) => {
      openTwo = resolve;
    });
    let most = 0;
    let finish = false;
    const origin = await serve((_, response) => {
      answers.push(() => response.end());
      most = Math.max(most, answers.length);
      if (answers.length === 2) openTwo();
      if (finish) answers.splice(0).forEach((answer) => answer());
    });
    const transport = open({ connections: 2, waiting: 2 });
    const recorders = Array.from({ length: 5 }, () => new Recorder());
    const handles = recorders.map((each) => transport.transport(call(origin), each));
    await Promise.all([recorders[4]?.done, twoOpen]);
    expect(recorders[4]?.error).toMatchObject({ kind: "busy" });
    handles[2]?.abort();
    expect(transport.active).toBe(3);
    finish = true;
    answers.splice(0).forEach((answer) => answer());
    for (const index of [0, 1, 3]) await recorders[index]?.done;
    expect([0, 1, 3].map((index) => recorders[index]?.status)).toEqual([200, 200, 200]);
    expect(recorders[2]?.events).toEqual([]);
    expect(most).toBe(2);
  });

  test("the origin unused for longest is closed, and comes back when asked again", async () => {
    const first = await serve((_, response) => response.end("1"));
    const second = await serve((_, response) => response.end("2"));
    const transport = open({ origins: 1 });
    for (const [origin, text] of [
      [first, "1"],
      [second, "2"],
      [first, "1"],
    ] as const) {
      expect((await heard(transport, call(origin))).text).toBe(text);
    }
  });
});

describe("close", () => {
  test("lets running calls finish and takes no more", async () => {
    const answers: (() => void)[] = [];
    const origin = await serve((_, response) => {
      response.write("a");
      answers.push(() => response.end("b"));
    });
    const transport = open();
    const running = new Recorder();
    transport.transport(call(origin), running);
    await running.head;
    const closing = transport.close(5000);
    const late = await heard(transport, call(origin));
    expect(late.error).toMatchObject({ kind: "closed" });
    answers.forEach((answer) => answer());
    await closing;
    await running.done;
    expect(running.text).toBe("ab");
    await transport.close(5000);
  });

  test("ends what is still running after the deadline", async () => {
    const origin = await serve((_, response) => response.write("a"));
    const transport = open();
    const running = new Recorder();
    transport.transport(call(origin), running);
    await running.head;
    await transport.close(20);
    await running.done;
    expect(running.error).toBeInstanceOf(UpstreamError);
    expect(transport.active).toBe(0);
  });
});
