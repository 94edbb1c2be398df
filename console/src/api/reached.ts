/** Whether the server has answered when it was asked last. */

import { useSyncExternalStore } from "react";

let reached = true;
const listeners = new Set<() => void>();

/** Note whether a request was answered, however. */
export function noteReached(now: boolean): void {
  if (now === reached) return;
  reached = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useReached(): boolean {
  return useSyncExternalStore(subscribe, () => reached);
}
