/** Lines of a 24 by 24 drawing each. */
const paths = {
  account: "M4 20v-1a6 6 0 0 1 6-6h4a6 6 0 0 1 6 6v1M12 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  rebalance: "M4 8h14l-4-4M20 16H6l4 4",
  whatIf: "M5 21v-6M5 11V3M12 21v-9M12 8V3M19 21v-4M19 13V3M2.5 13h5M9.5 10h5M16.5 15h5",
  markets: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  liquidations: "M12 3c4 5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2-6 6-11z",
  status: "M3 12h4l3-8 4 16 3-8h4",
  check: "M4 12.5l5 5L20 6.5",
  caution: "M12 4v10M12 18.5v1.5",
  danger: "M6 6l12 12M18 6L6 18",
  dot: "M12 11v2M12 11v2",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  system: "M3 5h18v11H3zM8 20h8M12 16v4",
  close: "M6 6l12 12M18 6L6 18",
  wallet:
    "M3 7h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h12v3M16.5 13.5h.01",
  arrow: "M5 12h14M13 6l6 6-6 6",
  chevron: "M6 9l6 6 6-6",
  help: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  copy: "M8 8h12v12H8zM4 16V4h12",
  plus: "M12 5v14M5 12h14",
} as const;

/** Drawings that the page has. */
export type IconName = keyof typeof paths;

/** A drawing beside a word that says the same. */
export function Icon(props: { name: IconName; size?: number }) {
  const size = props.size ?? 20;
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[props.name]} />
    </svg>
  );
}
