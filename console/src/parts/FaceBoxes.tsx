/** A picture with the boxes of its faces over it. */

import { Box, useMantineTheme } from "@mantine/core";
import type { Box as FaceBox } from "facet-client";
import type { ReactNode } from "react";

export interface Boxed {
  box: FaceBox;
  label: string;
  known: boolean;
}

interface Props {
  width: number;
  height: number;
  faces: Boxed[];
  chosen?: number | undefined;
  onChoose?: ((index: number) => void) | undefined;
  children: ReactNode;
}

export function FaceBoxes({ width, height, faces, chosen, onChoose, children }: Props) {
  const colors = useMantineTheme().colors;
  const stroke = Math.max(width, height) / 250;
  return (
    <Box pos="relative" maw="100%" w="fit-content" style={{ lineHeight: 0 }}>
      {children}
      <svg
        viewBox={`0 0 ${String(width)} ${String(height)}`}
        style={{ position: "absolute", inset: 0, width: "100%", height: "100%" }}
      >
        {faces.map(({ box, label, known }, index) => {
          const color = known ? colors.teal[4] : colors.orange[4];
          return (
            <g
              key={index}
              role={onChoose ? "button" : "img"}
              tabIndex={onChoose ? 0 : undefined}
              aria-label={label}
              aria-pressed={onChoose ? index === chosen : undefined}
              style={{ cursor: onChoose ? "pointer" : "default" }}
              onClick={() => onChoose?.(index)}
              onKeyDown={(event) => {
                if (event.key === "Enter" || event.key === " ") onChoose?.(index);
              }}
            >
              <rect
                x={box.x}
                y={box.y}
                width={box.width}
                height={box.height}
                fill="transparent"
                stroke={color}
                strokeWidth={index === chosen ? stroke * 2 : stroke}
                rx={stroke * 2}
              />
              <text
                x={box.x}
                y={Math.max(box.y - stroke * 2, stroke * 8)}
                fill="white"
                stroke="black"
                strokeWidth={stroke}
                paintOrder="stroke"
                fontSize={stroke * 8}
              >
                {label}
              </text>
            </g>
          );
        })}
      </svg>
    </Box>
  );
}
