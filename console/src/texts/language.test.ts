import { afterEach, describe, expect, it, vi } from "vitest";

import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { LANGUAGES, localeOf, textOf, type Catalogue, type Key } from "./language";
import { writeNumbersAs } from "./numbers";
import { tr } from "./tr";

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
/** What stands in backticks is typed as it is. */
const typed = (text: string) => [...text.matchAll(/`[^`]+`/g)].map(String).sort();
const wordsOf = (text: string) => text.replace(/\{\w+\}/g, "").match(/\p{L}{2,}/gu)?.length ?? 0;
const TRANSLATED = { de, es, tr };

describe.each(Object.entries<Catalogue>(TRANSLATED))("the catalogue %s", (_, catalogue) => {
  it("has every text of English and no other", () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  });

  it("has the places of values and the commands that English has, and no empty text", () => {
    for (const [key, text] of Object.entries(catalogue)) {
      expect(places(text), key).toEqual(places(en[key as Key]));
      expect(typed(text), key).toEqual(typed(en[key as Key]));
      expect(text.trim(), key).not.toBe("");
    }
  });
});

it("a text of a language is not English by oversight", () => {
  for (const catalogue of Object.values(TRANSLATED)) {
    const same = Object.entries(en).filter(([key, text]) => catalogue[key as Key] === text);
    const long = same.filter(([, text]) => wordsOf(text) > 2);
    expect(long).toEqual([]);
  }
});

it("languages say that a machine has translated them", () => {
  expect(Object.keys(LANGUAGES).sort()).toEqual(["en", ...Object.keys(TRANSLATED)].sort());
  for (const language of Object.keys(TRANSLATED)) {
    expect(LANGUAGES[language as keyof typeof LANGUAGES]).toContain("(machine translation)");
  }
});

it("a count in a text is written as where the reader is, and an id or a version as it is", () => {
  expect(textOf(en, "sizes", { subjects: 10_000, faces: 20_000 })).toBe("10,000 people, 20,000 faces");
  writeNumbersAs("de-DE");
  expect(textOf(de, "sizes", { subjects: 10_000, faces: 20_000 })).toBe("10.000 Personen, 20.000 Gesichter");
  expect(textOf(de, "oneFace", { id: "12345" })).toBe("Gesicht 12345");
  expect(textOf(de, "version", { version: "2026" })).toBe("Version 2026");
  writeNumbersAs("en");
});

it("a text has its values, and a value is not looked through for others", () => {
  expect(textOf(en, "facesOf", { count: 3 })).toBe("Faces: 3");
  expect(textOf(de, "facesOf", { count: 3 })).toBe("Gesichter: 3");
  expect(textOf(de, "eraseWhom", { name: "<b>{name}</b>" })).toBe("<b>{name}</b> löschen?");
});

describe("numbers are written by", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    [["en-US@posix"], "en-US"],
    [["de_AT.UTF-8", "en"], "en"],
    [["en-", "en-GB"], "en-GB"],
    [["fr"], "en"],
    [[], "en"],
  ])("what a browser tells as %j", (languages, wanted) => {
    vi.stubGlobal("navigator", { languages });
    expect(localeOf("en")).toBe(wanted);
    expect((1234.5).toLocaleString(localeOf("en"))).toBe("1,234.5");
  });
});
