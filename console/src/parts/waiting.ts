/** Decisions that are about to be sent, until then with a way back. */

import { useCallback, useEffect, useRef, useState } from "react";

const SECONDS = 6;

export interface Waiting {
  /** Ids of what it is about, which is shown no more. */
  about: string[];
  text: string;
  run: () => Promise<unknown>;
}

interface Timed extends Waiting {
  timer: ReturnType<typeof setTimeout>;
}

/** Decisions wait for some seconds before they are sent; leaving the screen sends them at once. */
export function useWaiting(onDone: () => void, onFailure: (error: unknown) => void) {
  const timed = useRef<Timed[]>([]);
  // One after the other: a later decision may be about what an earlier one has made.
  const order = useRef(Promise.resolve());
  const [waiting, setWaiting] = useState<Waiting[]>([]);
  const send = useCallback(
    (one: Waiting) => {
      timed.current = timed.current.filter((other) => other.about !== one.about);
      order.current = order.current
        .then(() => one.run())
        .then(() => undefined, onFailure)
        .finally(() => {
          setWaiting((before) => before.filter((other) => other.about !== one.about));
          onDone();
        });
    },
    [onDone, onFailure],
  );
  const add = useCallback(
    (one: Waiting) => {
      const timer = setTimeout(() => {
        send(one);
      }, SECONDS * 1000);
      timed.current.push({ ...one, timer });
      setWaiting((before) => [...before, one]);
    },
    [send],
  );
  /** Take the last decision back that has not been sent. */
  const undo = useCallback(() => {
    const last = timed.current.pop();
    if (!last) return;
    clearTimeout(last.timer);
    setWaiting((before) => before.filter((other) => other.about !== last.about));
  }, []);
  const latest = useRef({ onDone, onFailure });
  useEffect(() => {
    latest.current = { onDone, onFailure };
  });
  useEffect(
    () => () => {
      const { onDone: done, onFailure: fail } = latest.current;
      for (const one of timed.current) {
        clearTimeout(one.timer);
        order.current = order.current
          .then(() => one.run())
          .then(() => undefined, fail)
          .finally(done);
      }
      timed.current = [];
    },
    [],
  );
  return { waiting, add, undo };
}
