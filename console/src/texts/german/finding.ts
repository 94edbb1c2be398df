/** German texts about finding people, the demo, and a server out of reach, as a machine has translated them. */

import type { finding as english } from "../english/finding";

export const finding: Record<keyof typeof english, string> = {
  areNotRestricted: "Nicht gesperrt",
  areRestricted: "Gesperrt",
  consentEnded: "Grundlage erloschen",
  consentNone: "Keine Grundlage eingetragen",
  consentValid: "Grundlage gilt",
  demoMeans:
    "Oder sehen Sie sich erst das Beispiel an: zwei gemeinfreie Porträts in einer eigenen Sammlung, die ein Knopf wieder entfernt.",
  enrolledSince: "Hinzugefügt seit",
  facesHeld: "Gesichter",
  fewFaces: "Höchstens 2 Gesichter",
  filter: "Filtern",
  filterByIt: "Danach filtern",
  loadDemo: "Beispielporträts laden",
  metadataHint:
    'Zahlen, true, false und null gelten als solche; schreiben Sie "3" für einen Text aus Ziffern.',
  metadataKey: "Metadaten",
  noAnswer: "Der Server antwortet nicht.",
  nobodyMeetsAll: "Niemand erfüllt alle diese Bedingungen.",
  orderMostFaces: "Meiste Gesichter",
  peopleBeingSorted: "Wird geordnet: bisher {count} Personen",
  peopleFound: "Personen: {count}",
  peopleSoFar: "Personen: bisher {count}, weitere beim Blättern",
  removeDemo: "Beispiel entfernen",
  "quality-blurred": "unscharf",
  "quality-bright": "zu hell",
  "quality-cut-by-border": "vom Rand abgeschnitten",
  "quality-dark": "dunkel",
  "quality-extreme-pose": "abgewandt",
  "quality-low-confidence": "schwer zu erkennen",
  "quality-small-face": "klein",
  restriction: "Sperre",
  sinceDay: "Hinzugefügt seit {day}",
  loadAnew: "Seite neu laden",
  screenFailed: "Diese Ansicht lässt sich nicht zeigen",
  screenFailedNext: "Laden Sie die Seite neu. Hilft das nicht, sagen Sie dem Betreiber des Servers, was hier steht:",
  unreached:
    "Keine Verbindung zum Server. Was hier steht, kann veraltet sein; er wird alle paar Sekunden wieder gefragt.",
  without: "Nicht mehr: {text}",
  withoutFaces: "Ohne Gesichter",
};
