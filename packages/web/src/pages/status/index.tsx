import { Page } from "../../parts/Page";

/** The page “Status”. */
export function Component() {
  return <Page title="Status">{null}</Page>;
}
