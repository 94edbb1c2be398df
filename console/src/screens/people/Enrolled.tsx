/** The enrolled faces of somebody: looked at, moved to somebody else, erased. */

import { Badge, Button, Card, Checkbox, Group, SimpleGrid, Stack, Title } from "@mantine/core";
import type { Face, Subject } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useFaces, usePeopleChanged } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { EraseDialog } from "../../parts/EraseDialog";
import { FacePicture } from "../../parts/FacePicture";
import { useTexts } from "../../texts/language";
import { MoveFaces } from "./MoveFaces";

interface Props {
  collection: string;
  person: Subject;
}

export function Enrolled({ collection, person }: Props) {
  const t = useTexts();
  const may = useMay();
  const faces = useFaces(collection, person.id);
  const changed = usePeopleChanged();
  const [chosen, setChosen] = useState<number[]>([]);
  const [moving, setMoving] = useState(false);
  const [erasing, setErasing] = useState<number>();
  const mayMove = may("enroll") && may("erase") && may("browse");
  const held = (faces.data ?? []).filter((one) => chosen.includes(one.id));
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs" mih={36}>
        <Title order={2} size="h4">
          {t("facesOf", { count: person.faces })}
        </Title>
        {held.length > 0 && (
          <Group gap="xs">
            <Button
              size="compact-md"
              onClick={() => {
                setMoving(true);
              }}
            >
              {t("moveFaces", { count: held.length })}
            </Button>
          </Group>
        )}
      </Group>
      <Answer query={faces}>
        {(found) => (
          <SimpleGrid cols={{ base: 2, xs: 3, sm: 4, lg: 6 }}>
            {found.map((face) => (
              <FaceCard
                key={face.id}
                collection={collection}
                face={face}
                chosen={chosen.includes(face.id)}
                onChoose={
                  mayMove
                    ? (wanted) => {
                        setChosen((before) =>
                          wanted
                            ? [...before, face.id]
                            : before.filter((other) => other !== face.id),
                        );
                      }
                    : undefined
                }
                onErase={
                  may("erase")
                    ? () => {
                        setErasing(face.id);
                      }
                    : undefined
                }
              />
            ))}
          </SimpleGrid>
        )}
      </Answer>
      {moving && (
        <MoveFaces
          collection={collection}
          from={person.id}
          faces={held.map((one) => one.id)}
          onClose={() => {
            setMoving(false);
            setChosen([]);
          }}
        />
      )}
      {erasing !== undefined && (
        <EraseDialog
          name={t("oneFace", { id: erasing })}
          erase={(options) => facet.faces.erase(collection, erasing, options)}
          onErased={changed}
          onClose={() => {
            setErasing(undefined);
          }}
        />
      )}
    </Card>
  );
}

interface FaceProps {
  collection: string;
  face: Face;
  chosen: boolean;
  onChoose: ((wanted: boolean) => void) | undefined;
  onErase: (() => void) | undefined;
}

function FaceCard({ collection, face, chosen, onChoose, onErase }: FaceProps) {
  const t = useTexts();
  const { score, reasons } = face.quality;
  return (
    <Stack gap={4}>
      <FacePicture
        collection={collection}
        face={face.id}
        kept={face.image_kept}
        size="100%"
        height={140}
        alt={t("oneFace", { id: face.id })}
      />
      <Group gap={4}>
        <Badge variant="light" color={reasons.length ? "orange" : "teal"}>
          {t("quality", { score: (score * 100).toFixed(0) })}
        </Badge>
        {reasons.map((reason) => (
          <Badge key={reason} variant="outline" color="orange" size="sm">
            {reason}
          </Badge>
        ))}
      </Group>
      <Group justify="space-between" gap={4}>
        {onChoose && (
          <Checkbox
            label={t("choose")}
            checked={chosen}
            onChange={(event) => {
              onChoose(event.currentTarget.checked);
            }}
          />
        )}
        {onErase && (
          <Button size="compact-xs" variant="subtle" color="red" onClick={onErase}>
            {t("erase")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
