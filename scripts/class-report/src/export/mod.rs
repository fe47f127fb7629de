//! Grades in the formats of other systems.
//!
//! | module | format |
//! | --- | --- |
//! | [`grades`] | a table with all labs |
//! | [`sheet`], [`canvas`], [`moodle`] | the sheets that the course's system exports, filled in |
//! | [`gradescope`] | `results.json` for each student |
//! | [`classroom50`] | `result.json` for each student |
//! | [`junit`] | JUnit XML, a suite for each student |
//! | [`jsonl`] | a line of JSON for each student and lab |

pub mod canvas;
pub mod cell;
pub mod classroom50;
pub mod grades;
pub mod gradescope;
pub mod jsonl;
pub mod junit;
pub mod moodle;
mod row_grades;
pub mod sheet;
