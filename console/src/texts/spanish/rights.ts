/** Spanish texts about people's rights and about sightings, as a machine has translated them. */

import type { rights as english } from "../english/rights";

export const rights: Record<keyof typeof english, string> = {
  basis: "Se conserva sobre la base de",
  "basis-consent": "Consentimiento",
  "basis-contract": "Un contrato",
  "basis-legal-obligation": "Una obligación legal",
  "basis-legitimate-interests": "Intereses legítimos",
  "basis-public-task": "Una tarea pública",
  "basis-vital-interests": "Intereses vitales",
  decision: "Decisión",
  eraseFound: "Borrar lo encontrado",
  eraseNow: "Borrarlas ahora",
  exportPerson: "Todo lo que se guarda de ella",
  foundSightings: "lo que encuentran los filtros",
  given: "Dado",
  givenHint: "Vacío: ahora.",
  keepAlways: "Conservar sin fin",
  keepUntil: "Conservar hasta",
  keepUntilHint: "Entonces se borra a la persona, salvo que esté restringida.",
  keptUntil: "Se conserva hasta",
  leftOut:
    "Desde ayer quedaron fuera: {over} por encima del límite diario de la política, {lost} que llegaron demasiado deprisa.",
  nearestIs: "la más cercana es",
  neverSeen: "No se guardan avistamientos de ella.",
  noAudit: "El registro de auditoría no tiene nada sobre ellos.",
  noConsent: "sin registro",
  noSightings:
    "No hay ninguno. La política de la colección (Decisiones) dice qué caras se guardan al reconocerlas.",
  nobodysTime: "A nadie se le ha acabado el plazo.",
  oneSighting: "Avistamiento {id}",
  qualityAtLeast: "Calidad mínima",
  reason: "Motivo",
  recordConsent: "Registrar una base",
  reference: "Referencia",
  referenceHint: "Dónde guarda lo que se firmó.",
  restrict: "Restringida: se conserva y no se usa para nada",
  restrictedSince: "Restringida: se conserva, y ni se reconoce ni se amplía. Desde",
  retention: "Conservación",
  retentionMeaning:
    "Aquellos cuyo plazo ha terminado según la política, por su propia fecha o porque acabó su consentimiento. Los servidores los borran por sí mismos en una hora.",
  rights: "Derechos",
  since: "Desde",
  sightings: "Avistamientos",
  source: "Origen",
  until: "Hasta",
  withdrawConsent: "Retirar",
  withdrawHint:
    "Desde ahora nunca se reconoce a la persona, y la próxima ronda de conservación la borra para siempre.",
  withdrawn: "retirado",
};
