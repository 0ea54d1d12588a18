import type { Sending as State } from "../data/send";
import { sendingWords } from "../data/send";
import { countText } from "../words/format";
import { Notice } from "./Notice";
import { Refusal } from "./Refusal";

/** Where a transaction is, for everybody: in words, and said when it changes. */
export function Sending(props: { sending: State }) {
  const { sending } = props;
  switch (sending.step) {
    case "idle":
      return null;
    case "failed":
      return <Refusal of={sending.error} />;
    case "done":
      return (
        <Notice tone="healthy" title="Done" live>
          In block {countText(sending.receipt.height)}, transaction{" "}
          <code>{sending.receipt.hash}</code>
          {sending.receipt.unreadable !== undefined &&
            ". The node tells of it in a form that this page cannot read whole: look at the account."}
        </Notice>
      );
    default:
      return <Notice tone="neutral" title={sendingWords[sending.step]} live />;
  }
}
