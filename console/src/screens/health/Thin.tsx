/** People with too few faces, or with none that is good enough: pictures are added here. */

import { Badge, Button, Card, Group, Modal, Stack } from "@mantine/core";
import type { SubjectName, WeakSubject } from "facet-client";
import { useState } from "react";

import { useMay } from "../../api/session";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { AddTo } from "../people/AddTo";
import { FirstFace } from "../people/FirstFace";
import { PersonLink } from "../people/PersonLink";
import { FoundList } from "./FoundList";

interface Weak {
  total: number;
  listed: WeakSubject[];
}

interface Props {
  collection: string;
  few: Weak;
  poor: Weak;
}

export function Thin({ collection, few, poor }: Props) {
  const t = useTexts();
  const [adding, setAdding] = useState<SubjectName>();
  const lists: [string, Weak][] = [
    [t("fewFacesMeaning"), few],
    [t("poorFacesMeaning"), poor],
  ];
  return (
    <Stack>
      {lists
        .filter(([, found]) => found.total || !(few.total + poor.total))
        .map(([meaning, found]) => (
          <FoundList key={meaning} meaning={meaning} found={found}>
            {(one) => (
              <WeakCard
                key={one.subject.id}
                collection={collection}
                one={one}
                onAdd={() => {
                  setAdding(one.subject);
                }}
              />
            )}
          </FoundList>
        ))}
      {adding && (
        <Modal
          opened
          size="lg"
          title={t("addPicturesTo", { name: adding.name })}
          onClose={() => {
            setAdding(undefined);
          }}
        >
          <AddTo collection={collection} subject={adding.id} />
        </Modal>
      )}
    </Stack>
  );
}

interface WeakProps {
  collection: string;
  one: WeakSubject;
  onAdd: () => void;
}

function WeakCard({ collection, one, onAdd }: WeakProps) {
  const t = useTexts();
  const may = useMay();
  return (
    <Card withBorder>
      <Group wrap="nowrap" align="start">
        <FirstFace collection={collection} subject={one.subject.id} size={88} />
        <Stack gap={4} align="start" style={{ minWidth: 0 }}>
          <PersonLink {...one.subject} />
          <Group gap={4}>
            <Badge variant="light" color="orange">
              {t("facesOf", { count: one.faces })}
            </Badge>
            {one.best_quality !== null && (
              <Badge variant="light">
                {t("bestQuality", { score: decimalOf(one.best_quality * 100, 0) })}
              </Badge>
            )}
          </Group>
          {may("enroll") && (
            <Button size="compact-sm" variant="light" onClick={onAdd}>
              {t("addPictures")}
            </Button>
          )}
        </Stack>
      </Group>
    </Card>
  );
}
