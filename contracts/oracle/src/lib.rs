//! The oracle contract: guarded prices and volatilities, one feed per asset.
