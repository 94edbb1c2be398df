/** A question to the server: its progress, its failure, or what it gave. */

import { Alert, Button, Center, Loader } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { toldOf } from "../api/failures";
import { useTexts } from "../texts/language";

interface Props<T> {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}

export function Answer<T>({ query, children }: Props<T>) {
  const t = useTexts();
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const { title, message } = toldOf(query.error);
    return (
      <Alert color="red" title={title} role="alert">
        {message}
        <Button mt="sm" variant="light" onClick={() => void query.refetch()} display="block">
          {t("again")}
        </Button>
      </Alert>
    );
  }
  return (
    <Center p="xl">
      <Loader role="progressbar" aria-label={t("loading")} />
    </Center>
  );
}
