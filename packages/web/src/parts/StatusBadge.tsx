import type { PriceStatus, Status } from "@bulwark/client/types/BulwarkVault.types";
import { Badge, type Tone } from "./Badge";

const accounts: Record<Status, readonly [Tone, string]> = {
  healthy: ["healthy", "Healthy"],
  margin_call: ["caution", "Margin call"],
  liquidatable: ["danger", "Liquidatable"],
  insolvent: ["danger", "Insolvent"],
};

/** The words for an account's status. */
export function statusText(status: Status): string {
  return accounts[status][1];
}

/** The tone of an account's status. */
export function statusTone(status: Status): Tone {
  return accounts[status][0];
}

/** An account's status. */
export function StatusBadge(props: { status: Status }) {
  const [tone, words] = accounts[props.status];
  return <Badge tone={tone}>{words}</Badge>;
}

/** Tone, words, and what follows them where there is room. */
const prices: Record<PriceStatus, readonly [Tone, string, string?]> = {
  ok: ["healthy", "In force"],
  pending: ["caution", "Jump waits", " for confirmation"],
  wide: ["caution", "Uncertain"],
  halted: ["danger", "Halted"],
};

/**
 * A price's status; a stale one says so first. `short` is for columns that have little room: what it
 * leaves out is shown on hover and read to screen readers.
 */
export function PriceBadge(props: { status: PriceStatus; stale: boolean; short?: boolean }) {
  if (props.stale && props.status !== "halted") return <Badge tone="danger">Out of date</Badge>;
  const [tone, words, more = ""] = prices[props.status];
  if (props.short !== true || more === "") return <Badge tone={tone}>{words + more}</Badge>;
  return (
    <span title={words + more}>
      <Badge tone={tone}>
        {words}
        <span className="visually-hidden">{more}</span>
      </Badge>
    </span>
  );
}
