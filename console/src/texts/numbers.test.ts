import { afterEach, expect, test } from "vitest";

import { countOf, decimalOf, percentOf, separators, writeNumbersAs } from "./numbers";

afterEach(() => {
  writeNumbersAs("en");
});

test("numbers are written as where the reader is", () => {
  expect([countOf(12_500), decimalOf(0.5, 3), percentOf(0.998, 1)]).toEqual(["12,500", "0.500", "99.8 %"]);
  writeNumbersAs("de-DE");
  expect([countOf(12_500), decimalOf(0.5, 3), percentOf(0.998, 1)]).toEqual(["12.500", "0,500", "99,8 %"]);
  expect(separators()).toEqual({ thousandSeparator: ".", decimalSeparator: "," });
});
