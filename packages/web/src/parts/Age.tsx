import { useChainTime } from "../data/block";
import { spanText, timeText } from "../words/format";

/** How long ago something was, by the chain's clock; it goes on counting. */
export function Age(props: { since: number }) {
  const now = useChainTime();
  return (
    <time dateTime={new Date(props.since * 1000).toISOString()} title={timeText(props.since)}>
      {now === undefined ? timeText(props.since) : `${spanText(now - props.since)} ago`}
    </time>
  );
}
