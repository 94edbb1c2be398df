/** What is sent again, when, and what becomes of foreign answers. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, FacetError, type Settings, UnreachableError } from "../src/index.ts";

type Answer = () => Response | Promise<Response>;

const QUICK = { times: 4, first: 1, longest: 5_000 };

function client(answers: Answer[], settings: Settings = {}): { facet: Client; asked: Request[] } {
  const asked: Request[] = [];
  const own = async (url: string | URL | globalThis.Request, init?: RequestInit) => {
    asked.push(new Request(url, init));
    const answer = answers[asked.length - 1];
    assert(answer, "one more request than expected");
    return answer();
  };
  return { facet: new Client("http://facet/", { key: "k", retries: QUICK, fetch: own, ...settings }), asked };
}

const good: Answer = () => Response.json({ name: "staff" });
const lost: Answer = () => Promise.reject(new TypeError("gone"));
const busy = (after?: string): Answer => () =>
  Response.json({ code: "overloaded" }, { status: 503, headers: after ? { "Retry-After": after } : {} });

test("what passes is tried again after the time asked for", async () => {
  const begin = performance.now();
  const { facet, asked } = client([busy("1"), busy(), good]);
  assert.equal((await facet.collections.get("staff")).name, "staff");
  assert.equal(asked.length, 3);
  assert(performance.now() - begin >= 995);
});

test("it gives up in time", async () => {
  const { facet, asked } = client([busy(), busy(), busy()], { retries: { ...QUICK, times: 2 } });
  await assert.rejects(facet.collections.get("staff"), { name: "FacetError", code: "overloaded", status: 503 });
  assert.equal(asked.length, 3);
  const patient = client([busy("60")]);
  await assert.rejects(patient.facet.collections.get("staff"), { code: "overloaded" });
});

test("lost connections are tried again where that does no harm", async () => {
  const asking = client([lost, good]);
  await asking.facet.detect({ image: new Blob(["x"]) });
  assert.equal(asking.asked.length, 2);
  const making = client([lost]);
  await assert.rejects(making.facet.collections.create({ name: "staff" }), UnreachableError);
  const erasing = client([lost]);
  await assert.rejects(erasing.facet.collections.erase("staff"), UnreachableError);
  const trying = client([lost, good]);
  await trying.facet.collections.erase("staff", { dry_run: true });
});

test("an enrolment has one key for all its tries", async () => {
  const { facet, asked } = client([busy(), lost, good]);
  await facet.faces.enroll("staff", "7", { images: [new Blob(["x"])] });
  const keys = asked.map((one) => one.headers.get("Idempotency-Key"));
  assert.match(keys[0] ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(new Set(keys).size, 1);
  const own = client([good]);
  await own.facet.faces.enroll("staff", "7", { images: [] }, { idempotencyKey: "mine" });
  assert.equal(own.asked[0]?.headers.get("Idempotency-Key"), "mine");
});

test("forms, queries and paths", async () => {
  const { facet, asked } = client([good, good, good]);
  await facet.recognize("a/b ü", {
    image: new Uint8Array([1, 2]),
    where: { team: "x" },
    subjects: ["1", "2"],
    unique: false,
    encoder: null,
  });
  await facet.subjects.list("staff", { name_prefix: "É&?" }).page("next");
  await facet.subjects.get("staff", "..");
  const form = await asked[0]?.formData();
  assert.equal(asked[0]?.url, "http://facet/v1/collections/a%2Fb%20%C3%BC/recognize");
  assert.equal(asked[0]?.headers.get("Authorization"), "Bearer k");
  assert.deepEqual([form?.get("where"), form?.get("unique")], ['{"team":"x"}', "false"]);
  assert.deepEqual([form?.getAll("subjects"), form?.has("encoder")], [["1", "2"], false]);
  assert.equal((form?.get("image") as File).size, 2);
  const query = new URL(asked[1]?.url ?? "").searchParams;
  assert.deepEqual([query.get("name_prefix"), query.get("cursor")], ["É&?", "next"]);
  assert(asked[2]?.url.startsWith("http://facet/v1/"), "no part of a path leads out of it");
});

test("answers of something else", async () => {
  const proxy = client([() => new Response("<html>", { status: 404 })]);
  await assert.rejects(proxy.facet.collections.get("staff"), (error: unknown) => {
    assert(error instanceof FacetError);
    assert.deepEqual([error.status, error.code, error.message], [404, "", "HTTP status 404"]);
    return true;
  });
  const page = client([() => new Response("<html>")]);
  await assert.rejects(page.facet.collections.get("staff"), UnreachableError);
});

test("a call can be ended, and takes no longer than its timeout", async () => {
  const hanging = new Client("http://facet", {
    timeout: 30,
    retries: { times: 0 },
    fetch: (_url, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
      ),
  });
  await assert.rejects(hanging.collections.get("staff"), UnreachableError);
  const { facet } = client([busy("5")]);
  const reason = new Error("enough");
  const ending = AbortSignal.timeout(30);
  await assert.rejects(facet.collections.get("staff", { signal: ending }), { name: "TimeoutError" });
  await assert.rejects(facet.collections.get("staff", { signal: AbortSignal.abort(reason) }), reason);
});

test("pictures are blobs and bytes", async () => {
  const { facet } = client([]);
  // @ts-expect-error: paths are for facet-client/node
  await assert.rejects(facet.detect({ image: "party.jpg" }), TypeError);
});

function stream(...texts: string[]): Answer {
  return () => new Response(texts.join(""), { headers: { "Content-Type": "text/event-stream" } });
}

test("a stream that ends before its job is taken up where it ended", async () => {
  const running = { state: "running" };
  const { facet, asked } = client([
    stream('event: state\ndata: {"state": "running"}\nid: 3\n\n: comment\r\n\r\n', "event: progress\ndata: {"),
    () => Response.json(running),
    lost,
    () => Response.json(running),
    stream('event: progress\ndata: {"fraction":\ndata: 0.5}\nid: 4\n\n', 'event: news\ndata: 1\n\n'),
    () => Response.json(running),
    stream('event: state\r\ndata: {"state": "succeeded"}\r\nid: 5\r\n\r\n'),
  ]);
  const events = await Array.fromAsync(facet.jobs.follow("7"));
  assert.deepEqual(events.map((one) => [one.name, one.last]), [
    ["state", false],
    ["progress", false],
    ["state", true],
  ]);
  const ids = asked.map((one) => one.headers.get("Last-Event-ID"));
  assert.deepEqual(ids.filter((id) => id !== null), ["0", "3", "3", "4"]);
});
