/** Rates as people read them. */

import { useTexts } from "../texts/language";
import { countOf } from "../texts/numbers";

/** One in so many, to two digits; of a bound, that or fewer. */
export function useRate(): (rate: number | null | undefined, isBound?: boolean) => string {
  const t = useTexts();
  return (rate, isBound = false) => {
    if (rate == null || rate <= 0) return "–";
    const count = countOf(Number((1 / rate).toPrecision(2)));
    return `${isBound ? "≤ " : ""}${t("oneIn", { count })}`;
  };
}
