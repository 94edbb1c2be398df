import { expect, test } from "vitest";

import { bytesOf, timeOf } from "./bytes";

test("sizes are told in the unit that reads best", () => {
  const sizes: [number | null, string | undefined][] = [
    [null, undefined],
    [0, "0 B"],
    [999, "999 B"],
    [38_696_353, "38.7 MB"],
    [174_383_860, "174 MB"],
    [4_294_967_296, "4.3 GB"],
  ];
  for (const [size, text] of sizes) expect(bytesOf(size)).toBe(text);
});

test("times are told in the unit that reads best", () => {
  expect([0.2, 89, 90, 3600, 5400, 9000].map(timeOf)).toEqual([
    "1 s",
    "89 s",
    "2 min",
    "60 min",
    "1.5 h",
    "2.5 h",
  ]);
});
