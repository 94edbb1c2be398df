import { expect, it } from "vitest";

import { byDecade, percent } from "./shares";

const told = (rate: number) => `1 in ${String(Math.round(1 / rate))}`;

it("counts by powers of ten become shares of their own sums", () => {
  expect(byDecade([1, 0, 3], [2], told)).toEqual([
    { label: "> 1 in 10", first: 0.25, second: 1 },
    { label: "> 1 in 100", first: 0, second: 0 },
    { label: "≤ 1 in 100", first: 0.75, second: 0 },
  ]);
  expect(byDecade([], [], told)).toEqual([]);
});

it("a share that was not measured is told as such", () => {
  expect(percent(null)).toBe("–");
  expect(percent(0.125)).toBe("12.5 %");
});
