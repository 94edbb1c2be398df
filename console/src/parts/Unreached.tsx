/** Says so while the server cannot be reached, and asks it until it answers. */

import { Alert } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { send, SERVER } from "../api/client";
import { useReached } from "../api/reached";
import { useTexts } from "../texts/language";

const PAUSE = 3_000;

export function Unreached() {
  const t = useTexts();
  const reached = useReached();
  const cache = useQueryClient();
  useQuery({
    queryKey: ["alive"],
    queryFn: async () => (await send(new URL("livez", SERVER))).ok,
    enabled: !reached,
    refetchInterval: PAUSE,
    retry: false,
  });
  useEffect(() => {
    // What has failed meanwhile is asked for again; what was shown stays until it has come.
    if (reached) void cache.refetchQueries({ predicate: ({ state }) => state.status === "error" });
  }, [reached, cache]);
  if (reached) return null;
  return (
    <Alert color="orange" role="alert" mb="md">
      {t("unreached")}
    </Alert>
  );
}
