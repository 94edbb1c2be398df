/** One group: its faces, who it may be, and what can be done with it or those that are chosen. */

import { Button, Card, Group, Kbd, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { GroupSummary as Unnamed } from "facet-client";
import type { ReactNode, RefObject } from "react";

import { facet } from "../../api/client";
import { Moment } from "../../parts/Moment";
import { useTexts, type Key } from "../../texts/language";
import { FaceChoice } from "./FaceChoice";

const MOST = 60;

export interface Step {
  text: Key;
  sign: string;
  /** Absent where it is not allowed. */
  run: (() => void) | undefined;
  grave?: boolean;
  first?: boolean;
  disabled?: boolean;
}

interface Props {
  collection: string;
  group: Unnamed;
  steps: Step[];
  chosenFaces: number[];
  onChooseFaces: ((faces: number[]) => void) | undefined;
  faces: RefObject<HTMLDivElement | null>;
  children?: ReactNode;
}

export function GroupView(props: Props) {
  const { collection, group, steps, chosenFaces, onChooseFaces, faces: place, children } = props;
  const t = useTexts();
  const { data } = useQuery({
    queryKey: ["groups", collection, group.id, "faces"],
    queryFn: () => facet.sightings.list(collection, { group: group.id, limit: MOST }),
  });
  const faces = data?.items ?? group.faces;
  return (
    <Card withBorder>
      {steps.some((one) => one.run) && (
        <Group mb="md" gap="xs">
          {steps.map(({ text, sign, run, grave = false, first = false, disabled = false }) => {
            if (!run) return null;
            return (
              <Button
                key={text}
                variant={first ? "filled" : grave ? "light" : "default"}
                {...(grave && { color: "red" })}
                disabled={disabled}
                onClick={run}
              >
                {t(text)} <Kbd ml={6}>{sign}</Kbd>
              </Button>
            );
          })}
        </Group>
      )}
      {children}
      <Text size="sm" mb="xs">
        {t("facesOf", { count: group.size })}, <Moment at={group.since} /> – <Moment at={group.until} />
      </Text>
      <FaceChoice
        collection={collection}
        faces={faces}
        chosen={chosenFaces}
        onChoose={onChooseFaces}
        place={place}
      />
      {group.size > faces.length && (
        <Text size="sm" mt="xs">
          {t("andMore", { count: group.size - faces.length })}
        </Text>
      )}
    </Card>
  );
}
