/** The language for everything below. */

import { useEffect, useState, type ReactNode } from "react";

import { en } from "./en";
import {
  chosenLanguage,
  keepLanguage,
  loadCatalogue,
  localeOf,
  speakBy,
  SpeakingContext,
  type Catalogue,
  type Language,
} from "./language";
import { writeNumbersAs } from "./numbers";

export function Texts({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(chosenLanguage);
  const [catalogue, setCatalogue] = useState<Catalogue>(en);
  useEffect(() => {
    document.documentElement.lang = language;
    void loadCatalogue(language).then((found) => {
      speakBy(found);
      writeNumbersAs(localeOf(language));
      setCatalogue(found);
    });
  }, [language]);
  const speak = (wanted: Language) => {
    keepLanguage(wanted);
    setLanguage(wanted);
  };
  return <SpeakingContext value={{ language, catalogue, speak }}>{children}</SpeakingContext>;
}
