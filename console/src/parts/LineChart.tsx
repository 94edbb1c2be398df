/** A chart with lines; loaded when one is looked at. */

import "@mantine/charts/styles.css";

import { LineChart } from "@mantine/charts";

interface Props {
  points: { x: number; y: number }[];
  name: string;
  xName: string;
  marks: { x: number; label: string; color: string }[];
}

export default function Lines({ points, name, xName, marks }: Props) {
  return (
    <LineChart
      h={180}
      data={points}
      dataKey="x"
      series={[{ name: "y", label: name, color: "teal.6" }]}
      withDots={false}
      curveType="linear"
      xAxisLabel={xName}
      xAxisProps={{
        type: "number",
        domain: ["dataMin", "dataMax"],
        tickCount: 6,
        tickFormatter: (value: number) => value.toFixed(2),
      }}
      yAxisProps={{ scale: "log", domain: ["dataMin", "dataMax"], width: 70 }}
      valueFormatter={(value) => value.toExponential(0)}
      referenceLines={marks}
      withTooltip={false}
    />
  );
}
