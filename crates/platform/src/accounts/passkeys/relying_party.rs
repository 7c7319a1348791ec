//! Who we are to devices: the host name of the public URL, and the origin our pages come from.

use url::{Host, Url};
use vitrine_kernel::{Error, ErrorCode};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::Ctx;

/// What devices show.
const NAME: &str = "Vitrine";

/// The library, set up for the public URL. Addresses of numbers cannot have passkeys; a loopback one counts as
/// `localhost`, on any port.
pub fn relying_party(ctx: &Ctx) -> Result<Webauthn, Error> {
    of(&ctx.settings.public_url)
}

fn of(public_url: &str) -> Result<Webauthn, Error> {
    let wrong = || Error::internal("the public URL is no origin for passkeys");
    let mut origin = Url::parse(public_url).map_err(|error| wrong().with_source(error))?;
    let is_loopback = match origin.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(wrong()),
    };
    if is_loopback {
        origin
            .set_host(Some("localhost"))
            .map_err(|error| wrong().with_source(error))?;
    }
    let Some(name) = origin.domain().map(str::to_owned) else {
        return Err(Error::new(
            ErrorCode::NotConfigured,
            "Passkeys need a host name, and this server is reached by an address of numbers.",
        ));
    };
    WebauthnBuilder::new(&name, &origin)
        .and_then(|builder| builder.rp_name(NAME).allow_any_port(is_loopback).build())
        .map_err(|error| wrong().with_source(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(url: &str) -> Vec<String> {
        let party = of(url).expect("it can have passkeys");
        party.get_allowed_origins().iter().map(Url::to_string).collect()
    }

    #[test]
    fn the_public_url_gives_the_origin() {
        assert_eq!(origins("https://vitrine.example"), ["https://vitrine.example/"]);
        assert_eq!(origins("http://127.0.0.1:8080"), ["http://localhost:8080/"]);
        assert_eq!(origins("http://[::1]:8080"), ["http://localhost:8080/"]);
        let error = of("http://192.168.1.5:8080").expect_err("numbers have no passkeys");
        assert_eq!(error.code(), ErrorCode::NotConfigured);
    }
}
