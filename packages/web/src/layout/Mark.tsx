import { Link } from "react-router";
import { useNetwork } from "../data/connection";
import styles from "./Mark.module.css";

/** The name, and which chain this is. */
export function Mark() {
  const { chainId } = useNetwork();
  return (
    <div className={styles.mark}>
      <Link to="/account" className={styles.name}>
        <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
          <rect width="32" height="32" rx="7" fill="var(--accent)" />
          <path d="M7 8h4v3h3V8h4v3h3V8h4v9c0 4.2-4 7-9 9-5-2-9-4.8-9-9z" fill="var(--on-accent)" />
        </svg>
        Bulwark
      </Link>
      <span className={styles.chain}>{chainId}</span>
    </div>
  );
}
