import { Page } from "../../parts/Page";

/** The page “Rebalance”. */
export function Component() {
  return <Page title="Rebalance">{null}</Page>;
}
