/** German texts of the screens that keep a collection in order, as a machine has translated them. */

import type { upkeep as english } from "../english/upkeep";

export const upkeep: Record<keyof typeof english, string> = {
  addPictures: "Bilder hinzufügen",
  addPicturesTo: "Bilder zu {name} hinzufügen",
  bestQuality: "Beste Güte {score} %",
  bestStranger: "Am ähnlichsten einer anderen",
  checkNow: "Jetzt prüfen",
  checkedFaces: "{compared} von {faces} Gesichtern wurden mit allen anderen verglichen.",
  conflicts: "Könnte jemand anderes sein",
  conflictsMeaning:
    "Eine Suche hielte das erste Gesicht für die andere Person. Geben Sie es ihr, oder sagen Sie, dass beide eine Person sind.",
  duplicatesMeaning:
    "Zwei Gesichter einer Person, die fast dasselbe Bild sind. Eines fügt dem anderen nichts hinzu.",
  eraseFace: "Gesicht {id} löschen",
  fewFacesMeaning: "Personen mit weniger als drei Gesichtern werden seltener gefunden.",
  friends: "Bekannte: jedes Gesicht und das ähnlichste andere seiner Person",
  friendsAndStrangers: "Bekannte und Fremde nach ihrer Ähnlichkeit",
  hardest: "Am schwersten von anderen zu unterscheiden",
  health: "Zustand",
  interval: "Bereich mit {confidence}",
  keepWhom: "Wessen Name bleibt?",
  largeCollection:
    "Die Sammlung hat zu viele Gesichter, um auf einmal geprüft zu werden. Ein Auftrag prüft sie.",
  measured: "Gemessen",
  moreAlike:
    "Fremde werden öfter benannt als versprochen: Ihre Personen sind einander ähnlicher als die, aus denen die Kurve des Encoders gemacht ist. Kalibrieren Sie die Sammlung (Entscheidungen).",
  moveElsewhere: "Jemand anderem geben",
  moveTo: "Zu {name} verschieben",
  nearDuplicates: "Fast gleiche Bilder",
  nearer: "ihr näher als der eigenen",
  noFindings: "Nichts gefunden.",
  notCompared:
    "Ausgelassen: {barred} Gesichter von Personen, die gesperrt sind oder deren Einwilligung fehlt, {other} Gesichter eines anderen Encoders.",
  ofTrials: "{hits} von {trials}",
  oneIn: "1 von {count}",
  onePerson: "Eine Person",
  outliers: "Ihrer Person unähnlich",
  outliersMeaning:
    "Gesichter, die den anderen ihrer Person (eines daneben) nicht ähnlicher sind als Fremde. Oft ist es jemand anderes.",
  poorFacesMeaning: "Personen ohne ein einziges Gesicht von guter Güte.",
  sampled: "Die Sammlung ist groß: einige Personen wurden gezogen, und gezählt sind nur sie.",
  selfTest: "Selbsttest",
  selfTestMeaning:
    "Jedes Gesicht wurde ausgelassen und unter allen anderen gesucht, bei der Rate, mit der die Sammlung arbeitet: {rate} der Fremden dürfen benannt werden, wozu es eine Ähnlichkeit von {threshold} braucht.",
  share: "Anteil",
  strangers: "Fremde: jedes Gesicht und das ähnlichste einer anderen Person",
  strangersAlike: "So ähnlich sind Fremde: höchstens {rate}",
  testFound: "Bekamen ihren eigenen Namen",
  testStrangers: "Fremde, die einen Namen bekommen",
  testWrong: "Bekamen einen anderen Namen",
  thinSubjects: "Zu wenige Bilder",
  weakestFriend: "Am wenigsten den eigenen ähnlich",
};
