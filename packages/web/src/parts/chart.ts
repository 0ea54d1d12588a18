/** How all charts look, in both themes. */

/** An axis, its ticks and its name. */
export const axis = {
  stroke: "var(--border-control)",
  tickLine: false,
  tick: { fill: "var(--text-quiet)", fontSize: 12 },
} as const;

/** Lines behind what is drawn. */
export const grid = { stroke: "var(--chart-grid)", strokeDasharray: "2 4" } as const;

/** The name of an axis, along it. */
export function axisName(value: string, side: "below" | "left") {
  const fill = "var(--text-quiet)";
  return side === "below"
    ? ({ value, position: "insideBottom", offset: -12, fill, fontSize: 12 } as const)
    : ({
        value,
        angle: -90,
        position: "insideLeft",
        fill,
        fontSize: 12,
        style: { textAnchor: "middle" },
      } as const);
}

/** Room for the names of the axes. */
export const margin = { top: 8, right: 12, bottom: 18, left: 4 } as const;

/** A course: straight from point to point, as what is between is not known. */
export const line = {
  type: "linear",
  strokeWidth: 2,
  dot: false,
  isAnimationActive: false,
} as const;

/** What the courses are called, above them. */
export const legend = { verticalAlign: "top", height: 28 } as const;
