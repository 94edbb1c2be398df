/** A text in which what stands in backticks is typed as it is. */

import { Code } from "@mantine/core";

import { useTexts, type Key } from "../texts/language";

export function Told({ text }: { text: Key }) {
  const t = useTexts();
  return t(text)
    .split("`")
    .map((part, place) => (place % 2 ? <Code key={place}>{part}</Code> : part));
}
