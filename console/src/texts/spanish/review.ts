/** Spanish texts of the review and of the face that stands for somebody, as a machine has translated them. */

import type { review as english } from "../english/review";

export const review: Record<keyof typeof english, string> = {
  accept: "Aceptar",
  accepting: "Se acepta: {what}",
  bestAgain: "Mostrar de nuevo la mejor cara",
  chosenFace: "La cara de {name} está elegida.",
  findNow: "Buscarlas ahora",
  kindFaceNotSubject: "Una de las caras no es de {name}.",
  kindFaceOfOther: "Una de las caras de {name} es de {other}.",
  kindGroupIsSubject: "{count} caras sin nombre son de {name}.",
  kindGroupOftenSeen: "Alguien sin nombre fue visto {count} veces.",
  kindSubjectsAreOne: "{name} y {other} son la misma persona.",
  likely: "{share} % probable",
  nameLater: "Se puede omitir y dar más tarde.",
  questionedFace: "La cara en cuestión",
  refuse: "Rechazar",
  refusing: "Se rechaza: {what}",
  review: "Revisión",
  reviewDone: "Todo está respondido.",
  reviewEmpty:
    "No hay sugerencias. El servidor las busca en la hora que sigue a un cambio, y cuando se le pide.",
  reviewKeys: "recorren las sugerencias. Lo rechazado no se vuelve a sugerir.",
  standsForThem: "la representa",
  standForThem: "Que la cara {id} la represente",
  suggestions: "Sugerencias",
  withoutName: "Sin nombre",
};
