/** German texts about people's rights and about sightings, as a machine has translated them. */

import type { rights as english } from "../english/rights";

export const rights: Record<keyof typeof english, string> = {
  basis: "Gespeichert auf der Grundlage von",
  "basis-consent": "Einwilligung",
  "basis-contract": "Ein Vertrag",
  "basis-legal-obligation": "Eine rechtliche Pflicht",
  "basis-legitimate-interests": "Berechtigte Interessen",
  "basis-public-task": "Eine öffentliche Aufgabe",
  "basis-vital-interests": "Lebenswichtige Interessen",
  decision: "Entscheidung",
  eraseFound: "Löschen, was gefunden ist",
  eraseNow: "Jetzt löschen",
  exportPerson: "Alles, was über sie gespeichert ist",
  foundSightings: "was die Filter finden",
  given: "Erteilt",
  givenHint: "Leer: jetzt.",
  keepAlways: "Ohne Ende behalten",
  keepUntil: "Behalten bis",
  keepUntilHint: "Dann wird die Person gelöscht, wenn sie nicht gesperrt ist.",
  keptUntil: "Behalten bis",
  leftOut:
    "Seit gestern ausgelassen: {over} über der Tagesgrenze der Regeln, {lost}, die zu schnell kamen.",
  nearestIs: "am nächsten ist",
  neverSeen: "Es sind keine Sichtungen von ihr gespeichert.",
  noAudit: "Das Protokoll hat nichts über sie.",
  noConsent: "kein Eintrag",
  noSightings:
    "Es gibt keine. Die Regeln der Sammlung (Entscheidungen) sagen, welche Gesichter beim Erkennen behalten werden.",
  nobodysTime: "Niemandes Zeit ist um.",
  oneSighting: "Sichtung {id}",
  qualityAtLeast: "Güte mindestens",
  reason: "Grund",
  recordConsent: "Grundlage eintragen",
  reference: "Beleg",
  referenceHint: "Wo Sie aufbewahren, was unterschrieben wurde.",
  restrict: "Gesperrt: gespeichert und zu nichts benutzt",
  restrictedSince: "Gesperrt: gespeichert, und weder erkannt noch ergänzt. Seit",
  retention: "Aufbewahrung",
  retentionMeaning:
    "Wessen Zeit nach den Regeln um ist, nach dem eigenen Datum oder weil die Einwilligung geendet hat. Server löschen sie von selbst innerhalb einer Stunde.",
  rights: "Rechte",
  since: "Seit",
  sightings: "Sichtungen",
  source: "Quelle",
  until: "Bis",
  withdrawConsent: "Widerrufen",
  withdrawHint:
    "Ab jetzt wird die Person nie mehr erkannt, und die nächste Aufräumung löscht sie für immer.",
  withdrawn: "widerrufen",
};
