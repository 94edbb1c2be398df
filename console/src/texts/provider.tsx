/** The language for everything below. */

import { useEffect, useState, type ReactNode } from "react";

import { en } from "./en";
import {
  chosenLanguage,
  keepLanguage,
  loadCatalogue,
  speakBy,
  SpeakingContext,
  type Catalogue,
  type Language,
} from "./language";

export function Texts({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(chosenLanguage);
  const [catalogue, setCatalogue] = useState<Catalogue>(en);
  useEffect(() => {
    document.documentElement.lang = language;
    void loadCatalogue(language).then((found) => {
      speakBy(found);
      setCatalogue(found);
    });
  }, [language]);
  const speak = (wanted: Language) => {
    keepLanguage(wanted);
    setLanguage(wanted);
  };
  return <SpeakingContext value={{ language, catalogue, speak }}>{children}</SpeakingContext>;
}
