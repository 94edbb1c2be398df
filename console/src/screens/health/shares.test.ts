import { expect, it } from "vitest";

import { byDecade, percent } from "./shares";

it("counts by powers of ten become shares of their own sums", () => {
  expect(byDecade([1, 0, 3], [2])).toEqual([
    { label: "> 1e-1", first: 0.25, second: 1 },
    { label: "> 1e-2", first: 0, second: 0 },
    { label: "≤ 1e-2", first: 0.75, second: 0 },
  ]);
  expect(byDecade([], [])).toEqual([]);
});

it("a share that was not measured is told as such", () => {
  expect(percent(null)).toBe("–");
  expect(percent(0.125)).toBe("12.5 %");
});
