//! The suite of lab 09. Each module is a step; each test is a promise of the README. Elsewhere than
//! on Unix there is no program to judge, and no test.

#![cfg(unix)]

mod clients;
mod step1_loop;
mod step2_output;
mod step3_endings;
mod step4_fairness;
mod step5_timers;
mod step6_connecting;
mod step7_options;
mod step8_epoll;
