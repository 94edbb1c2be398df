import type { DetectedFace } from "facet-client";
import { expect, it } from "vitest";

import { adviceOn } from "./advice";

function face(reasons: string[], yaw = 0): DetectedFace {
  return {
    box: { x: 0, y: 0, width: 100, height: 100 },
    probability: 1,
    landmarks: [],
    pose: { yaw, pitch: 0, roll: 0 },
    quality: { score: 1, reasons, sharpness: 100, brightness: 100 },
  };
}

it("advice is on the worst that is wrong", () => {
  expect(adviceOn([])).toBe("adviceNobody");
  expect(adviceOn([face([]), face([])])).toBe("adviceAlone");
  expect(adviceOn([face(["blurred", "small-face"])])).toBe("adviceNearer");
  expect(adviceOn([face([], 40)])).toBe("adviceStraight");
  expect(adviceOn([face([])])).toBe("adviceGood");
});
