/** Numbers as they are written where the reader is. */

let locale = "en";

/** Write numbers in the manner of that place from now on. */
export function writeNumbersAs(wanted: string): void {
  locale = wanted;
}

/** Marks of thousands and of fractions. */
export function separators(): { thousandSeparator: string; decimalSeparator: string } {
  const parts = new Intl.NumberFormat(locale, { useGrouping: "always" }).formatToParts(12_345.6);
  const markOf = (type: string, usual: string) => parts.find((one) => one.type === type)?.value ?? usual;
  return { thousandSeparator: markOf("group", ","), decimalSeparator: markOf("decimal", ".") };
}

/** Such as `12,500`; of a fraction, three digits at most. */
export function countOf(count: number): string {
  return count.toLocaleString(locale);
}

/** With exactly so many digits after the point. */
export function decimalOf(value: number, digits: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share in hundredths, with exactly so many digits after the point. */
export function percentOf(share: number, digits = 0): string {
  return `${decimalOf(share * 100, digits)} %`;
}
