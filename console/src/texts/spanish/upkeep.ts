/** Spanish texts of the screens that keep a collection in order, as a machine has translated them. */

import type { upkeep as english } from "../english/upkeep";

export const upkeep: Record<keyof typeof english, string> = {
  addPictures: "Añadir imágenes",
  addPicturesTo: "Añadir imágenes a {name}",
  bestQuality: "Mejor calidad {score} %",
  bestStranger: "La más parecida a otra",
  checkNow: "Comprobar ahora",
  checkedFaces: "{compared} de {faces} caras se compararon con todas las demás.",
  conflicts: "Podría ser otra persona",
  conflictsMeaning:
    "Una búsqueda tomaría la primera cara por la otra persona. Désela, o diga que ambas son la misma.",
  duplicatesMeaning:
    "Dos caras de alguien que son casi la misma imagen. Una no añade nada a la otra.",
  eraseFace: "Borrar la cara {id}",
  fewFacesMeaning: "Las personas con menos de tres caras se encuentran menos.",
  friends: "Conocidos: cada cara y la otra más parecida de su persona",
  friendsAndStrangers: "Conocidos y desconocidos por su parecido",
  hardest: "Más difíciles de distinguir",
  health: "Estado",
  interval: "Intervalo del {confidence}",
  keepWhom: "¿Qué nombre queda?",
  largeCollection:
    "La colección tiene demasiadas caras para comprobarla de una vez. La comprueba un trabajo.",
  measured: "Medido",
  moreAlike:
    "Se nombra a desconocidos más a menudo de lo prometido: sus personas se parecen más entre sí que aquellas con las que se hizo la curva del codificador. Calibre la colección (Decisiones).",
  moveElsewhere: "Dar a otra persona",
  moveTo: "Pasar a {name}",
  nearDuplicates: "Casi duplicados",
  nearer: "más cerca de ella que de la suya",
  noFindings: "No se encontró nada.",
  notCompared:
    "Quedan fuera: {barred} caras de personas restringidas o sin consentimiento, {other} caras de otro codificador.",
  ofTrials: "{hits} de {trials}",
  oneIn: "1 de {count}",
  onePerson: "Una persona",
  outliers: "Distintas de su persona",
  outliersMeaning:
    "Caras que no se parecen más a las otras de su persona (una al lado) que las de desconocidos. A menudo es otra persona.",
  poorFacesMeaning: "Personas sin una sola cara de buena calidad.",
  sampled:
    "La colección es grande: se sortearon algunas personas, y los recuentos son solo de ellas.",
  selfTest: "Autoprueba",
  selfTestMeaning:
    "Cada cara se dejó fuera y se buscó entre todas las demás, con la tasa con que trabaja la colección: {rate} de los desconocidos pueden ser nombrados, lo que exige una similitud de {threshold}.",
  share: "Proporción",
  strangers: "Desconocidos: cada cara y la más parecida de otra persona",
  strangersAlike: "Así de parecidos son los desconocidos: {rate} como mucho",
  testFound: "Recibieron su propio nombre",
  testStrangers: "Desconocidos que reciben un nombre",
  testWrong: "Recibieron otro nombre",
  thinSubjects: "Muy pocas imágenes",
  weakestFriend: "La menos parecida a las suyas",
};
