import {
  Area,
  CartesianGrid,
  ComposedChart,
  Legend,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame } from "../../parts/ChartFrame";
import { ChartTooltip } from "../../parts/ChartTooltip";
import { axis, axisName, grid, legend, line, margin } from "../../parts/chart";
import { NOTHING, priceText, timeText } from "../../words/format";
import { timeAxis } from "./timeAxis";

/** A price at a time, in USD. */
export interface PricePoint {
  readonly time: number;
  readonly mid: number;
  readonly band: readonly [number, number];
  /** Not told by events. */
  readonly ema?: number | undefined;
}

const usd = (value: number) => priceText(value.toPrecision(12).replace(/e.*$/, ""));

/** The price in force through time, with what opening positions values at. */
export function PriceChart(props: { points: readonly PricePoint[]; symbol: string }) {
  const rows = props.points;
  return (
    <ChartFrame
      caption={`Price of ${props.symbol} in USD: the price in force, the band from the value of deposits to that of debts when positions are opened, and the slow average that holds jumps back.`}
      columns={[
        { header: "Time", cell: (row) => timeText(row.time) },
        { header: "Low", number: true, cell: (row) => usd(row.band[0]) },
        { header: "In force", number: true, cell: (row) => usd(row.mid) },
        { header: "High", number: true, cell: (row) => usd(row.band[1]) },
        {
          header: "Average",
          number: true,
          cell: (row) => (row.ema === undefined ? NOTHING : usd(row.ema)),
        },
      ]}
      rows={rows}
      rowKey={(row) => String(row.time)}
      height={280}
    >
      <ResponsiveContainer>
        <ComposedChart data={rows} margin={margin} accessibilityLayer={false}>
          <CartesianGrid {...grid} />
          <XAxis {...axis} {...timeAxis(rows)} label={axisName("Time", "below")} />
          <YAxis
            {...axis}
            width={86}
            domain={["auto", "auto"]}
            tickFormatter={usd}
            label={axisName("USD", "left")}
          />
          <Tooltip content={<ChartTooltip title={timeText} format={usd} />} />
          <Legend {...legend} />
          <Area
            name="Low to high"
            dataKey="band"
            type="linear"
            stroke="none"
            fill="var(--chart-1)"
            fillOpacity={0.18}
            legendType="rect"
            isAnimationActive={false}
          />
          <Line
            {...line}
            name="In force"
            dataKey="mid"
            stroke="var(--chart-1)"
            legendType="plainline"
          />
          <Line
            {...line}
            name="Average"
            dataKey="ema"
            stroke="var(--chart-2)"
            strokeDasharray="6 3"
            legendType="plainline"
          />
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}
