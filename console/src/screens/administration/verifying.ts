/** Checking the signatures of receipts in the browser. */

import type { ReceiptKey, SignedReceipt } from "facet-client";

export type Verdict = "genuine" | "forged" | "unchecked";

/** Whether one of the keys has signed; `unchecked` where the browser cannot tell. */
export async function verdictOn(signed: SignedReceipt, keys: ReceiptKey[]): Promise<Verdict> {
  const key = keys.find((one) => one.id === signed.key);
  if (!key) return "forged";
  // Browsers have it on https:// and on localhost alone.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) return "unchecked";
  let imported: CryptoKey;
  try {
    imported = await subtle.importKey("spki", bytesOf(bodyOf(key.public_key)), "Ed25519", false, ["verify"]);
  } catch {
    return "unchecked";
  }
  try {
    const text = new TextEncoder().encode(canonical(signed.receipt));
    const genuine = await subtle.verify("Ed25519", imported, bytesOf(signed.signature), text);
    return genuine ? "genuine" : "forged";
  } catch {
    return "forged";
  }
}

/** JSON with keys in order, without spaces, in ASCII: what is signed. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => `${canonical(name)}:${canonical(one)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, "");
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
}
