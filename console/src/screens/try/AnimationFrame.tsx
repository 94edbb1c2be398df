/** One frame of an animation. */

import { useEffect, useRef } from "react";

import { showFailure } from "../../api/failures";

/** Whether this browser decodes single frames; over plain HTTP from elsewhere none does. */
export function canShowFrames(): boolean {
  return "ImageDecoder" in window;
}

export function AnimationFrame({ file, frame, name }: { file: File; frame: number; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const decoder = useRef<ImageDecoder>(null);
  useEffect(() => {
    const made = new ImageDecoder({ data: file.stream(), type: file.type });
    decoder.current = made;
    return () => {
      made.close();
    };
  }, [file]);
  useEffect(() => {
    const of = decoder.current;
    if (!of) return;
    let gone = false;
    const show = async () => {
      try {
        const { image } = await of.decode({ frameIndex: frame });
        const shown = canvas.current;
        if (!gone && shown) {
          shown.width = image.displayWidth;
          shown.height = image.displayHeight;
          shown.getContext("2d")?.drawImage(image, 0, 0);
        }
        image.close();
      } catch (error) {
        if (!gone) showFailure(error);
      }
    };
    void show();
    return () => {
      gone = true;
    };
  }, [file, frame]);
  return (
    <canvas ref={canvas} role="img" aria-label={name} style={{ maxWidth: "100%", maxHeight: "60vh" }} />
  );
}
