/** Retries: which failures pass by themselves, and how long to wait for that. */

/** How often and for how long a request is tried again. */
export interface Retries {
  /** Beyond the first; 0 is never, 4 is the default. */
  times: number;
  /** Milliseconds until the second try where the server says nothing, doubled with each. */
  first: number;
  /** Milliseconds that are waited at most; a server that asks for more is not asked again. */
  longest: number;
}

export const RETRIES: Retries = { times: 4, first: 500, longest: 30_000 };

/** Statuses of a server that has too much to do, or is in trouble that passes. */
export const PASSING: ReadonlySet<number> = new Set([429, 503]);

/** Milliseconds to wait after so many tries, or undefined to give up. */
export function delay(retries: Retries, tried: number, retryAfter: string | null): number | undefined {
  if (tried > retries.times) return undefined;
  if (retryAfter !== null && /^\d+$/.test(retryAfter)) {
    const asked = Number(retryAfter) * 1000;
    return asked <= retries.longest ? asked : undefined;
  }
  const wait = Math.min(retries.longest, retries.first * 2 ** (tried - 1));
  // So that clients do not come together.
  return wait * (0.5 + Math.random() / 2);
}

/** Wait. Rejects with the signal's reason when it ends the call. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }
    function aborted(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    if (signal?.aborted) aborted();
    else signal?.addEventListener("abort", aborted, { once: true });
  });
}
