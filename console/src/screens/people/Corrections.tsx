/** Corrections of who is who that touched somebody, and the way back from each. */

import { Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";

import { useOperations } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { useCorrections } from "./useCorrections";

export function Corrections({ collection, subject }: { collection: string; subject: string }) {
  const t = useTexts();
  const may = useMay();
  const operations = useOperations(collection);
  const { undo } = useCorrections(collection);
  const mayUndo = may("enroll") && may("erase") && may("browse");
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("corrections")}
      </Title>
      <Answer query={operations}>
        {({ items }) => {
          const about = items.filter(
            (one) => one.subject_id === subject || Object.values(one.faces).includes(subject),
          );
          if (!about.length) return <Text c="dimmed">{t("noCorrections")}</Text>;
          return (
            <Stack gap="xs">
              {about.map((one) => (
                <Group key={one.id} justify="space-between">
                  <Text size="sm">
                    {one.kind === "merge"
                      ? t("wasMerged", { name: one.absorbed_subject ?? "" })
                      : one.kind === "refuse"
                        ? t("wasRefused")
                        : one.kind === "choose-face"
                          ? t("wasChosen")
                          : t("wereMoved", { count: Object.keys(one.faces).length })}{" "}
                    <Moment at={one.at} />
                  </Text>
                  {one.undone_at ? (
                    <Badge variant="default">{t("undone")}</Badge>
                  ) : (
                    mayUndo && (
                      <Button
                        size="compact-sm"
                        variant="light"
                        onClick={() => {
                          undo.mutate(one.id);
                        }}
                      >
                        {t("undo")}
                      </Button>
                    )
                  )}
                </Group>
              ))}
            </Stack>
          );
        }}
      </Answer>
    </Card>
  );
}
