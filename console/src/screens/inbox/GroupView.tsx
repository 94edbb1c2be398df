/** One group: its faces, who it may be, and what can be done with it. */

import { Button, Card, Group, Image, Kbd, SimpleGrid, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { GroupSummary as Unnamed } from "facet-client";

import { facet } from "../../api/client";
import { sightingAddress } from "../../api/pictures";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";

const MOST = 60;

interface Props {
  collection: string;
  group: Unnamed;
  onAssign: (() => void) | undefined;
  onNew: (() => void) | undefined;
  onIgnore: (() => void) | undefined;
  onDiscard: (() => void) | undefined;
}

export function GroupView({ collection, group, onAssign, onNew, onIgnore, onDiscard }: Props) {
  const t = useTexts();
  const { data } = useQuery({
    queryKey: ["groups", collection, group.id, "faces"],
    queryFn: () => facet.sightings.list(collection, { group: group.id, limit: MOST }),
  });
  const faces = data?.items ?? group.faces;
  return (
    <Card withBorder>
      <Group mb="md" gap="xs">
        {onAssign && (
          <Button onClick={onAssign}>
            {t("keyAssign")} <Kbd ml={6}>Enter</Kbd>
          </Button>
        )}
        {onNew && (
          <Button variant="default" onClick={onNew}>
            {t("keyNew")} <Kbd ml={6}>N</Kbd>
          </Button>
        )}
        {onIgnore && (
          <Button variant="default" onClick={onIgnore}>
            {t("keyIgnore")} <Kbd ml={6}>I</Kbd>
          </Button>
        )}
        {onDiscard && (
          <Button variant="light" color="red" onClick={onDiscard}>
            {t("keyDiscard")} <Kbd ml={6}>X</Kbd>
          </Button>
        )}
      </Group>
      <Text size="sm" mb="xs">
        {t("facesOf", { count: group.size })}, <Moment at={group.since} /> – <Moment at={group.until} />
      </Text>
      <SimpleGrid cols={{ base: 3, sm: 4, lg: 6 }}>
        {faces.map((face) => (
          <Image
            key={face.id}
            src={sightingAddress(collection, face.id)}
            alt={face.source}
            title={face.source}
            radius="sm"
            h={110}
            fit="cover"
            loading="lazy"
          />
        ))}
      </SimpleGrid>
      {group.size > faces.length && (
        <Text size="sm" mt="xs">
          {t("andMore", { count: group.size - faces.length })}
        </Text>
      )}
    </Card>
  );
}
