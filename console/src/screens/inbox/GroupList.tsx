/** The groups that are left, the largest first. */

import { Card, Group, Image, Stack, Text, UnstyledButton } from "@mantine/core";
import type { GroupSummary as Unnamed } from "facet-client";
import { useEffect, useRef } from "react";

import { sightingAddress } from "../../api/pictures";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";

const MOST = 200;

interface Props {
  collection: string;
  groups: Unnamed[];
  chosen: string;
  onChoose: (group: string) => void;
}

export function GroupList({ collection, groups, chosen, onChoose }: Props) {
  const t = useTexts();
  const current = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    current.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <Stack gap="xs" mah="70vh" style={{ overflowY: "auto" }} tabIndex={0} role="list" aria-label={t("groups")}>
      {groups.slice(0, MOST).map((one) => (
        <div role="listitem" key={one.id}>
          <UnstyledButton
            ref={one.id === chosen ? current : null}
            w="100%"
            aria-current={one.id === chosen}
            onClick={() => {
              onChoose(one.id);
            }}
          >
            <Card
              withBorder
              padding="xs"
              bg={one.id === chosen ? "var(--mantine-primary-color-light)" : "inherit"}
            >
              <Group wrap="nowrap">
                <Image
                  src={sightingAddress(collection, one.faces[0]?.id ?? 0)}
                  alt=""
                  w={48}
                  h={48}
                  fit="cover"
                  radius="sm"
                  loading="lazy"
                />
                <div>
                  <Text>{t("facesOf", { count: one.size })}</Text>
                  <Text size="sm" c={one.id === chosen ? "inherit" : "dimmed"}>
                    <Moment at={one.until} />
                  </Text>
                </div>
              </Group>
            </Card>
          </UnstyledButton>
        </div>
      ))}
      {groups.length > MOST && <Text size="sm">{t("andMore", { count: groups.length - MOST })}</Text>}
    </Stack>
  );
}
