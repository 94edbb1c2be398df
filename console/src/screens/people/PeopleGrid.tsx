/** A grid that draws no more people than are seen. */

import { Box, Card, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import type { Subject } from "facet-client";
import { memo, useEffect } from "react";

import { useFirstFace } from "../../api/people";
import { FacePicture } from "../../parts/FacePicture";
import { useTexts } from "../../texts/language";

const CARD = 150;
const GAP = 12;
const ROW = 218;
/** Where the grid begins on the page. */
const ABOVE = 130;

interface Props {
  collection: string;
  people: Subject[];
  more: boolean;
  /** Whether everybody is needed at once. */
  eager: boolean;
  onMore: () => void;
}

export function PeopleGrid({ collection, people, more, eager, onMore }: Props) {
  const { ref, width } = useElementSize();
  const columns = Math.max(2, Math.floor((width + GAP) / (CARD + GAP)));
  const rows = useWindowVirtualizer({
    count: Math.ceil(people.length / columns),
    estimateSize: () => ROW,
    overscan: 2,
    scrollMargin: ABOVE,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && (eager || (last + 3) * columns >= people.length)) onMore();
  }, [more, eager, last, columns, people.length, onMore]);
  return (
    <Box ref={ref} h={rows.getTotalSize()} pos="relative" role="list">
      {width > 0 &&
        shown.map((row) => (
          <Box
            key={row.key}
            role="presentation"
            pos="absolute"
            w="100%"
            style={{
              transform: `translateY(${String(row.start - ABOVE)}px)`,
              display: "grid",
              gap: GAP,
              gridTemplateColumns: `repeat(${String(columns)}, minmax(0, 1fr))`,
            }}
          >
            {people.slice(row.index * columns, (row.index + 1) * columns).map((one) => (
              <PersonCard
                key={one.id}
                collection={collection}
                person={one}
                // Whoever only flies past is not asked for.
                wanted={!rows.isScrolling}
              />
            ))}
          </Box>
        ))}
    </Box>
  );
}

interface CardProps {
  collection: string;
  person: Subject;
  /** Whether the face is to be fetched, if it is not there. */
  wanted: boolean;
}

const PersonCard = memo(function PersonCard({ collection, person, wanted }: CardProps) {
  const t = useTexts();
  const face = useFirstFace(collection, person, wanted);
  return (
    <Box role="listitem">
      <Card
        withBorder
        padding="xs"
        h={ROW - GAP}
        renderRoot={(props: object) => (
          <Link to="/people/$subject" params={{ subject: person.id }} {...props} />
        )}
      >
        <Card.Section>
          <FacePicture
            collection={collection}
            face={face.data?.id}
            kept={face.data?.image_kept ?? true}
            loading={face.isPending && person.faces > 0}
            size="100%"
            height={140}
            alt=""
          />
        </Card.Section>
        <Text fw={500} truncate mt={6} title={person.name}>
          {person.name}
        </Text>
        <Text size="sm" c="dimmed">
          {t("facesOf", { count: person.faces })}
        </Text>
      </Card>
    </Box>
  );
});
