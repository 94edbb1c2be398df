/** A chart with lines; loaded when one is looked at. */

import "@mantine/charts/styles.css";

import { LineChart } from "@mantine/charts";
import { decimalOf } from "../texts/numbers";

const TICK_WIDTH = 110;

export interface Mark {
  /** Beyond the lines it stands at their end. */
  x: number;
  label: string;
  color: string;
  labelPosition?: "insideTopRight";
}

interface Props {
  points: { x: number; y?: number; z?: number }[];
  name: string;
  /** Of a second line, if there is one. */
  otherName?: string;
  xName: string;
  ticks: number[];
  tickName: (value: number) => string;
  marks: Mark[];
}

export default function Lines({ points, name, otherName, xName, ticks, tickName, marks }: Props) {
  const second = otherName ? [{ name: "z", label: otherName, color: "orange.6" }] : [];
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 1];
  return (
    <LineChart
      h={otherName ? 240 : 180}
      data={points}
      dataKey="x"
      series={[{ name: "y", label: name, color: "teal.6" }, ...second]}
      withLegend={otherName !== undefined}
      withDots={false}
      curveType="linear"
      xAxisLabel={xName}
      xAxisProps={{
        type: "number",
        domain: ["dataMin", "dataMax"],
        tickCount: 6,
        tickFormatter: (value: number) => decimalOf(value, 2),
      }}
      yAxisProps={{ scale: "log", domain: ["dataMin", "dataMax"], width: TICK_WIDTH, ticks }}
      valueFormatter={tickName}
      referenceLines={marks.map((one) => ({ ...one, x: Math.min(last, Math.max(first, one.x)) }))}
      withTooltip={false}
    />
  );
}
