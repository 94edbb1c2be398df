/** Turkish texts about finding people, the demo, and a server out of reach, as a machine has translated them. */

import type { finding as english } from "../english/finding";

export const finding: Record<keyof typeof english, string> = {
  areNotRestricted: "Kısıtlı değil",
  areRestricted: "Kısıtlı",
  consentEnded: "Dayanağı sona ermiş",
  consentNone: "Dayanak kayıtlı değil",
  consentValid: "Dayanağı geçerli",
  demoMeans:
    "Ya da önce örneğe bakın: kendi koleksiyonunda, tek düğmeyle yeniden kaldırılan, kamu malı iki portre.",
  enrolledSince: "Eklenme tarihi, en erken",
  facesHeld: "Yüzler",
  fewFaces: "En çok 2 yüz",
  filter: "Süz",
  filterByIt: "Buna göre süz",
  loadDemo: "Örnek portreleri yükle",
  metadataHint:
    'Sayılar, true, false ve null olduğu gibi alınır; rakamlardan oluşan bir metin için "3" yazın.',
  metadataKey: "Üst veri",
  noAnswer: "Sunucu yanıt vermiyor.",
  nobodyMeetsAll: "Bu koşulların hepsine uyan kimse yok.",
  orderMostFaces: "En çok yüz",
  peopleBeingSorted: "Sıralanıyor: şimdiye dek {count} kişi",
  peopleFound: "Kişiler: {count}",
  peopleSoFar: "Kişiler: şimdiye dek {count}, ilerledikçe daha fazlası",
  removeDemo: "Örneği kaldır",
  "quality-blurred": "bulanık",
  "quality-bright": "fazla parlak",
  "quality-cut-by-border": "kenarda kesik",
  "quality-dark": "karanlık",
  "quality-extreme-pose": "yana dönük",
  "quality-low-confidence": "zor görülüyor",
  "quality-small-face": "küçük",
  restriction: "Kısıtlama",
  sinceDay: "{day} tarihinden beri eklenenler",
  loadAnew: "Sayfayı yeniden yükle",
  screenFailed: "Bu ekran gösterilemiyor",
  screenFailedNext: "Sayfayı yeniden yükleyin. Bu işe yaramazsa, burada yazanı sunucuyu işleten kişiye bildirin:",
  unreached:
    "Sunucuyla bağlantı yok. Gösterilenler eski olabilir; birkaç saniyede bir yeniden sorulur.",
  without: "Artık değil: {text}",
  withoutFaces: "Yüzü olmayanlar",
};
