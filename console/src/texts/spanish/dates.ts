/** Spanish texts about dates in texts, as a machine has translated them. */

import type { dates as english } from "../english/dates";

export const dates: Record<keyof typeof english, string> = {
  attention: "Atención",
  attentionMeaning:
    "Una fila por cada cifra escrita, una columna por cada carácter leído: cuanto más oscuro, más lo miró la red.",
  datesInText: "Fechas en un texto",
  locale: "Configuración regional",
  orRead: "o {dates}",
  probable: "{share} % probable",
  readByRules:
    "Las reglas de su calendario han leído la fecha por sí solas; no se preguntó a la red.",
  readDates: "Leer",
  textWithDate: "Un texto con fechas",
};
