import { Page } from "../../parts/Page";

/** The page “What if”. */
export function Component() {
  return <Page title="What if">{null}</Page>;
}
