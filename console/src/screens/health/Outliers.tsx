/** Faces that are like none of their person's others. */

import { Button, Card, Group, Text } from "@mantine/core";
import type { UnlikeFace } from "facet-client";
import { useState } from "react";

import { useMay } from "../../api/session";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { FirstFace } from "../people/FirstFace";
import { MoveFaces } from "../people/MoveFaces";
import { EraseFace, FoundFace } from "./FoundFace";
import { FoundList } from "./FoundList";

interface Props {
  collection: string;
  found: { total: number; listed: UnlikeFace[] };
}

export function Outliers({ collection, found }: Props) {
  const t = useTexts();
  return (
    <FoundList meaning={t("outliersMeaning")} found={found}>
      {(one) => <Outlier key={one.face_id} collection={collection} one={one} />}
    </FoundList>
  );
}

function Outlier({ collection, one }: { collection: string; one: UnlikeFace }) {
  const t = useTexts();
  const rate = useRate();
  const may = useMay();
  const [moving, setMoving] = useState(false);
  return (
    <Card withBorder>
      <Group wrap="nowrap" align="end">
        <FoundFace collection={collection} face={one.face_id} subject={one.subject} />
        <FirstFace collection={collection} subject={one.subject.id} size={88} />
      </Group>
      <Text size="sm" my="xs">
        {t("strangersAlike", { rate: rate(one.fmr) })}
      </Text>
      <Group gap="xs">
        {may("enroll") && may("erase") && may("browse") && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              setMoving(true);
            }}
          >
            {t("moveElsewhere")}
          </Button>
        )}
        <EraseFace collection={collection} face={one.face_id} />
      </Group>
      {moving && (
        <MoveFaces
          collection={collection}
          from={one.subject.id}
          faces={[one.face_id]}
          onClose={() => {
            setMoving(false);
          }}
        />
      )}
    </Card>
  );
}
