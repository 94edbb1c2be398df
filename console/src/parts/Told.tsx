/** A text in which what stands in backticks is typed as it is. */

import { Code } from "@mantine/core";

export function Told({ text }: { text: string }) {
  return text.split("`").map((part, place) => (place % 2 ? <Code key={place}>{part}</Code> : part));
}
