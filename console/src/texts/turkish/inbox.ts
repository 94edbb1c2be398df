/** Turkish texts of the inbox, as a machine has translated them. */

import type { inbox as english } from "../english/inbox";

export const inbox: Record<keyof typeof english, string> = {
  chooseFace: "{name} seç",
  chooseGroup: "{count} yüzlük bu grubu seç",
  groupsChosen: "{faces} yüzlü {count} grup seçili; yaptığınız hepsi için geçerli.",
  keyChoose: "Grubu veya yüzü seç",
  keyChooseNone: "Hiçbirini seçme",
  keyChooseOn: "İlerlerken seç",
  keyFaces: "Yüzlere; oklar aralarında gezer, Shift ile seçer",
  keyMerge: "Aynı kişi",
  keyNotThem: "Bu kişi değil",
  keySplit: "Ayır",
  mergingGroups: "{count} grup tek oluyor…",
  notThem: "{count} yüz {name} değil.",
  orderLargest: "En büyük",
  orderLikeliest: "En olası",
  wereSplit: "{count} yüz artık ayrı bir grup.",
};
