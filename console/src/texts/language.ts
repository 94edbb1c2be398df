/** Languages of the console, and the one that is spoken. */

import { createContext, useContext } from "react";

import { en } from "./en";
import { countOf } from "./numbers";

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
export type Language = "en" | "de" | "tr" | "es";

export const LANGUAGES: Record<Language, string> = {
  en: "English",
  de: "Deutsch (machine translation)",
  tr: "Türkçe (machine translation)",
  es: "Español (machine translation)",
};

const LOADERS: Record<Language, () => Promise<Catalogue>> = {
  en: () => Promise.resolve(en),
  de: async () => (await import("./de")).de,
  tr: async () => (await import("./tr")).tr,
  es: async () => (await import("./es")).es,
};
const KEPT = "facet-language";

export function chosenLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? "", ...navigator.languages];
  const known = wanted.map((one) => one.slice(0, 2)).find((one) => one in LANGUAGES);
  return (known as Language | undefined) ?? "en";
}

/** How numbers and times are written: as where the reader is, when that language is spoken there. */
export function localeOf(language: Language): string {
  // A browser of a machine without a language says `en-US@posix`, which nothing can write by.
  const told = navigator.languages.map((one) => one.replace(/[@.].*$/, "").replace("_", "-"));
  return told.find((one) => one.startsWith(language) && isLocale(one)) ?? language;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language);
}

export function loadCatalogue(language: Language): Promise<Catalogue> {
  return LOADERS[language]();
}

export interface Speaking {
  language: Language;
  catalogue: Catalogue;
  speak: (language: Language) => void;
}

export const SpeakingContext = createContext<Speaking>({
  language: "en",
  catalogue: en,
  speak: () => undefined,
});

let spoken: Catalogue = en;

/** Take the catalogue for texts that no component of its own shows. */
export function speakBy(catalogue: Catalogue): void {
  spoken = catalogue;
}

/** The text of a key in the language that is spoken. */
export function spokenText(key: Key): string {
  return spoken[key];
}

/** Numbers are counts; what only looks like one (an id, a year, a version) is a string. */
export type Values = Record<string, string | number> & { id?: string };

/** The text of a key, with values in the places that `{name}` marks. */
export function textOf(catalogue: Catalogue, key: Key, values: Values = {}): string {
  return catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? countOf(value) : value;
  });
}

export function useTexts(): (key: Key, values?: Values) => string {
  const { catalogue } = useContext(SpeakingContext);
  return (key, values) => textOf(catalogue, key, values);
}
