/** The enrolled faces of somebody: looked at, moved to somebody else, erased. */

import { ActionIcon, Badge, Button, Card, Checkbox, Group, SimpleGrid, Stack, Title } from "@mantine/core";
import { StarIcon } from "@primer/octicons-react";
import type { Face, Subject } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useFaces, usePeopleChanged, useStanding } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { EraseDialog } from "../../parts/EraseDialog";
import { FacePicture } from "../../parts/FacePicture";
import { reasonIn } from "../../parts/reasons";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { MoveFaces } from "./MoveFaces";
import { useCorrections } from "./useCorrections";

interface Props {
  collection: string;
  person: Subject;
}

export function Enrolled({ collection, person }: Props) {
  const t = useTexts();
  const may = useMay();
  const faces = useFaces(collection, person.id);
  const changed = usePeopleChanged();
  const standing = useStanding(collection, person.id, person.faces > 0).data;
  const { stand } = useCorrections(collection);
  const [chosen, setChosen] = useState<number[]>([]);
  const [moving, setMoving] = useState(false);
  const [erasing, setErasing] = useState<number>();
  const mayChoose = may("enroll") && may("browse");
  const mayMove = mayChoose && may("erase");
  const choose = (face: number | null) => () => {
    stand.mutate({ subject: person, face });
  };
  const held = (faces.data ?? []).filter((one) => chosen.includes(one.id));
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs" mih={36}>
        <Title order={2} size="h4">
          {t("facesOf", { count: person.faces })}
        </Title>
        {mayChoose && standing?.chosen && !held.length && (
          <Button size="compact-md" variant="default" onClick={choose(null)}>
            {t("bestAgain")}
          </Button>
        )}
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
                stands={face.id === person.face_id}
                onStand={mayChoose && person.faces > 1 ? choose(face.id) : undefined}
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
          name={t("oneFace", { id: String(erasing) })}
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
  /** Whether it stands for the person. */
  stands: boolean;
  onStand: (() => void) | undefined;
  onChoose: ((wanted: boolean) => void) | undefined;
  onErase: (() => void) | undefined;
}

function FaceCard(props: FaceProps) {
  const { collection, face, chosen, stands, onStand, onChoose, onErase } = props;
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
        alt={t("oneFace", { id: String(face.id) })}
      />
      <Group gap={4}>
        <Badge variant="light" color={reasons.length ? "orange" : "teal"}>
          {t("quality", { score: decimalOf(score * 100, 0) })}
        </Badge>
        {stands && (
          <Badge variant="light" color="blue">
            {t("standsForThem")}
          </Badge>
        )}
        {reasons.map((reason) => (
          <Badge key={reason} variant="outline" color="orange" size="sm">
            {reasonIn(t, reason)}
          </Badge>
        ))}
        {onStand && !stands && (
          <ActionIcon
            size="sm"
            variant="subtle"
            aria-label={t("standForThem", { id: String(face.id) })}
            title={t("standForThem", { id: String(face.id) })}
            onClick={onStand}
          >
            <StarIcon size={14} aria-hidden />
          </ActionIcon>
        )}
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
