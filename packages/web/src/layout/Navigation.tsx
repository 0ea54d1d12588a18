import { NavLink, useLocation } from "react-router";
import { accountSearch, useChosenAccount } from "../data/chosen";
import { Icon, type IconName } from "../parts/Icon";
import styles from "./Navigation.module.css";

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
  /** About an account: the one that is looked at stays chosen. */
  readonly account?: true;
}

const places: readonly Place[] = [
  { path: "/account", label: "Account", icon: "account", account: true },
  { path: "/rebalance", label: "Rebalance", icon: "rebalance", account: true },
  { path: "/what-if", label: "What if", icon: "whatIf", account: true },
  { path: "/markets", label: "Markets", icon: "markets" },
  { path: "/liquidations", label: "Liquidations", icon: "liquidations" },
  { path: "/status", label: "Status", icon: "status" },
];

/** Beside the page on a wide screen, below it on a phone. */
export function Navigation() {
  const { account } = useChosenAccount();
  const { pathname } = useLocation();
  return (
    <nav className={styles.navigation} aria-label="Pages">
      <ul>
        {places.map((place) => (
          <li key={place.path}>
            <NavLink
              to={{
                pathname: place.path,
                search:
                  place.account === true && account !== undefined && named(pathname)
                    ? accountSearch(account)
                    : "",
              }}
              className={styles.link ?? ""}
            >
              <Icon name={place.icon} />
              {place.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Whether the present page is about an account. */
function named(pathname: string): boolean {
  return places.some((place) => place.account === true && pathname.startsWith(place.path));
}
