//! Markdown of tickets and posts, as HTML that is safe to show.
//!
//! The source is what is stored; HTML is made when it is read, so that a stricter rule also holds for old text. What
//! surprises people: pictures are not shown, because fetching one tells its owner who reads when.

use ammonia::Builder;
use pulldown_cmark::{Options, Parser, html};

/// HTML of a text: paragraphs, lists, code, tables, links. Scripts, styles, frames, forms and pictures are gone.
pub fn render(source: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut raw = String::with_capacity(source.len() * 3 / 2);
    html::push_html(&mut raw, Parser::new_ext(source, options));
    Builder::default()
        .rm_tags(["img", "map", "area"])
        .rm_generic_attributes(["title"])
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer ugc"))
        .clean(&raw)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_html() {
        assert_eq!(
            render("**Hello**\n\n- one\n- ~~two~~\n\n[here](https://example.com/a)").trim(),
            "<p><strong>Hello</strong></p>\n<ul>\n<li>one</li>\n<li><del>two</del></li>\n</ul>\n<p><a \
             href=\"https://example.com/a\" rel=\"nofollow noopener noreferrer ugc\">here</a></p>"
        );
    }

    #[test]
    fn nothing_that_runs_loads_or_pretends_comes_through() {
        for source in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![tracker](https://example.com/pixel.gif)",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<iframe src=\"https://example.com\"></iframe>",
            "<style>body{display:none}</style>",
            "<p style=\"position:fixed\" onclick=\"alert(1)\">x</p>",
            "<form action=\"https://example.com\"><input name=password></form>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<object data=\"x\"></object><embed src=\"x\"><base href=\"//evil\"><meta http-equiv=refresh>",
        ] {
            let shown = render(source).to_lowercase();
            for bad in [
                "<script",
                "<img",
                "<iframe",
                "<style",
                "<form",
                "<input",
                "<svg",
                "<math",
                "<object",
                "<embed",
                "<base",
                "<meta",
                "style=",
                "onerror=",
                "onclick=",
                "javascript:",
                "data:",
            ] {
                assert!(!shown.contains(bad), "{source:?} became {shown:?}");
            }
        }
    }

    #[test]
    fn text_that_looks_like_html_in_code_is_shown_as_text() {
        assert_eq!(render("`<b>`").trim(), "<p><code>&lt;b&gt;</code></p>");
    }
}
