/** Spanish texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "Cancelar el trabajo",
  contentPicture: "La imagen",
  jobs: "Trabajos",
  jobsUnderWay: "Trabajos en curso",
  keepColour: "Conservar los colores",
  keepFaces: "Dejar las caras como están",
  noJobs: "No hay trabajos.",
  paint: "Pintar",
  paintingStep: "Tamaño {size} de {sizes}: paso {step} de {steps}",
  progress: "Progreso",
  queue: "Cola",
  sizeOfPicture: "Lado mayor en píxeles",
  steps: "Pasos en cada tamaño",
  storedStyle: "Estilo guardado",
  stylePicture: "La manera",
  styleTransfer: "Transferencia de estilo",
};
