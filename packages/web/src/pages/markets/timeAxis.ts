import { clockText } from "../../words/format";

/** Longer spans are told by days. */
const longest = 36 * 3600;

/** A horizontal axis of block times, by the clock or by the day. */
export function timeAxis(rows: readonly { readonly time: number }[]) {
  const [first, last] = [rows[0]?.time ?? 0, rows.at(-1)?.time ?? 0];
  return {
    dataKey: "time",
    type: "number",
    domain: ["dataMin", "dataMax"],
    tickCount: 5,
    minTickGap: 40,
    tickFormatter: last - first > longest ? dayText : clockText,
  } as const;
}

function dayText(seconds: number): string {
  return new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" }).format(
    new Date(seconds * 1000),
  );
}
