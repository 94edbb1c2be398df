/** Numbers as they are written where the reader is. */

let locale = "en";

/** Write numbers in the manner of that place from now on. */
export function writeNumbersAs(wanted: string): void {
  locale = wanted;
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
