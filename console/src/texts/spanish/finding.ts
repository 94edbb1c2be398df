/** Spanish texts about finding people, the demo, and a server out of reach, as a machine has translated them. */

import type { finding as english } from "../english/finding";

export const finding: Record<keyof typeof english, string> = {
  areNotRestricted: "No restringidas",
  areRestricted: "Restringidas",
  consentEnded: "Su base ha terminado",
  consentNone: "No hay base anotada",
  consentValid: "Su base es válida",
  demoMeans:
    "O vea primero el ejemplo: dos retratos de dominio público, en una colección propia que un botón vuelve a quitar.",
  enrolledSince: "Añadidas desde",
  facesHeld: "Caras",
  fewFaces: "Como mucho 2 caras",
  filter: "Filtrar",
  filterByIt: "Filtrar por ello",
  loadDemo: "Cargar los retratos de ejemplo",
  metadataHint:
    'Los números, true, false y null se toman como tales; escriba "3" para un texto de cifras.',
  metadataKey: "Metadatos",
  noAnswer: "El servidor no responde.",
  nobodyMeetsAll: "Nadie cumple todas estas condiciones.",
  orderMostFaces: "Más caras",
  peopleBeingSorted: "Ordenando: {count} personas hasta ahora",
  peopleFound: "Personas: {count}",
  peopleSoFar: "Personas: {count} hasta ahora, más al avanzar",
  removeDemo: "Quitar el ejemplo",
  "quality-blurred": "borrosa",
  "quality-bright": "demasiado clara",
  "quality-cut-by-border": "cortada por el borde",
  "quality-dark": "oscura",
  "quality-extreme-pose": "girada",
  "quality-low-confidence": "difícil de ver",
  "quality-small-face": "pequeña",
  restriction: "Restricción",
  sinceDay: "Añadidas desde {day}",
  loadAnew: "Volver a cargar la página",
  screenFailed: "Esta pantalla no se puede mostrar",
  screenFailedNext: "Vuelva a cargar la página. Si no ayuda, comunique a quien lleva el servidor lo que pone aquí:",
  unreached:
    "Sin conexión con el servidor. Lo que se ve puede estar anticuado; se le pregunta otra vez cada pocos segundos.",
  without: "Ya no: {text}",
  withoutFaces: "Sin caras",
};
