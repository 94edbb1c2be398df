import { expect, it } from "vitest";

import { canonical, verdictOn } from "./verifying";

const RECEIPT = { id: "r", removed: { images: 1, faces: 2 }, files: null, at: "ä\u007f" };

it("signed are keys in order, without spaces, in ASCII", () => {
  expect(canonical(RECEIPT)).toBe(
    '{"at":"\\u00e4\\u007f","files":null,"id":"r","removed":{"faces":2,"images":1}}',
  );
});

it("a receipt that somebody has changed is not genuine", async () => {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const [spki, signature] = await Promise.all([
    crypto.subtle.exportKey("spki", pair.publicKey),
    crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(canonical(RECEIPT))),
  ]);
  const base64 = (data: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(data)));
  const pem = `-----BEGIN PUBLIC KEY-----\n${base64(spki)}\n-----END PUBLIC KEY-----\n`;
  const keys = [{ id: "k", public_key: pem, made_at: "2026-05-04T10:12:08Z" }];
  const signed = { receipt: RECEIPT, signature: base64(signature), key: "k" };
  expect(await verdictOn(signed, keys)).toBe("genuine");
  expect(await verdictOn({ ...signed, receipt: { ...RECEIPT, id: "s" } }, keys)).toBe("forged");
  expect(await verdictOn({ ...signed, signature: "%" }, keys)).toBe("forged");
  expect(await verdictOn({ ...signed, key: "other" }, keys)).toBe("forged");
});
