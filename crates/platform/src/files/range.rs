//! The `Range` header, for one range of bytes (RFC 9110, section 14).

use object_store::GetRange;

/// What a request wants of an object of `size` bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// No range, or one we do not serve; the answer is the whole object.
    Whole,
    Part(GetRange),
    /// The range lies outside of the object.
    Unsatisfiable,
}

pub(super) fn parse(header: Option<&str>, size: u64) -> Wanted {
    let Some(spec) = header.and_then(|text| text.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Wanted::Whole;
    };
    match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(first), _) if first >= size => Wanted::Unsatisfiable,
        (Ok(first), "") => Wanted::Part(GetRange::Bounded(first..size)),
        (Ok(first), last) => match last.parse::<u64>() {
            Ok(last) if last >= first => {
                Wanted::Part(GetRange::Bounded(first..last.saturating_add(1).min(size)))
            }
            _ => Wanted::Whole,
        },
        (Err(_), last) if first.trim().is_empty() => match last.parse::<u64>() {
            Ok(0) => Wanted::Unsatisfiable,
            Ok(_) if size == 0 => Wanted::Unsatisfiable,
            Ok(count) => Wanted::Part(GetRange::Bounded(size.saturating_sub(count)..size)),
            Err(_) => Wanted::Whole,
        },
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served_and_anything_else_is_the_whole() {
        let part = |range| Wanted::Part(GetRange::Bounded(range));
        for (header, wanted) in [
            (None, Wanted::Whole),
            (Some("bytes=0-9"), part(0..10)),
            (Some("bytes=90-"), part(90..100)),
            (Some("bytes=-10"), part(90..100)),
            (Some("bytes=-1000"), part(0..100)),
            (Some("bytes=95-1000"), part(95..100)),
            (Some("bytes=100-"), Wanted::Unsatisfiable),
            (Some("bytes=-0"), Wanted::Unsatisfiable),
            (Some("bytes=9-3"), Wanted::Whole),
            (Some("bytes=0-1,5-6"), Wanted::Whole),
            (Some("lines=0-1"), Wanted::Whole),
            (Some("bytes=x-y"), Wanted::Whole),
            (Some("bytes=0-18446744073709551615"), part(0..100)),
        ] {
            assert_eq!(parse(header, 100), wanted, "{header:?}");
        }
        assert_eq!(parse(Some("bytes=-5"), 0), Wanted::Unsatisfiable);
    }
}
