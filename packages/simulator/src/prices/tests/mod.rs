mod csv;
mod generate;
mod real_files;
mod symbols;
mod timestamp;
