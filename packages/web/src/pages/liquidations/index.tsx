import { Page } from "../../parts/Page";

/** The page “Liquidations”. */
export function Component() {
  return <Page title="Liquidations">{null}</Page>;
}
