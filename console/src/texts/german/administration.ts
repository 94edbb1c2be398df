/** German texts of the screens for those who administer a server, as a machine has translated them. */

import type { administration as english } from "../english/administration";

export const administration: Record<keyof typeof english, string> = {
  attempts: "Versuche",
  backup: "Sicherung",
  backupEncrypted:
    "Als eine verschlüsselte Datei, die nur lesen kann, wem dieser Schlüssel gehört (age):",
  backupMasterKey:
    "Bilder in einer Sicherung sind verschlüsselt: wer sie zurückspielt, braucht den Hauptschlüssel, der nicht darin ist. Bewahren Sie Kopien davon und der Löschbücher getrennt von den Sicherungen auf.",
  backupMeaning:
    "Sicherungen werden durch Befehle auf dem Rechner des Servers gemacht und zurückgespielt, neben dem laufenden Server; es gibt keinen Knopf dafür, denn ein Browser soll nicht die Gesichter aller halten.",
  backupPlaces: "Wo alles liegt",
  backupPlain: "Eine Sicherung dieses Augenblicks, als neues Verzeichnis:",
  backupRestore: "In ein leeres Verzeichnis oder eine leere Datenbank zurückspielen:",
  backupTry: "Jede Prüfsumme prüfen, und ob das Ziel leer ist:",
  copyCommand: "{command} kopieren",
  deadDeliveries: "Aufgegeben",
  delivered: "Die Adresse hat geantwortet.",
  deliveries: "Zustellungen",
  erased: "Gelöscht",
  event: "Ereignis",
  events: "Ereignisse",
  forged: "nicht echt",
  genuine: "echt",
  givenUp: "{count} aufgegeben",
  missed: "Ereignisse {count} Mal verloren",
  newWebhook: "Neuer Webhook",
  noDeadDeliveries: "Nichts wurde aufgegeben.",
  noServerReceipts: "Noch wurde nichts gelöscht.",
  noWebhooks: "Noch erfährt keine Adresse etwas.",
  notDelivered: "Die Adresse war nicht zu erreichen.",
  ofBrowser: "Dieses Browsers",
  ofServer: "Des Servers",
  receiptsServer:
    "Der Server unterschreibt einen Beleg über jede Löschung, auf welchem Weg sie auch kam. Die Unterschriften wurden hier im Browser geprüft; `facet receipts verify` prüft einen gespeicherten Beleg überall.",
  remove: "Entfernen",
  removeWebhookHint:
    "Die Adresse erfährt nichts mehr, und was auf seine Zustellung wartet, wird entfernt.",
  saveReceipt: "Beleg {id} speichern",
  sendAgain: "Noch einmal senden",
  signature: "Unterschrift",
  testWebhook: "Testen",
  unchecked: "hier nicht geprüft",
  waiting: "{count} warten",
  webhookAddressHint:
    "Sie muss öffentlich sein, wenn dem Server nichts anderes gesagt ist (FACET_WEBHOOK_NETWORKS).",
  webhookSecret: "Das Geheimnis, einmal gezeigt",
  webhookSecretHint:
    "Damit werden Unterschriften geprüft. Kopieren Sie es jetzt: es wird nicht noch einmal gezeigt.",
  webhooks: "Webhooks",
  webhooksMeaning:
    "Jedes Ereignis wird als unterschriebene Anfrage gesendet, und stundenlang wieder versucht, wo das misslingt.",
};
