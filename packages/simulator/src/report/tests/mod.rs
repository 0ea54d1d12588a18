mod fixture;
mod numbers;
mod page;
mod plots;
