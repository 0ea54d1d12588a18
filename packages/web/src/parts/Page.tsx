import { type ReactNode, useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import styles from "./Page.module.css";

/** A page: its title in the browser and at the top, which is where a reader goes on from. */
export function Page(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const arrived = useNavigationType() === "PUSH";
  const { title } = props;
  // A page that was gone to begins at its title; one that was loaded, where the browser begins.
  useEffect(() => {
    if (arrived && title !== "") heading.current?.focus();
  }, [arrived, title]);
  return (
    <>
      <title>{`${title} · Bulwark`}</title>
      <header className={styles.head}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {props.lead !== undefined && <p className={styles.lead}>{props.lead}</p>}
        </div>
        {props.actions}
      </header>
      <div className={styles.body}>{props.children}</div>
    </>
  );
}
