/** Who did what with somebody: the audit record's entries about them, newest first. */

import { Button, Card, Text, Title } from "@mantine/core";

import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { useAudit } from "../administration/audited";
import { AuditTable } from "../administration/AuditTable";

const PAGE = 10;

export function OwnAudit({ collection, subject }: { collection: string; subject: string }) {
  const t = useTexts();
  // Whatever changes a person is written down, so that both are asked for anew together.
  const entries = useAudit(["person", collection, subject, "audit"], { subject }, PAGE);
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("audit")}
      </Title>
      <Answer query={entries}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items);
          return found.length ? <AuditTable entries={found} /> : <Text c="dimmed">{t("noAudit")}</Text>;
        }}
      </Answer>
      {entries.hasNextPage && (
        <Button
          mt="sm"
          w="fit-content"
          variant="default"
          loading={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </Card>
  );
}
