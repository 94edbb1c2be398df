/** Findings of one kind, the worst first, with what they mean. */

import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

import { useTexts } from "../../texts/language";

interface Props<T> {
  meaning: string;
  found: { total: number; listed: T[] };
  children: (one: T) => ReactNode;
}

export function FoundList<T>({ meaning, found, children }: Props<T>) {
  const t = useTexts();
  const more = found.total - found.listed.length;
  return (
    <Stack>
      <Text>{found.total ? meaning : t("noFindings")}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>{found.listed.map(children)}</SimpleGrid>
      {more > 0 && <Text>{t("andMore", { count: more })}</Text>}
    </Stack>
  );
}
