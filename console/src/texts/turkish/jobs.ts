/** Turkish texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "İşi iptal et",
  contentPicture: "Resim",
  facesCompared: "{total} yüzden {done} tanesi karşılaştırıldı",
  facesReady: "{faces} yüzden {ready} tanesi hazır",
  jobCalibration: "Kalibrasyon",
  jobHealth: "Durum denetimi",
  jobPull: "Bir modelin ağırlıkları",
  jobReencoding: "Başka bir kodlayıcıya geçiş",
  jobRegrouping: "Yeniden gruplama",
  jobRenewal: "Yüzlerin yenilenmesi",
  jobRetention: "Süresi dolanların silinmesi",
  jobSuggestions: "Öneri arama",
  jobs: "İşler",
  jobsUnderWay: "Süren işler",
  keepColour: "Renkleri koru",
  keepFaces: "Yüzleri olduğu gibi bırak",
  noJobs: "İş yok.",
  paint: "Boya",
  paintingStep: "{sizes} boyuttan {size}.: {steps_at_size} adımdan {step_at_size}.",
  peopleErased: "{total} kişiden {done} tanesi silindi",
  progress: "İlerleme",
  queue: "Kuyruk",
  sizeOfPicture: "Uzun kenar, piksel",
  steps: "Her boyutta adım",
  storedStyle: "Kayıtlı üslup",
  stylePicture: "Üslup",
  styleTransfer: "Üslup aktarımı",
};
