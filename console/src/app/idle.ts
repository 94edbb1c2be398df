/** Signing out a browser that nobody sits at, even if a screen asks for news by itself. */

import { useIdle } from "@mantine/hooks";
import { useEffect, useRef } from "react";

import { useCaller, useSigning } from "../api/session";

const USUAL = 1800;

export function useIdleSignOut(): void {
  const { data: caller } = useCaller();
  const idle = useIdle((caller?.idle_seconds ?? USUAL) * 1000, { initialState: false });
  const { signOut } = useSigning();
  const latest = useRef(signOut);
  useEffect(() => {
    latest.current = signOut;
  });
  const signedIn = caller?.session != null;
  useEffect(() => {
    if (idle && signedIn) void latest.current().catch(() => undefined);
  }, [idle, signedIn]);
}
