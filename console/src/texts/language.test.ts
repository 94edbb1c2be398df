import { describe, expect, it } from "vitest";

import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { textOf, type Catalogue, type Key } from "./language";
import { tr } from "./tr";

const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe.each(Object.entries<Catalogue>({ de, es, tr }))("the catalogue %s", (_, catalogue) => {
  it("has keys and places of values that English has", () => {
    for (const [key, text] of Object.entries(catalogue)) {
      expect(places(text), key).toEqual(places(en[key as Key]));
    }
  });
});

it("a text has its values, and English where a language has none", () => {
  expect(textOf({}, "facesOf", { count: 3 })).toBe("Faces: 3");
  expect(textOf(de, "facesOf", { count: 3 })).toBe("Gesichter: 3");
  expect(textOf(de, "eraseWhom", { name: "<b>{name}</b>" })).toBe("<b>{name}</b> löschen?");
});
