/** German texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "Auftrag abbrechen",
  contentPicture: "Das Bild",
  jobs: "Aufträge",
  jobsUnderWay: "Laufende Aufträge",
  keepColour: "Farben behalten",
  keepFaces: "Gesichter lassen, wie sie sind",
  noJobs: "Es gibt keine Aufträge.",
  paint: "Malen",
  paintingStep: "Größe {size} von {sizes}: Schritt {step} von {steps}",
  progress: "Fortschritt",
  queue: "Warteschlange",
  sizeOfPicture: "Längere Seite in Pixeln",
  steps: "Schritte in jeder Größe",
  storedStyle: "Gespeicherter Stil",
  stylePicture: "Die Malweise",
  styleTransfer: "Stilübertragung",
};
