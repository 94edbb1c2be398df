/** German texts about dates in texts, as a machine has translated them. */

import type { dates as english } from "../english/dates";

export const dates: Record<keyof typeof english, string> = {
  attention: "Aufmerksamkeit",
  attentionMeaning:
    "Eine Zeile für jede geschriebene Ziffer, eine Spalte für jedes gelesene Zeichen: je dunkler, desto mehr hat das Netz darauf geachtet.",
  datesInText: "Datumsangaben in einem Text",
  locale: "Sprachraum",
  orRead: "oder {dates}",
  probable: "zu {share} % wahrscheinlich",
  readByRules:
    "Die Regeln des Kalenders allein haben das Datum gelesen; das Netz wurde nicht gefragt.",
  readDates: "Lesen",
  textWithDate: "Ein Text mit Datumsangaben",
};
