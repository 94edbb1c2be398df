/** Pictures in the browser: their sizes, and parts of them. */

import type { Box } from "facet-client";

const MARGIN = 0.6;
const QUALITY = 0.95;

/** The picture of a video at this moment. */
export function frameOf(video: HTMLVideoElement): Promise<Blob> {
  return drawn(video.videoWidth, video.videoHeight, (context) => {
    context.drawImage(video, 0, 0);
  });
}

/** The part of a picture around a face, with a margin in which it is found again. */
export async function cropped(file: Blob, box: Box): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const margin = Math.max(box.width, box.height) * MARGIN;
  const left = Math.max(0, box.x - margin);
  const top = Math.max(0, box.y - margin);
  const right = Math.min(picture.width, box.x + box.width + margin);
  const bottom = Math.min(picture.height, box.y + box.height + margin);
  return drawn(Math.round(right - left), Math.round(bottom - top), (context) => {
    context.drawImage(picture, -left, -top);
  });
}

function drawn(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  return new Promise((resolve, reject) => {
    if (!context) {
      reject(new Error("The browser cannot draw."));
      return;
    }
    draw(context);
    canvas.toBlob(
      (blob) => {
        if (blob) resolve(blob);
        else reject(new Error("The browser cannot draw."));
      },
      "image/jpeg",
      QUALITY,
    );
  });
}
