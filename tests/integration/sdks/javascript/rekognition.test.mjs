/** The AWS SDK for JavaScript, unchanged: every command that it has.
 *
 * AWS_ENDPOINT_URL_REKOGNITION and the usual variables say where; the working directory has grace.jpg,
 * eileen.jpg, both.jpg and nobody.jpg.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-rekognition";

const client = new sdk.RekognitionClient({ maxAttempts: 1 });
const picture = (name) => ({ Bytes: readFileSync(`./${name}.jpg`) });
const CollectionId = "staff";
const NO_FACES = "There are no faces in the image. Should be at least 1.";
const asked = new Set();

async function send(command, input = {}) {
  asked.add(command);
  const { $metadata, ...answer } = await client.send(new sdk[`${command}Command`](input));
  assert.equal($metadata.httpStatusCode, 200);
  assert($metadata.requestId);
  return answer;
}

async function refused(command, input, name, message) {
  await assert.rejects(send(command, input), (error) => {
    assert.equal(error.name, name);
    if (message) assert.equal(error.message, message);
    assert.equal(error.$metadata.httpStatusCode, 400);
    return true;
  });
}

async function index(name, ExternalImageId) {
  const given = { CollectionId, Image: picture(name), ExternalImageId };
  return (await send("IndexFaces", given)).FaceRecords[0].Face.FaceId;
}

async function pages(paginate, input) {
  const found = [];
  for await (const page of paginate({ client, pageSize: 1 }, input)) found.push(page);
  return found;
}

test("collections", async () => {
  const missing = "ResourceNotFoundException";
  await refused("DescribeCollection", { CollectionId }, missing, "The collection id: staff does not exist");
  const made = await send("CreateCollection", { CollectionId, Tags: { team: "a" } });
  assert.deepEqual([made.StatusCode, made.CollectionArn.endsWith("collection/staff")], [200, true]);
  assert(made.FaceModelVersion);
  await refused("CreateCollection", { CollectionId }, "ResourceAlreadyExistsException");
  await send("CreateCollection", { CollectionId: "others" });
  const listed = await pages(sdk.paginateListCollections, {});
  const ids = listed.flatMap((page) => page.CollectionIds);
  assert(ids.includes("others") && ids.includes("staff"));
  assert.deepEqual((await send("ListCollections")).CollectionIds, ids);
  const described = await send("DescribeCollection", { CollectionId });
  assert.deepEqual([described.FaceCount, described.UserCount], [0, 0]);
  assert(described.CreationTimestamp instanceof Date && described.CreationTimestamp.getFullYear() > 2000);
  const ResourceArn = described.CollectionARN;
  await send("TagResource", { ResourceArn, Tags: { floor: "2" } });
  await send("UntagResource", { ResourceArn, TagKeys: ["team"] });
  assert.deepEqual((await send("ListTagsForResource", { ResourceArn })).Tags, { floor: "2" });
  assert.equal((await send("DeleteCollection", { CollectionId: "others" })).StatusCode, 200);
  await refused("DeleteCollection", { CollectionId: "others" }, missing);
});

test("detection and comparison", async () => {
  const { FaceDetails } = await send("DetectFaces", { Image: picture("both"), Attributes: ["ALL"] });
  assert.equal(FaceDetails.length, 2);
  for (const face of FaceDetails) {
    const types = face.Landmarks.map((one) => one.Type).sort();
    assert.deepEqual(types, ["eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose"]);
    assert(face.Confidence > 90 && face.Pose && face.Quality && face.BoundingBox.Width < 1);
  }
  assert.deepEqual((await send("DetectFaces", { Image: picture("nobody") })).FaceDetails, []);
  const pair = { SourceImage: picture("grace"), TargetImage: picture("both") };
  const compared = await send("CompareFaces", pair);
  assert.deepEqual([compared.FaceMatches.length, compared.UnmatchedFaces.length], [1, 1]);
  assert(compared.FaceMatches[0].Similarity >= 80);
  const none = { ...pair, TargetImage: picture("nobody") };
  await refused("CompareFaces", none, "InvalidParameterException", NO_FACES);
  await refused("DetectFaces", { Image: { Bytes: Buffer.from("no picture") } }, "InvalidImageFormatException");
  const stored = { S3Object: { Bucket: "photos", Name: "grace.jpg" } };
  await refused("DetectFaces", { Image: stored }, "InvalidS3ObjectException");
});

test("faces", async () => {
  const [grace, eileen] = [await index("grace", "grace"), await index("eileen", "eileen:1")];
  const empty = await send("IndexFaces", { CollectionId, Image: picture("nobody") });
  assert.deepEqual(empty.FaceRecords, []);
  const two = await send("IndexFaces", { CollectionId, Image: picture("both"), MaxFaces: 1 });
  assert.deepEqual(two.UnindexedFaces.map((one) => one.Reasons), [["EXCEEDS_MAX_FACES"]]);
  const listed = (await pages(sdk.paginateListFaces, { CollectionId })).flatMap((page) => page.Faces);
  assert.deepEqual(listed.slice(0, 2).map((one) => one.FaceId), [grace, eileen]);
  const alone = { CollectionId, FaceIds: [eileen] };
  assert.equal((await send("ListFaces", alone)).Faces[0].ExternalImageId, "eileen:1");
  const found = await send("SearchFacesByImage", { CollectionId, Image: picture("grace") });
  assert(found.FaceMatches.length > 0 && found.FaceMatches[0].Similarity >= 80);
  await refused(
    "SearchFacesByImage",
    { CollectionId, Image: picture("nobody") },
    "InvalidParameterException",
    NO_FACES,
  );
  const like = await send("SearchFaces", { CollectionId, FaceId: grace });
  assert.equal(like.SearchedFaceId, grace);
  const stranger = "00000000-0000-4000-8000-000000000000";
  await refused("SearchFaces", { CollectionId, FaceId: stranger }, "InvalidParameterException");
  const others = listed.slice(2).map((one) => one.FaceId);
  const erased = await send("DeleteFaces", { CollectionId, FaceIds: [...others, stranger] });
  assert.deepEqual(erased.DeletedFaces, others);
  assert.deepEqual(erased.UnsuccessfulFaceDeletions[0].Reasons, ["FACE_NOT_FOUND"]);
});

test("users", async () => {
  const { Faces } = await send("ListFaces", { CollectionId });
  const [grace, eileen] = Faces.map((one) => one.FaceId);
  const UserId = "hopper";
  await send("CreateUser", { CollectionId, UserId });
  await refused("CreateUser", { CollectionId, UserId }, "ConflictException");
  const first = await send("AssociateFaces", { CollectionId, UserId, FaceIds: [grace] });
  assert.deepEqual([first.AssociatedFaces, first.UserStatus], [[{ FaceId: grace }], "ACTIVE"]);
  const second = await send("AssociateFaces", { CollectionId, UserId, FaceIds: [eileen] });
  assert.deepEqual(second.UnsuccessfulFaceAssociations[0].Reasons, ["LOW_MATCH_CONFIDENCE"]);
  const users = (await pages(sdk.paginateListUsers, { CollectionId })).flatMap((page) => page.Users);
  assert.deepEqual(users, [{ UserId, UserStatus: "ACTIVE" }]);
  assert.equal((await send("ListUsers", { CollectionId })).Users.length, 1);
  for (const [command, by] of [
    ["SearchUsers", { FaceId: grace }],
    ["SearchUsersByImage", { Image: picture("grace") }],
  ]) {
    const { UserMatches } = await send(command, { CollectionId, ...by });
    assert.deepEqual(UserMatches.map((one) => one.User.UserId), [UserId]);
  }
  const nobody = await send("SearchUsersByImage", { CollectionId, Image: picture("nobody") });
  assert.deepEqual([nobody.UserMatches, nobody.SearchedFace], [[], undefined]);
  const taken = await send("DisassociateFaces", { CollectionId, UserId, FaceIds: [grace] });
  assert.deepEqual(taken.DisassociatedFaces, [{ FaceId: grace }]);
  await send("DeleteUser", { CollectionId, UserId });
  await refused("DeleteUser", { CollectionId, UserId }, "ResourceNotFoundException");
});

test("what nobody signed, or somebody else, is refused", async () => {
  const given = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: "wrong" };
  const wrong = new sdk.RekognitionClient({ maxAttempts: 1, credentials: given });
  await assert.rejects(wrong.send(new sdk.ListCollectionsCommand({})), { name: "InvalidSignatureException" });
  const unknown = { accessKeyId: "AKFT0000000000000000", secretAccessKey: "wrong" };
  const stranger = new sdk.RekognitionClient({ maxAttempts: 1, credentials: unknown });
  await assert.rejects(stranger.send(new sdk.ListCollectionsCommand({})), {
    name: "UnrecognizedClientException",
  });
  const elsewhere = new sdk.RekognitionClient({ maxAttempts: 1, region: "eu-west-3" });
  await assert.rejects(elsewhere.send(new sdk.ListCollectionsCommand({})), {
    name: "InvalidSignatureException",
  });
});

test("all other commands are told to be none", async () => {
  assert.equal(asked.size, 21);
  const commands = Object.keys(sdk).filter((name) => /^\w+Command$/.test(name));
  const others = commands.map((name) => name.slice(0, -7)).filter((name) => !asked.has(name));
  assert(others.length > 50);
  for (const command of others) {
    if (command === "$") continue;
    const input = { ProjectArn: "a", DatasetArn: "a", Name: "a", SessionId: "a", JobId: "a", Id: "a" };
    await refused(command, input, "UnknownOperationException");
  }
  await send("DeleteCollection", { CollectionId });
});
