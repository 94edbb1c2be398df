/** Spanish texts of the screens for those who administer a server, as a machine has translated them. */

import type { administration as english } from "../english/administration";

export const administration: Record<keyof typeof english, string> = {
  attempts: "Intentos",
  backup: "Copia de seguridad",
  backupEncrypted: "Como un archivo cifrado que solo puede leer el dueño de esa clave (age):",
  backupMasterKey:
    "Las imágenes de una copia están cifradas: quien las restaura necesita la clave maestra, que no está en ella. Guarde copias de esta y de los libros de borrados aparte de las copias de seguridad.",
  backupMeaning:
    "Las copias se hacen y restauran con órdenes en la máquina del servidor, junto al servidor en marcha; no hay botón para ello, porque un navegador no debe tener las caras de todos.",
  backupPlaces: "Dónde está cada cosa",
  backupPlain: "Una copia de este momento, como directorio nuevo:",
  backupRestore: "Restaurar en un directorio o una base de datos vacíos:",
  backupTry: "Comprobar cada suma y si el destino está vacío:",
  copyCommand: "Copiar {command}",
  deadDeliveries: "Abandonadas",
  delivered: "La dirección ha respondido.",
  deliveries: "Entregas",
  erased: "Borrado",
  event: "Evento",
  events: "Eventos",
  forged: "no auténtico",
  genuine: "auténtico",
  givenUp: "{count} abandonadas",
  missed: "eventos perdidos {count} veces",
  newWebhook: "Nuevo webhook",
  noDeadDeliveries: "No se abandonó nada.",
  noServerReceipts: "Aún no se ha borrado nada.",
  noWebhooks: "Aún no se avisa a ninguna dirección.",
  notDelivered: "No se pudo avisar a la dirección.",
  ofBrowser: "De este navegador",
  ofServer: "Del servidor",
  receiptsServer:
    "El servidor firma un recibo de cada borrado, venga por donde venga. Las firmas se comprobaron aquí, en el navegador; `facet receipts verify` comprueba un recibo guardado en cualquier parte.",
  remove: "Quitar",
  removeWebhookHint: "Ya no se avisa a la dirección, y lo que espera ser entregado se elimina.",
  saveReceipt: "Guardar el recibo {id}",
  sendAgain: "Enviarlas de nuevo",
  signature: "Firma",
  testWebhook: "Probar",
  unchecked: "sin comprobar aquí",
  waiting: "{count} en espera",
  webhookAddressHint:
    "Tiene que ser pública, salvo que al servidor se le diga otra cosa (FACET_WEBHOOK_NETWORKS).",
  webhookSecret: "El secreto, mostrado una sola vez",
  webhookSecretHint: "Con él se comprueban las firmas. Cópielo ahora: no se vuelve a mostrar.",
  webhooks: "Webhooks",
  webhooksMeaning:
    "Cada evento se envía como solicitud firmada, y se reintenta durante horas donde eso falla.",
};
