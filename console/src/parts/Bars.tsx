/** A chart with two bars for each row; loaded when one is looked at. */

import "@mantine/charts/styles.css";

import { BarChart } from "@mantine/charts";
import { percentOf } from "../texts/numbers";

interface Props {
  rows: { label: string; first: number; second: number }[];
  first: string;
  second: string;
  xName: string;
}

export default function Bars({ rows, first, second, xName }: Props) {
  return (
    <BarChart
      h={240}
      data={rows}
      dataKey="label"
      series={[
        { name: "first", label: first, color: "teal.6" },
        { name: "second", label: second, color: "orange.6" },
      ]}
      xAxisLabel={xName}
      valueFormatter={(value) => percentOf(value)}
      withLegend
      withTooltip={false}
    />
  );
}
