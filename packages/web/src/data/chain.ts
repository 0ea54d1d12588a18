// What of the client speaks with chains and wallets: most of what the page loads. It is fetched
// beside the configuration, and the page is drawn meanwhile.

export { connect, keplrSigner, localSigner } from "@bulwark/client";
