/** Who is signed in, and what they may do. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FacetError, type Caller } from "facet-client";
import { useEffect } from "react";

import { facet, sendToken, whenEnded, withKey } from "./client";

export type Need = Caller["may"][number];

const CALLER = ["caller"];
const NOBODY = new Set(["missing-key", "invalid-key", "expired-key", "session-ended"]);

async function fetchCaller(): Promise<Caller | null> {
  try {
    const caller = await facet.sessions.who();
    sendToken(caller.csrf_token);
    return caller;
  } catch (error) {
    if (error instanceof FacetError && NOBODY.has(error.code)) return null;
    throw error;
  }
}

/** The caller; null while nobody is signed in. */
export function useCaller() {
  const cache = useQueryClient();
  useEffect(() => {
    whenEnded(() => {
      if (cache.getQueryData(CALLER)) cache.setQueryData(CALLER, null);
    });
  }, [cache]);
  return useQuery({ queryKey: CALLER, queryFn: fetchCaller, staleTime: Infinity });
}

/** Whether the caller may do something. */
export function useMay(): (need: Need) => boolean {
  const held = useCaller().data?.may ?? [];
  return (need) => held.includes(need);
}

/** Sign in and out. */
export function useSigning() {
  const cache = useQueryClient();
  // The question who asks stays, or the page would not hear of the new answer.
  const become = (caller: Caller | null) => {
    cache.setQueryData(CALLER, caller);
    cache.removeQueries({ predicate: (query) => query.queryKey[0] !== CALLER[0] });
  };
  return {
    async signIn(key: string): Promise<void> {
      const caller = await withKey(key.trim()).sessions.signIn();
      sendToken(caller.csrf_token);
      // What somebody else has seen before is not shown to who signs in now.
      become(caller);
    },
    async signOut(): Promise<void> {
      await facet.sessions.signOut();
      become(null);
    },
    async signOutEverywhere(): Promise<void> {
      await facet.sessions.signOutEverywhere();
      become(null);
    },
  };
}

/** The browsers that are signed in by the caller's key. */
export function useSessions() {
  return useQuery({
    queryKey: ["sessions"],
    queryFn: () => facet.sessions.list(),
  });
}
