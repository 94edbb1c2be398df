/** A chart with lines; loaded when one is looked at. */

import "@mantine/charts/styles.css";

import { LineChart } from "@mantine/charts";
import { decimalOf } from "../texts/numbers";

export interface Mark {
  x: number;
  label: string;
  color: string;
  labelPosition?: "insideTopRight";
}

interface Props {
  points: { x: number; y: number; z?: number }[];
  name: string;
  /** Of a second line, if there is one. */
  otherName?: string;
  xName: string;
  marks: Mark[];
}

export default function Lines({ points, name, otherName, xName, marks }: Props) {
  const second = otherName ? [{ name: "z", label: otherName, color: "orange.6" }] : [];
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
      yAxisProps={{ scale: "log", domain: ["dataMin", "dataMax"], width: 70 }}
      valueFormatter={(value) => value.toExponential(0)}
      referenceLines={marks}
      withTooltip={false}
    />
  );
}
