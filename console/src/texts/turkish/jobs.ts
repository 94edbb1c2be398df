/** Turkish texts of jobs and of style transfer, as a machine has translated them. */

import type { jobs as english } from "../english/jobs";

export const jobs: Record<keyof typeof english, string> = {
  cancelJob: "İşi iptal et",
  contentPicture: "Resim",
  jobs: "İşler",
  jobsUnderWay: "Süren işler",
  keepColour: "Renkleri koru",
  keepFaces: "Yüzleri olduğu gibi bırak",
  noJobs: "İş yok.",
  paint: "Boya",
  paintingStep: "{sizes} boyuttan {size}.: {steps} adımdan {step}.",
  progress: "İlerleme",
  queue: "Kuyruk",
  sizeOfPicture: "Uzun kenar, piksel",
  steps: "Her boyutta adım",
  storedStyle: "Kayıtlı üslup",
  stylePicture: "Üslup",
  styleTransfer: "Üslup aktarımı",
};
