import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import {
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame } from "../../parts/ChartFrame";
import { ChartTooltip } from "../../parts/ChartTooltip";
import { axis, axisName, grid, legend, line, margin } from "../../parts/chart";
import { percentText } from "../../words/format";
import { rateCurve } from "./rates";

const percent = (value: number) => percentText(value.toFixed(8));
const whole = (value: number) => percentText(value.toFixed(8), 0);

/** How the rates depend on utilisation, and where the market stands. */
export function RateChart(props: { market: MarketResponse; symbol: string }) {
  const { market, symbol } = props;
  const curve = rateCurve(market.interest, market.reserve_factor);
  const now = Number(market.utilisation);
  const { optimal } = market.interest.kinked;
  const tenths = curve.filter(({ utilisation }) => isTenth(utilisation, Number(optimal)));
  return (
    <ChartFrame
      caption={`Rates of ${symbol} per year over utilisation. Now ${percentText(market.utilisation)} is used: borrowers pay ${percentText(market.borrow_rate, 2)}, suppliers get ${percentText(market.supply_rate, 2)}. Beyond ${percentText(optimal, 0)} both rise steeply.`}
      columns={[
        { header: "Utilisation", number: true, cell: (row) => percent(row.utilisation) },
        { header: "Borrow rate", number: true, cell: (row) => percent(row.borrow) },
        { header: "Supply rate", number: true, cell: (row) => percent(row.supply) },
      ]}
      rows={tenths}
      rowKey={(row) => String(row.utilisation)}
      height={280}
    >
      <ResponsiveContainer>
        <LineChart data={curve} margin={margin} accessibilityLayer={false}>
          <CartesianGrid {...grid} />
          <XAxis
            {...axis}
            dataKey="utilisation"
            type="number"
            domain={[0, 1]}
            ticks={[0, 0.2, 0.4, 0.6, 0.8, 1]}
            tickFormatter={whole}
            label={axisName("Utilisation", "below")}
          />
          <YAxis
            {...axis}
            width={68}
            tickFormatter={whole}
            label={axisName("Rate per year", "left")}
          />
          <Tooltip
            content={
              <ChartTooltip title={(at) => `At ${percent(at)} utilisation`} format={percent} />
            }
          />
          <Legend {...legend} iconType="plainline" />
          <ReferenceLine x={now} stroke="var(--text-quiet)" strokeDasharray="4 3" />
          <Line {...line} name="Borrowers pay" dataKey="borrow" stroke="var(--chart-1)" />
          <Line
            {...line}
            name="Suppliers get"
            dataKey="supply"
            stroke="var(--chart-3)"
            strokeDasharray="6 3"
          />
          <ReferenceDot
            x={now}
            y={Number(market.borrow_rate)}
            r={5}
            fill="var(--chart-1)"
            stroke="var(--surface)"
          />
          <ReferenceDot
            x={now}
            y={Number(market.supply_rate)}
            r={5}
            fill="var(--chart-3)"
            stroke="var(--surface)"
          />
        </LineChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

function isTenth(utilisation: number, optimal: number): boolean {
  return (
    utilisation === optimal || Math.abs(utilisation * 10 - Math.round(utilisation * 10)) < 1e-9
  );
}
