/** When and where somebody was seen. */

import { Button, Card, Text, Title } from "@mantine/core";

import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { useSightings } from "../sightings/sighted";
import { SightingCards } from "../sightings/SightingCards";

const PAGE = 12;

export function OwnSightings({ collection, subject }: { collection: string; subject: string }) {
  const t = useTexts();
  const sightings = useSightings(collection, { subject }, PAGE);
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("sightings")}
      </Title>
      <Answer query={sightings}>
        {({ pages }) => {
          const seen = pages.flatMap((page) => page.items);
          if (!seen.length) return <Text c="dimmed">{t("neverSeen")}</Text>;
          return <SightingCards collection={collection} seen={seen} named={false} />;
        }}
      </Answer>
      {sightings.hasNextPage && (
        <Button
          mt="sm"
          w="fit-content"
          variant="default"
          loading={sightings.isFetchingNextPage}
          onClick={() => void sightings.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </Card>
  );
}
