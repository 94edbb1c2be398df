/** What the network looked at for each digit of a date: a row per digit, a column per character. */

import { Text } from "@mantine/core";
import type { Attention } from "facet-client";

import { useTexts } from "../../texts/language";
import { percentOf } from "../../texts/numbers";

const CELL = 20;
/** For the digits before the rows, and the characters above the columns. */
const EDGE = 28;

export function AttentionPicture({ attention }: { attention: Attention }) {
  const t = useTexts();
  const { rows, columns, weights } = attention;
  const width = EDGE + columns.length * CELL;
  const height = EDGE + rows.length * CELL;
  return (
    <div>
      <Text size="sm" mb="xs">
        {t("attentionMeaning")}
      </Text>
      <div style={{ overflowX: "auto" }} tabIndex={0} role="group" aria-label={t("attention")}>
        <svg width={width} height={height} role="img" aria-label={t("attention")} fill="currentColor" fontSize={12}>
          {columns.map((character, column) => (
            <text key={column} x={EDGE + (column + 0.5) * CELL} y={EDGE - 8} textAnchor="middle">
              {character}
            </text>
          ))}
          {rows.map((digit, row) => (
            <g key={row}>
              <text x={EDGE - 8} y={EDGE + (row + 0.7) * CELL} textAnchor="end">
                {digit}
              </text>
              {weights[row]?.map((weight, column) => (
                <rect
                  key={column}
                  x={EDGE + column * CELL}
                  y={EDGE + row * CELL}
                  width={CELL - 1}
                  height={CELL - 1}
                  fill="var(--mantine-primary-color-filled)"
                  fillOpacity={0.06 + 0.94 * weight}
                >
                  <title>{`${digit} ← ${columns[column] ?? ""}: ${percentOf(weight)}`}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
    </div>
  );
}
