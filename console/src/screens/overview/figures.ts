/** Figures of the server's own metrics, where they are published. */

import { useQuery } from "@tanstack/react-query";

import { send, SERVER } from "../../api/client";
import { figuresOf } from "./metrics";

export function useFigures() {
  return useQuery({
    queryKey: ["figures"],
    queryFn: async () => {
      const response = await send(new URL("metrics", SERVER));
      return response.ok ? figuresOf(await response.text()) : null;
    },
    refetchInterval: 15_000,
  });
}
