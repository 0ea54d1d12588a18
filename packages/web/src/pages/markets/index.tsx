import { Page } from "../../parts/Page";

/** The page “Markets”. */
export function Component() {
  return <Page title="Markets">{null}</Page>;
}
