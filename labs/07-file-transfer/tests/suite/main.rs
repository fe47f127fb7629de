//! The suite of lab 07. Each module is a step, and each test is a promise of the README.

mod fetch;
mod hostile;
mod shelf;
mod step1_requests;
mod step2_download;
mod step3_get;
mod step4_upload;
mod step5_resume;
mod step6_many;
mod step7_deadlines;
