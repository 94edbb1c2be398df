import type { GroupSummary } from "facet-client";
import { expect, it } from "vitest";

import { placesOf } from "./ordering";

const group = (id: string, until: string, rates: (number | null)[]) =>
  ({ id, until, nearest: rates.map((fmr) => ({ fmr })) }) as GroupSummary;

const GROUPS = [
  group("nobody", "2026-03-02T10:00:00Z", []),
  group("perhaps", "2026-03-02T13:00:00+02:00", [1e-3, 1e-2]),
  group("likely", "2026-03-01T10:00:00Z", [1e-6]),
  group("unrated", "2026-03-03T10:00:00Z", [null]),
];

it("puts first whom the least strangers are as alike, and last who is like nobody", () => {
  expect([...placesOf(GROUPS, "likeliest").keys()]).toEqual(["likely", "perhaps", "unrated", "nobody"]);
});

it("puts first who was seen last, in whatever zone that is told", () => {
  expect([...placesOf(GROUPS, "newest").keys()]).toEqual(["unrated", "perhaps", "nobody", "likely"]);
});

it("leaves the order of the server", () => {
  expect([...placesOf(GROUPS, "largest").keys()]).toEqual(GROUPS.map((one) => one.id));
});
