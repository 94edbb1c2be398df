import { expect, it } from "vitest";

import { EVERYTHING, filtersOf } from "./filters";

it("what is not filtered by is not sent, and times are instants", () => {
  expect(filtersOf(EVERYTHING)).toEqual({});
  const typed = { ...EVERYTHING, since: "2026-05-04T10:12", decision: "known", quality: "0.5" };
  expect(filtersOf(typed)).toEqual({
    since: new Date(2026, 4, 4, 10, 12).toISOString(),
    decision: "known",
    min_quality: 0.5,
  });
});
