/** The client against a running server: FACET_URL, FACET_KEY, and PICTURES, a folder. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Client, FacetError } from "../src/node.ts";

const { FACET_URL: url = "", FACET_KEY: key = "", PICTURES: pictures = "", ENCODER: encoder = "" } = process.env;
const facet = new Client(url, { key });
const party = join(pictures, "party.jpg");
const names = ["Eileen Collins", "Grace Hopper"];

before(() => facet.collections.create({ name: "staff", metadata: { floor: 3 } }));
after(async () => {
  for await (const one of facet.collections.list()) await facet.collections.erase(one.name);
});

test("a folder is enrolled, once", async () => {
  const folder = join(pictures, "people");
  const first = await Array.fromAsync(facet.enrollFolder("staff", folder, { min_quality: 0.1 }));
  assert.deepEqual(first.map((one) => [one.done, one.total]), [1, 2, 3, 4, 5].map((n) => [n, 5]));
  const count = (status: string) => first.filter((one) => one.result?.status === status).length;
  assert.deepEqual([count("enrolled"), count("rejected")], [4, 1]);
  const again = await Array.fromAsync(facet.enrollFolder("staff", folder));
  assert.equal(again.filter((one) => one.result?.status === "already-enrolled").length, 4);
  const subjects = await facet.subjects.list("staff").all();
  assert.deepEqual(subjects.map((one) => one.name).sort(), names);
});

test("people are recognized, from paths, bytes and blobs", async () => {
  const bytes = await readFile(party);
  for (const image of [party, pathToFileURL(party), bytes, new Blob([bytes])]) {
    const { faces } = await facet.recognize("staff", { image, candidates: 1, unique: false });
    assert.deepEqual(faces.map((one) => one.subject?.name), ["Grace Hopper"]);
  }
  const nobody = await facet.recognize("staff", { image: bytes, where: { team: "none" } });
  assert.deepEqual(nobody.faces.map((one) => one.decision), ["unknown"]);
  const eileen = join(pictures, "people", "Eileen Collins", "0.jpg");
  assert.equal((await facet.verify({ reference: party, probe: eileen })).match, false);
  assert.equal((await facet.embed({ image: party })).faces[0]?.embedding.length, 128);
  assert.equal((await facet.detect({ image: party })).faces.length, 1);
  const dates = await facet.sequences.readDate({ text: "12 March 2024" });
  assert.equal(dates.date, "2024-03-12");
});

test("galleries from end to end", async () => {
  const [subject] = await facet.subjects.list("staff", { name_prefix: "Grace" }).all();
  assert(subject);
  const claim = await facet.verifyClaim("staff", subject.id, { image: party });
  assert.equal(claim.match, true);
  const [face] = await facet.faces.list("staff", { subject: subject.id }).all();
  assert(face);
  assert.equal((await facet.faces.image("staff", face.id)).type, "image/jpeg");
  assert.deepEqual(await facet.faces.get("staff", face.id), face);
  assert.equal((await facet.faces.erase("staff", face.id)).erased, "face");
  const changed = await facet.subjects.update("staff", subject.id, { external_id: "7" });
  assert.deepEqual([changed.external_id, changed.faces], ["7", 1]);
  const other = await facet.subjects.create("staff", { name: "Amazing Grace" });
  assert.equal((await facet.subjects.merge("staff", other.id, { subject_id: subject.id })).faces, 1);
  assert.equal((await facet.subjects.erase("staff", other.id, { dry_run: true })).dry_run, true);
  assert.equal((await facet.subjects.erase("staff", other.id)).subjects, 1);
});

test("lists go over pages", async () => {
  for (const name of ["a", "b", "c", "d", "e"]) await facet.subjects.create("staff", { name: `list ${name}` });
  const list = facet.subjects.list("staff", { name_prefix: "list", limit: 2 });
  const sizes = (await Array.fromAsync(list.pages())).map((page) => page.items.length);
  assert.deepEqual(sizes, [2, 2, 1]);
  const first = await list.page();
  const rest = facet.subjects.list("staff", { name_prefix: "list", cursor: first.next_cursor ?? "" });
  assert.deepEqual((await rest.all()).map((one) => one.name), ["list c", "list d", "list e"]);
});

test("errors say what was wrong", async () => {
  await assert.rejects(facet.recognize("none", { image: party }), (error: unknown) => {
    assert(error instanceof FacetError);
    assert.deepEqual([error.status, error.code], [404, "unknown-collection"]);
    assert(error.requestId && error.hint);
    return true;
  });
  const refused = facet.subjects.list("staff", { limit: 100_000 }).all();
  await assert.rejects(refused, { code: "invalid-request" });
  await assert.rejects(new Client(url, { key: "facet_x_y" }).collections.list().all(), { code: "invalid-key" });
  await assert.rejects(new Client(`${url}/elsewhere`).collections.list().all(), FacetError);
});

test("an enrolment that is repeated stores nothing twice", async () => {
  const { id } = await facet.subjects.create("staff", { name: "Twice" });
  const call = { idempotencyKey: "k-1" };
  const first = await facet.faces.enroll("staff", id, { images: [party] }, call);
  assert.deepEqual(await facet.faces.enroll("staff", id, { images: [party] }, call), first);
  assert.equal((await facet.subjects.get("staff", id)).faces, 1);
});

test("a job is followed to its end", async () => {
  const ordered = await facet.collections.reencode("staff", { encoder });
  const events = await Array.fromAsync(facet.jobs.follow(ordered.id));
  const last = events.at(-1);
  assert(last?.name === "state" && last.last && last.job.state === "succeeded");
  assert.deepEqual(await facet.jobs.wait(ordered.id), last.job);
  assert.equal((await facet.collections.get("staff")).encoder, encoder);
});

test("health, models, keys and styles", async () => {
  assert.equal((await facet.server.health()).status, "ok");
  assert.match(await facet.server.metrics(), /facet_/);
  assert((await facet.models.list()).models.length > 0);
  const made = await facet.keys.create({ name: "door", scopes: ["recognize"] });
  assert.equal((await facet.keys.get(made.id)).name, "door");
  assert((await facet.keys.revoke(made.id)).key.id === made.id);
  await facet.styles.create({ name: "waves", image: party });
  assert.equal((await facet.styles.image("waves")).type, "image/jpeg");
  assert.equal(await facet.styles.remove("waves"), undefined);
});
