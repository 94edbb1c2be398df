/** The key is asked for once and exchanged for a session. */

import { Alert, Anchor, Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { toldOf } from "../../api/failures";
import { useSigning } from "../../api/session";
import { useTexts } from "../../texts/language";

export function SignIn() {
  const t = useTexts();
  const [key, setKey] = useState("");
  const signing = useSigning();
  const signIn = useMutation({ mutationFn: () => signing.signIn(key) });
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" w={440} maw="100%">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate();
          }}
        >
          <Stack>
            <Title order={1}>Facet</Title>
            <PasswordInput
              label={t("apiKey")}
              description={t("apiKeyKept")}
              value={key}
              onChange={(event) => {
                setKey(event.currentTarget.value);
              }}
              autoComplete="off"
              required
              data-autofocus
            />
            {signIn.error && (
              <Alert color="red" role="alert" title={toldOf(signIn.error).title}>
                {toldOf(signIn.error).message}
              </Alert>
            )}
            <Button type="submit" loading={signIn.isPending} disabled={!key.trim()}>
              {t("signIn")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("makeKey")} <Code>facet keys create --name me --scope admin</Code>
            </Text>
            <Anchor size="sm" href="../docs">
              {t("describedApi")}
            </Anchor>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
