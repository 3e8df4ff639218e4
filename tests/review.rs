//! The reviewer's day: waivers, configuration, comparison, disclosure lists, what a shell and a pipeline need.

mod support;

#[path = "review/waivers.rs"]
mod waivers;
