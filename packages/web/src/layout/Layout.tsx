import { Outlet, ScrollRestoration, useNavigation } from "react-router";
import { cx } from "../parts/cx";
import { ConnectionBanner } from "./ConnectionBanner";
import styles from "./Layout.module.css";
import { Mark } from "./Mark";
import { Navigation } from "./Navigation";
import { ThemeSwitch } from "./ThemeSwitch";
import { WalletMenu } from "./WalletMenu";

/** What every page has around it. */
export function Layout() {
  const loading = useNavigation().state === "loading";
  return (
    <div className={styles.layout}>
      {/* biome-ignore lint/a11y/useValidAnchor: it goes to a place of this page, as links do. */}
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          // The part behind # is the page's own address.
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        Skip to the content
      </a>
      <header className={styles.header}>
        <Mark />
        <div className={styles.tools}>
          <ThemeSwitch />
          <WalletMenu />
        </div>
      </header>
      <Navigation />
      <div className={styles.content}>
        <ConnectionBanner />
        <main id="main" tabIndex={-1} className={cx(loading && styles.loading)} aria-busy={loading}>
          <Outlet />
        </main>
      </div>
      <ScrollRestoration />
    </div>
  );
}
