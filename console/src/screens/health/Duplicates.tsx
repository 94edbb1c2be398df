/** Pairs of nearly the same picture, of which one is enough. */

import { Card, Group, Stack } from "@mantine/core";
import type { NearDuplicate } from "facet-client";

import { useTexts } from "../../texts/language";
import { EraseFace, FoundFace } from "./FoundFace";
import { FoundList } from "./FoundList";

interface Props {
  collection: string;
  found: { total: number; listed: NearDuplicate[] };
}

export function Duplicates({ collection, found }: Props) {
  const t = useTexts();
  return (
    <FoundList meaning={t("duplicatesMeaning")} found={found}>
      {(one) => (
        <Card withBorder key={`${String(one.face_id)} ${String(one.other_face_id)}`}>
          <Group wrap="nowrap" align="start">
            {[one.face_id, one.other_face_id].map((face) => (
              <Stack key={face} gap={4} align="start" style={{ flex: 1, minWidth: 0 }}>
                <FoundFace collection={collection} face={face} subject={one.subject} />
                <EraseFace collection={collection} face={face} />
              </Stack>
            ))}
          </Group>
        </Card>
      )}
    </FoundList>
  );
}
