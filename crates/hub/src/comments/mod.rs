//! Comments on posts, one level deep: a comment answers the post or a comment that answers the post.
//!
//! What surprises people: a comment that is gone stays in the list, without its text and author, as long as answers to
//! it can be read.

pub mod model;
pub mod notices;
pub mod routes;
pub mod service;
pub mod sql;
