//! The tools as programs.

mod call;
mod new_lesson;
mod served;
mod tap;
