import type { Policy } from "facet-client";
import { expect, it } from "vitest";

import { changesOf, isNullable } from "./policy";

const POLICY: Policy = {
  max_fpir: 0.01,
  own_thresholds: true,
  require_consent: false,
  remember: "nothing",
  remember_days: 30,
  remember_per_day: 10_000,
  remember_quality: 0.2,
};

it("what was not changed is not sent", () => {
  expect(changesOf(POLICY, POLICY)).toEqual({});
  expect(changesOf(POLICY, { ...POLICY, max_fpir: null, remember: "all" })).toEqual({
    max_fpir: null,
    remember: "all",
  });
});

it("what has to have a value cannot be left empty", () => {
  expect(isNullable("max_fpir")).toBe(true);
  expect(isNullable("remember_days")).toBe(false);
});
