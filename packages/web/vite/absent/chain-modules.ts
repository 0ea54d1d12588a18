/**
 * Stands in for the types of messages and queries that CosmJS knows and this page never sends or
 * asks: governance, groups, IBC and the like. Half of all types are theirs, and every visitor would
 * load them. CosmJS only lists them when it is loaded; one that was used would be unregistered.
 */
export {};
