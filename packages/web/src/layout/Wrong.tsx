import { useRouteError } from "react-router";
import { Button } from "../parts/Button";
import { Notice } from "../parts/Notice";
import { Page } from "../parts/Page";

/** A page that broke: says so instead of leaving an empty place. */
export function Wrong() {
  const error = useRouteError();
  return (
    <Page title="This page did not come up">
      <Notice
        tone="danger"
        title="Something went wrong in this page"
        live
        action={
          <Button small onClick={() => window.location.reload()}>
            Load again
          </Button>
        }
      >
        {error instanceof Error ? error.message : String(error)}
      </Notice>
    </Page>
  );
}
