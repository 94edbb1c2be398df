/** CompreFace's own JavaScript SDK, unchanged: every call that it offers, on real pictures.
 *
 * FACET_URL and FACET_KEY say where; the working directory has grace.jpg, eileen.jpg, both.jpg and nobody.jpg.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { CompreFace } from "@exadel/compreface-js-sdk";

const { FACET_URL, FACET_KEY } = process.env;
const { hostname, port } = new URL(FACET_URL);
const OPTIONS = {
  limit: 0,
  det_prob_threshold: 0.8,
  prediction_count: 2,
  face_plugins: "landmarks,pose,age,gender,mask",
  status: "true",
};
const STRANGER = "00000000-0000-0000-0000-000000000002";
const client = new CompreFace(`http://${hostname}`, port);
const recognition = client.initFaceRecognitionService(FACET_KEY);
const detection = client.initFaceDetectionService(FACET_KEY);
const verification = client.initFaceVerificationService(FACET_KEY);
/** The objects that it gives keep the address of the last call, so each call has its own. */
const faces = () => recognition.getFaceCollection();
const subjects = () => recognition.getSubjects();
const bytes = (name) => readFileSync(`./${name}.jpg`);
const path = (name) => `./${name}.jpg`;
const base64 = (name) => bytes(name).toString("base64");

const pages = createServer((request, response) => {
  response.setHeader("Content-Type", "image/jpeg");
  response.end(bytes(request.url.slice(1, -4)));
});
const link = (name) => `http://127.0.0.1:${pages.address().port}/${name}.jpg`;
/** The four ways in which it takes a picture. */
const WAYS = { path, base64, blob: bytes, url: link };

before(() => new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve)));
after(() => pages.close());

async function refused(call, status, code) {
  await assert.rejects(call, ({ response }) => {
    assert.deepEqual([response.status, response.data.code], [status, code]);
    assert.deepEqual(Object.keys(response.data).sort(), ["code", "message"]);
    return true;
  });
}

test("subjects", async () => {
  assert.deepEqual(await subjects().add("Grace"), { subject: "Grace" });
  await refused(subjects().add("Grace"), 400, 43);
  assert.deepEqual(await subjects().rename("Grace", "Grace Hopper"), { updated: true });
  await refused(subjects().rename("Nobody", "Somebody"), 404, 42);
  assert.deepEqual(await subjects().list(), { subjects: ["Grace Hopper"] });
  assert.deepEqual(await subjects().delete("Grace Hopper"), { subject: "Grace Hopper" });
  await refused(subjects().delete("Grace Hopper"), 404, 42);
});

test("faces are added in all four ways, listed and deleted", async () => {
  const ids = [];
  for (const [way, picture] of Object.entries(WAYS)) {
    const added = await faces().add(picture("eileen"), `Eileen ${way}`, { det_prob_threshold: 0.8 });
    assert.equal(added.subject, `Eileen ${way}`);
    ids.push(added.image_id);
  }
  await refused(faces().add(path("nobody"), "Nobody"), 400, 28);
  await refused(faces().add(path("both"), "Both"), 400, 31);
  const { faces: listed } = await faces().list();
  assert.deepEqual(listed.map((one) => one.image_id), ids);
  assert.deepEqual(await faces().delete(ids[0]), { image_id: ids[0], subject: "Eileen path" });
  await refused(faces().delete(ids[0]), 404, 11);
  const [first, unknown] = [ids[1], STRANGER];
  const several = await faces().delete_multiple_images([first, unknown]);
  assert.deepEqual(several, [{ image_id: first, subject: "Eileen base64" }]);
  assert.deepEqual(await faces().delete_all_subject("Eileen blob"), { deleted: 1 });
  assert.deepEqual(await faces().delete_all_subject("Nobody"), { deleted: 0 });
  assert.deepEqual(await faces().delete_all(), { deleted: 1 });
  assert.deepEqual(await subjects().deleteAll(), { deleted: 4 });
});

test("people are recognized in all four ways", async () => {
  await faces().add(path("grace"), "Grace Hopper");
  await faces().add(path("eileen"), "Eileen Collins");
  for (const picture of Object.values(WAYS)) {
    const { result, plugins_versions } = await recognition.recognize(picture("both"), OPTIONS);
    const names = result.map((face) => face.subjects[0].subject).sort();
    assert.deepEqual(names, ["Eileen Collins", "Grace Hopper"]);
    for (const { box, subjects: found, landmarks, pose, age } of result) {
      assert(found[0].similarity > 0.6 && found[1].similarity < 0.5);
      assert(Number.isInteger(box.x_min) && landmarks.length === 5 && age === undefined);
      assert.deepEqual(Object.keys(pose).sort(), ["pitch", "roll", "yaw"]);
    }
    assert(plugins_versions.detector);
  }
  await refused(recognition.recognize(path("nobody"), {}), 400, 28);
  await refused(recognition.recognize(path("grace"), { prediction_count: 0 }), 400, 26);
  await refused(client.initFaceRecognitionService(STRANGER).recognize(path("grace"), {}), 404, 10);
  await refused(client.initFaceRecognitionService("short").recognize(path("grace"), {}), 400, 26);
});

test("a face is compared with an enrolled one in all four ways", async () => {
  const { faces: listed } = await faces().list();
  const { image_id } = listed.find((one) => one.subject === "Grace Hopper");
  const { prediction_count, ...options } = OPTIONS;
  for (const picture of Object.values(WAYS)) {
    const { result } = await faces().verify(picture("both"), image_id, options);
    const [low, high] = result.map((one) => one.similarity).sort();
    assert(low < 0.5 && high > 0.6);
  }
  await refused(faces().verify(path("grace"), STRANGER), 404, 11);
  await refused(faces().verify(path("nobody"), image_id), 400, 28);
});

test("faces are detected in all four ways", async () => {
  for (const picture of Object.values(WAYS)) {
    assert.equal((await detection.detect(picture("both"), OPTIONS)).result.length, 2);
  }
  await refused(detection.detect(path("nobody"), {}), 400, 28);
  await refused(detection.detect("bm8gcGljdHVyZQ==", {}), 400, 21);
});

/** A path and then a blob, or a blob and then an address, fail within the SDK, before anything is sent. */
test("pictures are compared in all ways that it can send", async () => {
  const pairs = [
    [path, path],
    [path, link],
    [link, link],
    [link, path],
    [link, bytes],
    [bytes, path],
    [bytes, bytes],
    [base64, base64],
  ];
  for (const [source, target] of pairs) {
    const { result } = await verification.verify(source("grace"), target("both"), OPTIONS);
    const [low, high] = result[0].face_matches.map((one) => one.similarity).sort();
    assert(low < 0.5 && high > 0.6);
    assert(result[0].source_image_face.box.probability > 0.8);
  }
  await refused(verification.verify(path("nobody"), path("grace"), {}), 400, 28);
  await refused(verification.verify(path("grace"), path("nobody"), {}), 400, 28);
  await refused(verification.verify(path("both"), path("grace"), {}), 400, 31);
});
