import { expect, it } from "vitest";

import { areSome, askedOf, filtersOf, textOfValue, valueOf } from "./filters";

it("an address gives what can be looked for, and nothing else", () => {
  const all = {
    q: "Gr", order: "most", where: { team: "sales", floor: 3, remote: null },
    faces: "few", restricted: false, consent: "ended", since: "2026-01-31",
  };
  expect(filtersOf(all)).toEqual(all);
  expect(filtersOf({ q: 7 })).toEqual({ q: "7" });
  const odd = {
    q: "", order: "oldest", where: [1], faces: "many", restricted: "yes", consent: "x",
    since: "2026-13-31",
  };
  expect(filtersOf(odd)).toEqual({});
  expect(filtersOf({ where: { a: { b: 1 }, c: 1 } })).toEqual({ where: { c: 1 } });
});

it("the server is asked for what was chosen", () => {
  expect(askedOf({ q: " Gr " }, false)).toEqual({ name_prefix: "Gr" });
  expect(askedOf({ q: "Grace" }, true)).toEqual({ name: "Grace" });
  // What is put in order here is everybody.
  expect(askedOf({ order: "name" }, false)).toEqual({});
  expect(
    askedOf({ order: "newest", faces: "none", restricted: true, where: { a: "1" } }, false),
  ).toEqual({ order: "newest", max_faces: 0, restricted: true, where: '{"a":"1"}' });
  const { since } = askedOf({ since: "2026-01-31" }, false);
  expect(new Date(since ?? "")).toEqual(new Date(2026, 0, 31));
});

it("a value is read as it is written", () => {
  for (const value of ["sales", "3", 3, true, "true", null, "", '"x"', 1.5]) {
    expect(valueOf(textOfValue(value))).toBe(value);
  }
  expect(valueOf("3")).toBe(3);
  expect(valueOf("[1]")).toBe("[1]");
});

it("an order leaves nobody out", () => {
  expect(areSome({ order: "name" })).toBe(false);
  expect(areSome({ restricted: false })).toBe(true);
});
