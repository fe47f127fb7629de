//! Tests of the grader: classes of submissions for lab 01, hostile ones among them.

mod archives;
mod attacks;
#[cfg(target_os = "linux")]
mod boxes;
mod class;
mod clones;
mod command_line;
mod cost;
mod exports;
mod mixed_class;
mod model_answers;
mod naive_way;
#[cfg(unix)]
mod ordinary_user;
mod other_lab;
mod other_language;
mod resume;
mod samples;
mod shard_costs;
