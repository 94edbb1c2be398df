/** The groups that are left, the largest first. */

import { Card, Checkbox, Group, Image, Stack, Text, UnstyledButton } from "@mantine/core";
import type { GroupSummary as Unnamed } from "facet-client";
import { useEffect, useRef } from "react";

import { sightingAddress } from "../../api/pictures";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";

const MOST = 200;

interface Props {
  collection: string;
  groups: Unnamed[];
  /** The one that is looked at. */
  current: string;
  /** Those that the next decision is about, if there are any. */
  chosen: ReadonlySet<string>;
  onLook: (group: string) => void;
  onChoose: (group: string) => void;
}

export function GroupList({ collection, groups, current, chosen, onLook, onChoose }: Props) {
  const t = useTexts();
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <Stack gap="xs" mah="70vh" style={{ overflowY: "auto" }} tabIndex={0} role="list" aria-label={t("groups")}>
      {groups.slice(0, MOST).map((one) => (
        <Group role="listitem" key={one.id} wrap="nowrap" gap="xs">
          <Checkbox.Card
            w="auto"
            p={6}
            withBorder={false}
            aria-label={t("chooseGroup", { count: one.size })}
            checked={chosen.has(one.id)}
            onChange={() => {
              onChoose(one.id);
            }}
          >
            <Checkbox.Indicator />
          </Checkbox.Card>
          <UnstyledButton
            ref={one.id === current ? place : null}
            style={{ flex: 1, minWidth: 0 }}
            aria-current={one.id === current}
            onClick={() => {
              onLook(one.id);
            }}
          >
            <Card
              withBorder
              padding="xs"
              bg={one.id === current ? "var(--mantine-primary-color-light)" : "inherit"}
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
                  <Text size="sm" c={one.id === current ? "inherit" : "dimmed"}>
                    <Moment at={one.until} />
                  </Text>
                </div>
              </Group>
            </Card>
          </UnstyledButton>
        </Group>
      ))}
      {groups.length > MOST && <Text size="sm">{t("andMore", { count: groups.length - MOST })}</Text>}
    </Stack>
  );
}
