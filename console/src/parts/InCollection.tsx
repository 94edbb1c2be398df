/** What needs a collection, once it is known whether there is one. */

import { Text } from "@mantine/core";
import type { Collection } from "facet-client";
import type { ReactNode } from "react";

import { useCollection, useCollections } from "../api/collections";
import { useTexts } from "../texts/language";
import { Answer } from "./Answer";

interface Props {
  children: (collection: Collection) => ReactNode;
}

export function InCollection({ children }: Props) {
  const t = useTexts();
  const collections = useCollections();
  const chosen = useCollection();
  return (
    <Answer query={collections}>
      {() => (chosen ? children(chosen) : <Text>{t("noCollection")}</Text>)}
    </Answer>
  );
}
