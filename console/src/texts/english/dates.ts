/** English texts about dates in texts. */

export const dates = {
  attention: "Attention",
  attentionMeaning:
    "A row for each digit that was written, a column for each character that was read: the darker, the more the network looked at it.",
  datesInText: "Dates in a text",
  locale: "Locale",
  orRead: "or {dates}",
  probable: "{share} % probable",
  readByRules: "The rules of its calendar have read the date alone; the network was not asked.",
  readDates: "Read",
  textWithDate: "A text with dates",
} as const satisfies Record<string, string>;
