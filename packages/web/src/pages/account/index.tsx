import { Page } from "../../parts/Page";

/** The page “Account”. */
export function Component() {
  return <Page title="Account">{null}</Page>;
}
