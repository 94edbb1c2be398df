/** German texts of the review and of the face that stands for somebody, as a machine has translated them. */

import type { review as english } from "../english/review";

export const review: Record<keyof typeof english, string> = {
  accept: "Annehmen",
  accepting: "Angenommen: {what}",
  bestAgain: "Wieder das beste Gesicht zeigen",
  chosenFace: "Das Gesicht von {name} ist gewählt.",
  findNow: "Jetzt danach suchen",
  kindFaceNotSubject: "Eines der Gesichter ist nicht {name}.",
  kindFaceOfOther: "Eines der Gesichter von {name} ist {other}.",
  kindGroupIsSubject: "{count} Gesichter ohne Namen sind {name}.",
  kindGroupOftenSeen: "Jemand ohne Namen wurde {count} Mal gesehen.",
  kindSubjectsAreOne: "{name} und {other} sind eine Person.",
  likely: "zu {share} % wahrscheinlich",
  nameLater: "Kann wegbleiben und später kommen.",
  questionedFace: "Das fragliche Gesicht",
  refuse: "Ablehnen",
  refusing: "Abgelehnt: {what}",
  review: "Durchsicht",
  reviewDone: "Alles ist beantwortet.",
  reviewEmpty:
    "Nichts ist vorgeschlagen. Der Server sucht innerhalb einer Stunde nach einer Änderung, und wenn man es ihm sagt.",
  reviewKeys: "gehen durch die Vorschläge. Was abgelehnt ist, wird nicht wieder vorgeschlagen.",
  standsForThem: "steht für sie",
  standForThem: "Gesicht {id} soll für sie stehen",
  suggestions: "Vorschläge",
  withoutName: "Ohne Namen",
};
