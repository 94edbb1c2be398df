/** Spanish texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "Cancelar el trabajo",
  contentPicture: "La imagen",
  facesCompared: "{done} de {total} caras están comparadas",
  facesReady: "{ready} de {faces} caras están listas",
  jobCalibration: "Calibración",
  jobHealth: "Revisión del estado",
  jobPull: "Pesos de un modelo",
  jobReencoding: "Cambio a otro codificador",
  jobRegrouping: "Nueva agrupación",
  jobRenewal: "Renovación de las caras",
  jobRetention: "Borrado de quienes han cumplido su plazo",
  jobSuggestions: "Búsqueda de sugerencias",
  jobs: "Trabajos",
  jobsUnderWay: "Trabajos en curso",
  keepColour: "Conservar los colores",
  keepFaces: "Dejar las caras como están",
  noJobs: "No hay trabajos.",
  paint: "Pintar",
  paintingStep: "Tamaño {size} de {sizes}: paso {step_at_size} de {steps_at_size}",
  peopleErased: "{done} de {total} personas están borradas",
  progress: "Progreso",
  queue: "Cola",
  sizeOfPicture: "Lado mayor en píxeles",
  steps: "Pasos en cada tamaño",
  storedStyle: "Estilo guardado",
  stylePicture: "La manera",
  styleTransfer: "Transferencia de estilo",
};
