/** Turkish texts about dates in texts, as a machine has translated them. */

import type { dates as english } from "../english/dates";

export const dates: Record<keyof typeof english, string> = {
  attention: "Dikkat",
  attentionMeaning:
    "Yazılan her rakam için bir satır, okunan her karakter için bir sütun: ne kadar koyuysa ağ ona o kadar çok bakmıştır.",
  datesInText: "Metindeki tarihler",
  locale: "Yerel ayar",
  orRead: "veya {dates}",
  probable: "%{share} olası",
  readByRules: "Tarihi yalnızca takviminin kuralları okudu; ağa sorulmadı.",
  readDates: "Oku",
  textWithDate: "Tarih içeren bir metin",
};
