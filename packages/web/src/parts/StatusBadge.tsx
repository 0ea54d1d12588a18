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

const prices: Record<PriceStatus, readonly [Tone, string]> = {
  ok: ["healthy", "In force"],
  pending: ["caution", "Jump waits for confirmation"],
  wide: ["caution", "Uncertain"],
  halted: ["danger", "Halted"],
};

/** A price's status; a stale one says so first. */
export function PriceBadge(props: { status: PriceStatus; stale: boolean }) {
  if (props.stale && props.status !== "halted") return <Badge tone="danger">Out of date</Badge>;
  const [tone, words] = prices[props.status];
  return <Badge tone={tone}>{words}</Badge>;
}
