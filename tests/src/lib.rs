//! Whole-system tests: what their scenarios have in common.
