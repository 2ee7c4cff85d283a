//! Every test of the repository but those of the exercises, in one program: it is linked once, and each
//! lesson is played once for all of them.

mod book;
mod codes;
mod copied;
mod cors;
mod diagrams;
mod facts;
mod follower;
mod grade;
mod imports;
mod lab;
mod lessons;
mod many_servers;
mod packages;
mod panics;
mod plots;
mod serve;
mod sides;
mod store;
mod support;
mod tap;
mod todo;
mod words;
