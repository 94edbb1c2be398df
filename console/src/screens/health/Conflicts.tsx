/** Faces that could be somebody else's: given to them, or both found to be one person. */

import { Badge, Button, Card, Group, Menu, Text } from "@mantine/core";
import type { Lookalike } from "facet-client";

import { useMay } from "../../api/session";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { useCorrections } from "../people/useCorrections";
import { EraseFace, FoundFace } from "./FoundFace";
import { FoundList } from "./FoundList";

interface Props {
  collection: string;
  found: { total: number; listed: Lookalike[] };
}

export function Conflicts({ collection, found }: Props) {
  const t = useTexts();
  return (
    <FoundList meaning={t("conflictsMeaning")} found={found}>
      {(one) => (
        <Conflict key={`${String(one.face_id)} ${one.other_subject.id}`} collection={collection} one={one} />
      )}
    </FoundList>
  );
}

function Conflict({ collection, one }: { collection: string; one: Lookalike }) {
  const t = useTexts();
  const rate = useRate();
  const may = useMay();
  const { move, merge } = useCorrections(collection);
  const { subject, other_subject: other } = one;
  return (
    <Card withBorder>
      <Group wrap="nowrap" align="start">
        <FoundFace collection={collection} face={one.face_id} subject={subject} />
        <FoundFace collection={collection} face={one.other_face_id} subject={other} />
      </Group>
      <Group gap="xs" my="xs">
        <Text size="sm">{t("strangersAlike", { rate: rate(one.fmr) })}</Text>
        {one.nearer && <Badge color="orange">{t("nearer")}</Badge>}
      </Group>
      <Group gap="xs">
        {may("enroll") && may("erase") && may("browse") && (
          <>
            <Button
              size="compact-sm"
              variant="light"
              loading={move.isPending}
              onClick={() => {
                move.mutate({ faces: [one.face_id], subject: other.id });
              }}
            >
              {t("moveTo", { name: other.name })}
            </Button>
            <Menu>
              <Menu.Target>
                <Button size="compact-sm" variant="light" loading={merge.isPending}>
                  {t("onePerson")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t("keepWhom")}</Menu.Label>
                {[
                  [other, subject] as const,
                  [subject, other] as const,
                ].map(([into, absorbed]) => (
                  <Menu.Item
                    key={into.id}
                    onClick={() => {
                      merge.mutate({ into: into.id, absorbed: absorbed.id });
                    }}
                  >
                    {into.name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </>
        )}
        <EraseFace collection={collection} face={one.face_id} />
      </Group>
    </Card>
  );
}
