/** Turkish texts about people's rights and about sightings, as a machine has translated them. */

import type { rights as english } from "../english/rights";

export const rights: Record<keyof typeof english, string> = {
  basis: "Saklama dayanağı",
  "basis-consent": "Onay",
  "basis-contract": "Sözleşme",
  "basis-legal-obligation": "Yasal yükümlülük",
  "basis-legitimate-interests": "Meşru menfaatler",
  "basis-public-task": "Kamu görevi",
  "basis-vital-interests": "Hayati menfaatler",
  decision: "Karar",
  eraseFound: "Bulunanları sil",
  eraseNow: "Şimdi sil",
  exportPerson: "Hakkında saklanan her şey",
  foundSightings: "süzgeçlerin bulduğu",
  given: "Verildi",
  givenHint: "Boş: şimdi.",
  keepAlways: "Süresiz sakla",
  keepUntil: "Şu tarihe dek sakla",
  keepUntilHint: "Kısıtlı değilse kişi o zaman silinir.",
  keptUntil: "Saklama sonu",
  leftOut:
    "Dünden beri dışarıda kalan: kuralların günlük sınırını aşan {over}, çok hızlı gelen {lost}.",
  nearestIs: "en yakını",
  neverSeen: "Ona ait görülme saklanmıyor.",
  noAudit: "Denetim kaydında onlar hakkında bir şey yok.",
  noConsent: "kayıt yok",
  noSightings:
    "Yok. Tanınırken hangi yüzlerin saklanacağını koleksiyonun kuralları (Kararlar) belirler.",
  nobodysTime: "Kimsenin süresi dolmadı.",
  oneSighting: "Görülme {id}",
  qualityAtLeast: "En az kalite",
  reason: "Neden",
  recordConsent: "Dayanak kaydet",
  reference: "Belge",
  referenceHint: "İmzalananı sakladığınız yer.",
  restrict: "Kısıtlı: saklanır, hiçbir şey için kullanılmaz",
  restrictedSince: "Kısıtlı: saklanır, ne eşleştirilir ne kayda eklenir. Başlangıç",
  retention: "Saklama",
  retentionMeaning:
    "Kurallara göre, kendi tarihiyle veya onayı sona erdiği için süresi dolanlar. Sunucular onları bir saat içinde kendiliğinden siler.",
  rights: "Haklar",
  since: "Başlangıç",
  sightings: "Görülmeler",
  source: "Kaynak",
  until: "Bitiş",
  withdrawConsent: "Geri çek",
  withdrawHint:
    "Bundan sonra kişi hiç eşleştirilmez ve bir sonraki saklama turu onu kalıcı olarak siler.",
  withdrawn: "geri çekildi",
};
