/** Failures as people are told of them. */

import { notifications } from "@mantine/notifications";
import { FacetError, UnreachableError } from "facet-client";

import { spokenText } from "../texts/language";

export interface Told {
  title: string;
  message: string;
}

/** What to tell of a failure: what was wrong, and what to do. */
export function toldOf(error: unknown): Told {
  if (error instanceof FacetError) {
    const parts = [error.hint, error.requestId && `(${error.requestId})`];
    return { title: error.detail, message: parts.filter(Boolean).join(" ") };
  }
  if (error instanceof UnreachableError) {
    return { title: spokenText("noAnswer"), message: "" };
  }
  return { title: error instanceof Error ? error.message : String(error), message: "" };
}

/** Show a failure in the corner of the page. */
export function showFailure(error: unknown): void {
  if (error instanceof FacetError && error.status === 401) return;
  notifications.show({ color: "red", ...toldOf(error) });
}
