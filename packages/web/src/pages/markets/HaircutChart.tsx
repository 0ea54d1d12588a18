import {
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { Moment } from "../../data/course";
import { ChartFrame } from "../../parts/ChartFrame";
import { ChartTooltip } from "../../parts/ChartTooltip";
import { axis, axisName, grid, legend, line, margin } from "../../parts/chart";
import { percentText, timeText } from "../../words/format";
import type { Ahead } from "./ahead";
import { timeAxis } from "./timeAxis";

interface Row {
  readonly time: number;
  readonly inForce?: number | undefined;
  readonly opening?: number | undefined;
  readonly ahead?: number | undefined;
}

const percent = (value: number | undefined) =>
  value === undefined ? "–" : percentText(value.toFixed(8), 2);

/** The haircut through time, and where its ramps are taking it. */
export function HaircutChart(props: {
  moments: readonly Moment[];
  ahead: readonly Ahead[];
  symbol: string;
}) {
  const past = props.moments.map(
    ({ time, market }): Row => ({
      time,
      inForce: numberOf(market.haircut),
      opening: numberOf(market.newest_haircut),
    }),
  );
  const last = past.at(-1);
  const rows: Row[] = [
    ...past.slice(0, -1),
    // The two courses meet now.
    ...(last === undefined ? [] : [{ ...last, ahead: last.inForce }]),
    ...props.ahead.map(({ time, haircut }) => ({ time, ahead: haircut })),
  ];
  const isMoving = props.ahead.length > 0;
  return (
    <ChartFrame
      caption={`Haircut of ${props.symbol}: the part of its value that it is assumed to lose while an account is liquidated.${isMoving ? " It is on its way: the dotted line is its course if nothing new happens." : ""}`}
      columns={[
        { header: "Time", cell: (row) => timeText(row.time) },
        { header: "In force", number: true, cell: (row) => percent(row.inForce) },
        { header: "For opening", number: true, cell: (row) => percent(row.opening) },
        { header: "Ahead", number: true, cell: (row) => percent(row.ahead) },
      ]}
      rows={rows}
      rowKey={(row) => String(row.time)}
      height={280}
    >
      <ResponsiveContainer>
        <LineChart data={rows} margin={margin} accessibilityLayer={false}>
          <CartesianGrid {...grid} />
          <XAxis {...axis} {...timeAxis(rows)} label={axisName("Time", "below")} />
          <YAxis
            {...axis}
            width={68}
            domain={[0, (highest: number) => Math.max(0.05, Math.ceil(highest * 24) / 20)]}
            tickFormatter={(value: number) => percentText(value.toFixed(6), 0)}
            label={axisName("Haircut", "left")}
          />
          <Tooltip content={<ChartTooltip title={timeText} format={percent} />} />
          <Legend {...legend} iconType="plainline" />
          {isMoving && (
            <ReferenceLine x={last?.time ?? 0} stroke="var(--text-quiet)" strokeDasharray="4 3" />
          )}
          <Line
            {...line}
            name="For opening positions"
            dataKey="opening"
            stroke="var(--chart-2)"
            strokeDasharray="6 3"
          />
          <Line {...line} name="In force" dataKey="inForce" stroke="var(--chart-1)" />
          {isMoving && (
            <Line
              {...line}
              name="Ahead"
              dataKey="ahead"
              stroke="var(--chart-1)"
              strokeDasharray="2 4"
            />
          )}
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function numberOf(fraction: string | null | undefined): number | undefined {
  return fraction === null || fraction === undefined ? undefined : Number(fraction);
}
