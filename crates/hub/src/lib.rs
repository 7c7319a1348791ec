//! The product area of customers and community: support, posts, the public status page. It has no slice yet.
