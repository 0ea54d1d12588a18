import { useParams } from "react-router";
import { useAssets } from "../../data/assets";
import { Page } from "../../parts/Page";

/** One market. */
export function Component() {
  const asset = useParams().asset ?? "";
  return <Page title={`${useAssets().symbol(asset)} market`}>{null}</Page>;
}
