/** Faces that were remembered: their pictures, when and where they were seen, and who it was. */

import { Badge, Button, Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Seen } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { usePeopleChanged } from "../../api/people";
import { sightingAddress } from "../../api/pictures";
import { useMay } from "../../api/session";
import { EraseDialog } from "../../parts/EraseDialog";
import { KeptPicture } from "../../parts/KeptPicture";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { PersonLink } from "../people/PersonLink";

interface Props {
  collection: string;
  seen: Seen[];
  /** Whether it is told who was seen. */
  named: boolean;
}

export function SightingCards({ collection, seen, named }: Props) {
  const t = useTexts();
  const changed = usePeopleChanged();
  const [erasing, setErasing] = useState<number>();
  return (
    <>
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4, xl: 6 }}>
        {seen.map((one) => (
          <SightingCard
            key={one.id}
            collection={collection}
            one={one}
            named={named}
            onErase={() => {
              setErasing(one.id);
            }}
          />
        ))}
      </SimpleGrid>
      {erasing !== undefined && (
        <EraseDialog
          name={t("oneSighting", { id: String(erasing) })}
          erase={(options) => facet.sightings.eraseSighting(collection, erasing, options)}
          onErased={() => Promise.resolve()}
          onClose={(erased) => {
            setErasing(undefined);
            if (erased) void changed();
          }}
        />
      )}
    </>
  );
}

interface CardProps {
  collection: string;
  one: Seen;
  named: boolean;
  onErase: () => void;
}

function SightingCard({ collection, one, named, onErase }: CardProps) {
  const t = useTexts();
  const may = useMay();
  return (
    <Card withBorder padding="xs">
      <Card.Section>
        <KeptPicture
          address={one.has_image ? sightingAddress(collection, one.id) : undefined}
          size="100%"
          height={130}
          alt={t("oneSighting", { id: String(one.id) })}
        />
      </Card.Section>
      <Stack gap={2} mt={6}>
        <Text size="sm">
          <Moment at={one.at} />
        </Text>
        {one.source && (
          <Text size="sm" c="dimmed" truncate title={one.source}>
            {one.source}
          </Text>
        )}
        <Group gap={4}>
          {one.decision && (
            <Badge size="sm" variant="light" color={one.decision === "known" ? "teal" : "orange"}>
              {t(one.decision)}
            </Badge>
          )}
          <Badge size="sm" variant="default">
            {t("quality", { score: decimalOf(one.quality.score * 100, 0) })}
          </Badge>
        </Group>
        {one.subject && (named || one.decision !== "known") && (
          <Text size="sm">
            {one.decision === "unknown" && t("nearestIs")} <PersonLink {...one.subject} />
          </Text>
        )}
        {one.similarity !== null && (
          <Text size="xs" c="dimmed">
            {t("similarity")} {decimalOf(one.similarity, 3)}
          </Text>
        )}
        {may("erase") && (
          <Button size="compact-xs" variant="subtle" color="red" w="fit-content" onClick={onErase}>
            {t("erase")}
          </Button>
        )}
      </Stack>
    </Card>
  );
}
