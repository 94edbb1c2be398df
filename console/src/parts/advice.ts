/** Advice on a face before the camera. */

import type { DetectedFace } from "facet-client";

import type { Key } from "../texts/language";

const TURNED = 25;
const BY_REASON: [string, Key][] = [
  ["small-face", "adviceNearer"],
  ["cut-by-border", "adviceMiddle"],
  ["dark", "adviceDark"],
  ["bright", "adviceBright"],
  ["extreme-pose", "adviceStraight"],
  ["blurred", "adviceStill"],
  ["low-confidence", "adviceUncovered"],
];

/** The most useful thing to say about the largest of the faces. */
export function adviceOn(faces: DetectedFace[]): Key {
  const [face, second] = faces;
  if (!face) return "adviceNobody";
  if (second) return "adviceAlone";
  const found = BY_REASON.find(([reason]) => face.quality.reasons.includes(reason));
  if (found) return found[1];
  if (Math.abs(face.pose.yaw) > TURNED || Math.abs(face.pose.pitch) > TURNED) {
    return "adviceStraight";
  }
  return "adviceGood";
}
