import { Page } from "../../parts/Page";
import { AtRiskCard } from "./AtRiskCard";
import { HistoryCard } from "./HistoryCard";

/** The page “Liquidations”: what can be liquidated now, and what was. */
export function Component() {
  return (
    <Page
      title="Liquidations"
      lead="When an account's equity no longer covers its maintenance margin, anyone may repay a part of its debt and receive a deposit worth more. The difference is the bonus."
    >
      <AtRiskCard />
      <HistoryCard />
    </Page>
  );
}
