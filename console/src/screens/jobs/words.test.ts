import type { Job } from "facet-client";
import { expect, it } from "vitest";

import { de } from "../../texts/de";
import { textOf, type Key, type Values } from "../../texts/language";
import { progressIn } from "./words";

const inGerman = (key: Key, values?: Values) => textOf(de, key, values);

function job(kind: string, data: Record<string, unknown>): Job {
  return { kind, progress: { fraction: 0.5, message: "as the server says", data } } as Job;
}

it("progress is told in the reader's words, where the figures for them are there", () => {
  expect(progressIn(inGerman, job("calibration", { done: 3, total: 6 }))).toBe("3 von 6 Gesichtern sind verglichen");
  expect(progressIn(inGerman, job("renewal", { ready: 3, faces: 6 }))).toBe("3 von 6 Gesichtern sind bereit");
  expect(
    progressIn(inGerman, job("style-transfer", { size: 1, sizes: 2, step_at_size: 30, steps_at_size: 120 })),
  ).toBe("Größe 1 von 2: Schritt 30 von 120");
  // A job of an older server, and one of a kind that has no words.
  expect(progressIn(inGerman, job("calibration", {}))).toBe("as the server says");
  expect(progressIn(inGerman, job("regrouping", { done: 3 }))).toBe("as the server says");
});
