/** Receipts of erasures, which this browser keeps. */

import { useSyncExternalStore } from "react";
import type { Receipt } from "facet-client";

const PLACE = "facet-receipts";
const MOST = 500;
const listeners = new Set<() => void>();
let read = "";
let known: Receipt[] = [];

function current(): Receipt[] {
  const text = localStorage.getItem(PLACE) ?? "[]";
  if (text !== read) {
    read = text;
    known = JSON.parse(text) as Receipt[];
  }
  return known;
}

export function keepReceipt(receipt: Receipt): void {
  localStorage.setItem(PLACE, JSON.stringify([receipt, ...current()].slice(0, MOST)));
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function useReceipts(): Receipt[] {
  return useSyncExternalStore(subscribe, current);
}

/** Hand something to the reader as a file of JSON. */
export function saveAs(what: unknown, name: string): void {
  const text = JSON.stringify(what, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
