/** German texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "Auftrag abbrechen",
  contentPicture: "Das Bild",
  facesCompared: "{done} von {total} Gesichtern sind verglichen",
  facesReady: "{ready} von {faces} Gesichtern sind bereit",
  jobCalibration: "Kalibrierung",
  jobHealth: "Prüfung des Zustands",
  jobPull: "Gewichte eines Modells",
  jobReencoding: "Umstellung auf einen anderen Encoder",
  jobRegrouping: "Neue Gruppierung",
  jobRenewal: "Erneuerung der Gesichter",
  jobRetention: "Löschung derer, deren Zeit um ist",
  jobSuggestions: "Suche nach Vorschlägen",
  jobs: "Aufträge",
  jobsUnderWay: "Laufende Aufträge",
  keepColour: "Farben behalten",
  keepFaces: "Gesichter lassen, wie sie sind",
  noJobs: "Es gibt keine Aufträge.",
  paint: "Malen",
  paintingStep: "Größe {size} von {sizes}: Schritt {step_at_size} von {steps_at_size}",
  peopleErased: "{done} von {total} Personen sind gelöscht",
  progress: "Fortschritt",
  queue: "Warteschlange",
  sizeOfPicture: "Längere Seite in Pixeln",
  steps: "Schritte in jeder Größe",
  storedStyle: "Gespeicherter Stil",
  stylePicture: "Die Malweise",
  styleTransfer: "Stilübertragung",
};
