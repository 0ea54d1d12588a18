import { Link } from "react-router";
import { Page } from "../parts/Page";

/** An address that leads nowhere. */
export function Lost() {
  return (
    <Page title="There is no such page">
      <p>
        Go to <Link to="/account">your account</Link> or <Link to="/markets">the markets</Link>.
      </p>
    </Page>
  );
}
