//! A Bulwark world over cw-multi-test: builder, named actors, invariants.
