/** German texts of the inbox, as a machine has translated them. */

import type { inbox as english } from "../english/inbox";

export const inbox: Record<keyof typeof english, string> = {
  chooseFace: "{name} wählen",
  chooseGroup: "Diese Gruppe von {count} Gesichtern wählen",
  groupsChosen: "{count} Gruppen mit {faces} Gesichtern sind gewählt; was Sie tun, gilt für alle.",
  keyChoose: "Gruppe oder Gesicht wählen",
  keyChooseNone: "Nichts wählen",
  keyChooseOn: "Im Weitergehen wählen",
  keyFaces: "Zu den Gesichtern; Pfeile gehen hindurch, mit Umschalt wählen sie",
  keyMerge: "Eine Person",
  keyNotThem: "Nicht diese Person",
  keySplit: "Abtrennen",
  mergingGroups: "{count} Gruppen werden eine…",
  notThem: "{count} Gesichter sind nicht {name}.",
  orderLargest: "Größte",
  orderLikeliest: "Wahrscheinlichste",
  wereSplit: "{count} Gesichter sind nun eine eigene Gruppe.",
};
