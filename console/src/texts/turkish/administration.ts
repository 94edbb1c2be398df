/** Turkish texts of the screens for those who administer a server, as a machine has translated them. */

import type { administration as english } from "../english/administration";

export const administration: Record<keyof typeof english, string> = {
  attempts: "Denemeler",
  backup: "Yedekleme",
  backupEncrypted:
    "Yalnızca o anahtarın sahibinin okuyabileceği tek bir şifreli dosya olarak (age):",
  backupMasterKey:
    "Yedekteki resimler şifrelidir: geri yükleyenin, içinde olmayan ana anahtara ihtiyacı vardır. Onun ve silme defterlerinin kopyalarını yedeklerden ayrı saklayın.",
  backupMeaning:
    "Yedekler sunucunun makinesinde, çalışan sunucunun yanında komutlarla alınır ve geri yüklenir; bunun için düğme yoktur, çünkü bir tarayıcı herkesin yüzünü tutmamalıdır.",
  backupPlaces: "Her şeyin yeri",
  backupPlain: "Bu anın yedeği, yeni bir dizin olarak:",
  backupRestore: "Boş bir dizine veya veritabanına geri yükleme:",
  backupTry: "Her sağlamayı ve hedefin boş olup olmadığını denetle:",
  copyCommand: "{command} komutunu kopyala",
  deadDeliveries: "Vazgeçilenler",
  delivered: "Adres yanıt verdi.",
  deliveries: "Teslimatlar",
  erased: "Silindi",
  event: "Olay",
  events: "Olaylar",
  forged: "gerçek değil",
  genuine: "gerçek",
  givenUp: "{count} vazgeçildi",
  missed: "olaylar {count} kez kaybedildi",
  newWebhook: "Yeni webhook",
  noDeadDeliveries: "Vazgeçilen yok.",
  noServerReceipts: "Henüz bir şey silinmedi.",
  noWebhooks: "Henüz hiçbir adrese bildirilmiyor.",
  notDelivered: "Adrese bildirilemedi.",
  ofBrowser: "Bu tarayıcının",
  ofServer: "Sunucunun",
  receiptsServer:
    "Sunucu, hangi yoldan gelirse gelsin her silmenin makbuzunu imzalar. İmzalar burada, tarayıcıda denetlendi; `facet receipts verify` kayıtlı bir makbuzu her yerde denetler.",
  remove: "Kaldır",
  removeWebhookHint: "Adrese artık bildirilmez ve teslim edilmeyi bekleyenler kaldırılır.",
  saveReceipt: "{id} makbuzunu kaydet",
  sendAgain: "Yeniden gönder",
  signature: "İmza",
  testWebhook: "Sına",
  unchecked: "burada denetlenmedi",
  waiting: "{count} bekliyor",
  webhookAddressHint:
    "Sunucuya aksi söylenmedikçe herkese açık olmalıdır (FACET_WEBHOOK_NETWORKS).",
  webhookSecret: "Gizli anahtar, bir kez gösterilir",
  webhookSecretHint: "İmzalar bununla denetlenir. Şimdi kopyalayın: bir daha gösterilmez.",
  webhooks: "Webhook'lar",
  webhooksMeaning:
    "Her olay imzalı bir istek olarak gönderilir, başarısız olursa saatlerce yeniden denenir.",
};
