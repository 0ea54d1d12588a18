import { createHashRouter, type RouteObject, redirect } from "react-router";
import { Layout } from "./layout/Layout";
import { Lost } from "./layout/Lost";
import { Wrong } from "./layout/Wrong";

/** Each page is fetched when it is gone to: the first load has only its own. */
const pages: RouteObject[] = [
  // The redirect leaves nothing to draw; without an element the router would complain of that.
  { index: true, loader: () => redirect("/account"), element: null },
  { path: "account", lazy: () => import("./pages/account") },
  { path: "account/:owner/:id", lazy: () => import("./pages/account") },
  { path: "rebalance", lazy: () => import("./pages/rebalance") },
  { path: "what-if", lazy: () => import("./pages/what-if") },
  { path: "markets", lazy: () => import("./pages/markets") },
  { path: "markets/:asset", lazy: () => import("./pages/markets/detail") },
  { path: "liquidations", lazy: () => import("./pages/liquidations") },
  { path: "status", lazy: () => import("./pages/status") },
  { path: "*", element: <Lost /> },
];

/** Addresses are behind `#`, so that any server of files will do. */
export const router = createHashRouter([
  {
    element: <Layout />,
    HydrateFallback: () => null,
    children: [{ errorElement: <Wrong />, children: pages }],
  },
]);
