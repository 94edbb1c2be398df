/** Turkish texts of the review and of the face that stands for somebody, as a machine has translated them. */

import type { review as english } from "../english/review";

export const review: Record<keyof typeof english, string> = {
  accept: "Kabul et",
  accepting: "Kabul ediliyor: {what}",
  bestAgain: "Yeniden en iyi yüzü göster",
  chosenFace: "{name} için yüz seçildi.",
  findNow: "Şimdi ara",
  kindFaceNotSubject: "Yüzlerden biri {name} değil.",
  kindFaceOfOther: "{name} kişisinin yüzlerinden biri {other}.",
  kindGroupIsSubject: "Adsız {count} yüz {name}.",
  kindGroupOftenSeen: "Adsız biri {count} kez görüldü.",
  kindSubjectsAreOne: "{name} ve {other} aynı kişi.",
  likely: "%{share} olası",
  nameLater: "Boş bırakılıp sonra verilebilir.",
  questionedFace: "Söz konusu yüz",
  refuse: "Reddet",
  refusing: "Reddediliyor: {what}",
  review: "Gözden geçirme",
  reviewDone: "Hepsi yanıtlandı.",
  reviewEmpty: "Öneri yok. Sunucu bir değişiklikten sonraki bir saat içinde ve istendiğinde arar.",
  reviewKeys: "öneriler arasında gezer. Reddedilen bir daha önerilmez.",
  standsForThem: "onu temsil ediyor",
  standForThem: "Yüz {id} onu temsil etsin",
  suggestions: "Öneriler",
  withoutName: "Adsız",
};
