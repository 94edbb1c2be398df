/** The groups that are left, the largest first. */

import { Card, Checkbox, Group, Image, Stack, Text, UnstyledButton } from "@mantine/core";
import type { GroupSummary as Unnamed } from "facet-client";
import { memo, useCallback, useEffect, useRef } from "react";

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
  /** None for those who may decide nothing. */
  onChoose: ((group: string) => void) | undefined;
}

export function GroupList({ collection, groups, current, chosen, onLook, onChoose }: Props) {
  const t = useTexts();
  // Rows are drawn anew only where something of them has changed.
  const latest = useRef({ onLook, onChoose });
  useEffect(() => {
    latest.current = { onLook, onChoose };
  });
  const look = useCallback((group: string) => {
    latest.current.onLook(group);
  }, []);
  const choose = useCallback((group: string) => {
    latest.current.onChoose?.(group);
  }, []);
  return (
    <Stack gap="xs" mah="70vh" style={{ overflowY: "auto" }} tabIndex={0} role="list" aria-label={t("groups")}>
      {groups.slice(0, MOST).map((one) => (
        <GroupRow
          key={one.id}
          collection={collection}
          group={one}
          current={one.id === current}
          chosen={chosen.has(one.id)}
          onLook={look}
          onChoose={onChoose && choose}
        />
      ))}
      {groups.length > MOST && <Text size="sm">{t("andMore", { count: groups.length - MOST })}</Text>}
    </Stack>
  );
}

interface RowProps {
  collection: string;
  group: Unnamed;
  current: boolean;
  chosen: boolean;
  onLook: (group: string) => void;
  onChoose: ((group: string) => void) | undefined;
}

const GroupRow = memo(function GroupRow(props: RowProps) {
  const { collection, group, current, chosen, onLook, onChoose } = props;
  const t = useTexts();
  const place = useRef<HTMLButtonElement>(null);
  const wasCurrent = useRef(current);
  useEffect(() => {
    // Not at first: on a phone the list stands below, and the page would begin there.
    if (current && !wasCurrent.current) place.current?.scrollIntoView({ block: "nearest" });
    wasCurrent.current = current;
  }, [current]);
  return (
    <Group role="listitem" wrap="nowrap" gap="xs">
      {onChoose && (
        <Checkbox.Card
          w="auto"
          p={6}
          withBorder={false}
          aria-label={t("chooseGroup", { count: group.size })}
          checked={chosen}
          onChange={() => {
            onChoose(group.id);
          }}
        >
          <Checkbox.Indicator />
        </Checkbox.Card>
      )}
      <UnstyledButton
        ref={place}
        style={{ flex: 1, minWidth: 0 }}
        aria-current={current}
        onClick={() => {
          onLook(group.id);
        }}
      >
        <Card withBorder padding="xs" bg={current ? "var(--mantine-primary-color-light)" : "inherit"}>
          <Group wrap="nowrap">
            <Image
              src={sightingAddress(collection, group.faces[0]?.id ?? 0)}
              alt=""
              w={48}
              h={48}
              fit="cover"
              radius="sm"
              loading="lazy"
            />
            <div>
              <Text>{t("facesOf", { count: group.size })}</Text>
              <Text size="sm" c={current ? "inherit" : "dimmed"}>
                <Moment at={group.until} />
              </Text>
            </div>
          </Group>
        </Card>
      </UnstyledButton>
    </Group>
  );
});
