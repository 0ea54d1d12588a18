import { createContext, useContext } from "react";
import { AssetBook } from "../words/assets";

/** Names of assets, provided once by the connection. */
export const AssetsContext = createContext(new AssetBook());

/** How assets are called and counted. */
export function useAssets(): AssetBook {
  return useContext(AssetsContext);
}
