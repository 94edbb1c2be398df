/** Why a face is of poor quality, in words. */

import type { Key, useTexts } from "../texts/language";

const TEXTS: Record<string, Key> = {
  blurred: "quality-blurred",
  bright: "quality-bright",
  "cut-by-border": "quality-cut-by-border",
  dark: "quality-dark",
  "extreme-pose": "quality-extreme-pose",
  "low-confidence": "quality-low-confidence",
  "small-face": "quality-small-face",
};

/** The reason in the language that is spoken; one that a later server gives, as it comes. */
export function reasonIn(t: ReturnType<typeof useTexts>, reason: string): string {
  const key = TEXTS[reason];
  return key === undefined ? reason : t(key);
}
