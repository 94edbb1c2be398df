/** What stands in the place of a screen that cannot be shown. */

import { Alert, Button, Stack, Text } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";

import { toldOf } from "../api/failures";
import { useTexts } from "../texts/language";

export function Failed({ error }: ErrorComponentProps) {
  const t = useTexts();
  const { title, message } = toldOf(error);
  return (
    <Alert color="red" role="alert" title={t("screenFailed")} m="md">
      <Stack gap="xs" align="start">
        <Text size="sm">{t("screenFailedNext")}</Text>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {title} {message}
        </Text>
        <Button
          variant="light"
          onClick={() => {
            window.location.reload();
          }}
        >
          {t("loadAnew")}
        </Button>
      </Stack>
    </Alert>
  );
}
